r"""Give every vector mean 0 and variance 1."""

from collections.abc import Sequence
from typing import Any

import torch
from torch import nn
from torch.autograd import Function

from pfs.errors import PfsValueError
from pfs.nn import checks
from pfs.nn.derivative import taken_once
from pfs.shapes import Float, Tensor


class _LayerNorm(Function):
    r"""Normalise the last axis.

    With $\hat x$ the normalised vector and $s = 1/\sqrt{v + \epsilon}$ the
    gradient passes the mean and the variance as well:
    $dx = s\,(dy - \overline{dy} - \hat x\,\overline{dy \odot \hat x})$.
    """

    @staticmethod
    def forward(ctx: Any, x: Tensor, eps: float) -> Tensor:
        centred = x - x.mean(-1, keepdim=True)
        scale = torch.rsqrt(centred.square().mean(-1, keepdim=True) + eps)
        normal = centred.mul_(scale)
        ctx.save_for_backward(normal, scale)
        return normal

    @staticmethod
    @taken_once
    def backward(ctx: Any, dy: Tensor) -> tuple[Tensor, None]:
        normal, scale = ctx.saved_tensors
        along = (dy * normal).mean(-1, keepdim=True)
        dx = dy - dy.mean(-1, keepdim=True)
        return dx.sub_(normal * along).mul_(scale), None


def layer_norm(
    input: Float[Tensor, "*batch"],
    normalized_shape: Sequence[int],
    weight: Float[Tensor, "*normalized"] | None = None,
    bias: Float[Tensor, "*normalized"] | None = None,
    eps: float = 1e-5,
) -> Float[Tensor, "*batch"]:
    r"""Normalise the last axes together, then scale and shift each entry.

    $$ y = g \odot \frac{x - \bar x}{\sqrt{v + \epsilon}} + b, \qquad
    v = \overline{(x - \bar x)^2} \tag{1} $$

    Args:
        input: Any tensor $x$.
        normalized_shape: The sizes of the last axes, which share $\bar x$, $v$.
        weight: The gain $g$, or `None` for 1.
        bias: The shift $b$, or `None` for 0.
        eps: $\epsilon$, added to the variance inside the root.

    Returns:
        $y$; its gradient, derived by hand, can be taken once.

    Raises:
        ValueError: S14 if the last axes are not `normalized_shape`, S02 if the
            tensors live on different devices.
        TypeError: S01 if their dtypes differ.

    Example:
        >>> layer_norm(torch.tensor([1.0, 3.0]), (2,), eps=0.0)
        tensor([-1.,  1.])

    Source:
        Ba, Kiros & Hinton (2016), equation 3.

    Differs:
        The paper writes no $\epsilon$; the variance is that of the vector
        itself (divided by its size, not by the size minus 1).
    """
    shape = tuple(normalized_shape)
    checks.same_kind("layer_norm", input=input, weight=weight, bias=bias)
    if not shape or tuple(input.shape[-len(shape) :]) != shape:
        raise PfsValueError(
            "S14",
            where="layer_norm, input",
            expected=f"last axes {shape}",
            got=f"shape {tuple(input.shape)}",
            todo="pass the sizes of the axes that are normalised together",
        )
    rows: Float[Tensor, "rows features"] = input.reshape(
        -1, torch.Size(shape).numel()
    )
    normal: Tensor = _LayerNorm.apply(rows, eps)
    y = normal.reshape(input.shape)
    y = y if weight is None else y * weight
    return y if bias is None else y + bias  # (1)


class LayerNorm(nn.Module):
    """`layer_norm` with its parameters.

    Args:
        normalized_shape: The size of the last axis, or of several last axes.
        eps: Added to the variance inside the root.
        elementwise_affine: Whether there is a gain (and a shift).
        bias: Whether there is a shift beside the gain.
        device: Where the parameters live.
        dtype: Their floating dtype.

    Raises:
        ValueError: A01 if a size is not above 0.

    Example:
        >>> LayerNorm(3)(torch.zeros(2, 3)).shape
        torch.Size([2, 3])

    Source:
        The twin of `torch.nn.LayerNorm`.

    Differs:
        nothing
    """

    def __init__(
        self,
        normalized_shape: int | Sequence[int],
        eps: float = 1e-5,
        elementwise_affine: bool = True,
        bias: bool = True,
        device: Any = None,
        dtype: Any = None,
    ) -> None:
        super().__init__()
        if isinstance(normalized_shape, int):
            normalized_shape = (normalized_shape,)
        for size in normalized_shape:
            checks.positive("LayerNorm", normalized_shape=size)
        self.normalized_shape = tuple(normalized_shape)
        self.eps = eps
        self.elementwise_affine = elementwise_affine
        kind = {"device": device, "dtype": dtype}
        self.weight: nn.Parameter | None
        self.bias: nn.Parameter | None
        for name, wanted in (("weight", True), ("bias", bias)):
            parameter = None
            if elementwise_affine and wanted:
                empty = torch.empty(self.normalized_shape, **kind)
                parameter = nn.Parameter(empty)
            self.register_parameter(name, parameter)
        self.reset_parameters()

    def reset_parameters(self) -> None:
        """Set the gain to 1 and the shift to 0."""
        if self.weight is not None:
            nn.init.ones_(self.weight)
        if self.bias is not None:
            nn.init.zeros_(self.bias)

    def extra_repr(self) -> str:
        """Return the arguments, as torch prints them."""
        return (
            f"{self.normalized_shape}, eps={self.eps}, "
            f"elementwise_affine={self.elementwise_affine}, "
            f"bias={self.bias is not None}"
        )

    def forward(
        self, input: Float[Tensor, "*batch"]
    ) -> Float[Tensor, "*batch"]:
        """Apply `layer_norm`."""
        return layer_norm(
            input, self.normalized_shape, self.weight, self.bias, self.eps
        )
