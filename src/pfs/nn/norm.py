r"""Give every vector mean 0 and variance 1."""

from collections.abc import Sequence
from typing import Any

import torch
from torch import nn
from torch.autograd import Function

from pfs import kernels
from pfs.backend import fused
from pfs.errors import PfsTypeError, PfsValueError
from pfs.nn import checks
from pfs.nn.derivative import taken_once
from pfs.nn.precision import wide
from pfs.shapes import Float, Tensor


class _LayerNorm(Function):
    r"""Normalize the last axis, scale and shift.

    $x$ acts on its own place, on the mean and on the variance. With $\hat x$
    the normalized vector and $s = 1/\sqrt{v + \epsilon}$,
    $\partial \hat x_j / \partial x_i
    = s\,([i = j] - 1/n - \hat x_i \hat x_j / n)$; summed over $j$ against the
    slope $d = g \odot dy$ of $\hat x$,
    $dx = s\,(d - \overline{d} - \hat x\,\overline{d \odot \hat x})$.
    """

    @staticmethod
    def forward(
        ctx: Any,
        x: Tensor,
        weight: Tensor | None,
        bias: Tensor | None,
        eps: float,
    ) -> Tensor:
        normal = x - x.mean(-1, keepdim=True)
        length = torch.linalg.vector_norm(normal, dim=-1, keepdim=True)
        scale = torch.rsqrt(length.square() / x.shape[-1] + eps)
        normal.mul_(scale)
        ctx.save_for_backward(normal, scale, weight)
        if weight is None:
            return normal if bias is None else normal + bias
        if bias is None:
            return normal * weight
        return torch.addcmul(bias, normal, weight)

    @staticmethod
    @taken_once
    def backward(ctx: Any, dy: Tensor) -> tuple[Tensor | None, ...]:
        normal, scale, weight = ctx.saved_tensors
        _, scaled, shifted, _ = ctx.needs_input_grad
        gain = 1 if weight is None else weight
        product = dy * normal
        d_weight = product.sum(0) if scaled else None
        d_bias = dy.sum(0) if shifted else None
        along = product.mul_(gain).mean(-1, keepdim=True)
        dx = torch.mul(dy, gain, out=product)  # in its place: it is used up
        dx.sub_(dx.mean(-1, keepdim=True))
        dx.addcmul_(normal, along, value=-1).mul_(scale)
        return dx, d_weight, d_bias, None


def layer_norm(
    input: Float[Tensor, "*batch"],
    normalized_shape: Sequence[int],
    weight: Float[Tensor, "*normalized"] | None = None,
    bias: Float[Tensor, "*normalized"] | None = None,
    eps: float = 1e-5,
) -> Float[Tensor, "*batch"]:
    r"""Normalize the last axes together, then scale and shift each entry.

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
        ValueError: S14 if the last axes, `weight` or `bias` are not of
            `normalized_shape`, S02 if they live on different devices.
        TypeError: S01 if their dtypes differ, A02 if one is not a tensor or
            `normalized_shape` is not a tuple.

    Examples:
        >>> layer_norm(torch.tensor([1.0, 3.0]), (2,))
        tensor([-1.0000,  1.0000])

    Source:
        Ba, Kiros & Hinton (2016), equation 3.

    Differs:
        The paper writes no $\epsilon$; the variance is that of the vector
        itself (divided by its size, not by the size minus 1).
    """
    if not isinstance(normalized_shape, Sequence):
        raise PfsTypeError(
            "A02",
            where="layer_norm, normalized_shape",
            expected="the sizes of the last axes, as a tuple",
            got=repr(normalized_shape),
            todo="for one axis write (size,)",
        )
    shape = tuple(normalized_shape)
    checks.same_kind("layer_norm", input=input, weight=weight, bias=bias)
    if not shape or tuple(input.shape[-len(shape) :]) != shape:
        raise PfsValueError(
            "S14",
            where="layer_norm, input",
            expected=f"last axes {shape}",
            got=f"shape {tuple(input.shape)}",
            todo="pass the sizes of the axes that are normalized together",
        )
    checks.shape("layer_norm", "weight", weight, *shape)
    checks.shape("layer_norm", "bias", bias, *shape)
    x, kind = wide(input)
    g, b = (None if t is None else wide(t)[0].flatten() for t in (weight, bias))
    rows: Float[Tensor, "rows features"] = x.reshape(
        -1, torch.Size(shape).numel()
    )
    if fused():
        y = kernels.layer_norm(rows, g, b, eps)
    else:
        y = _LayerNorm.apply(rows, g, b, eps)  # (1)
    return y.reshape(input.shape).to(kind)


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
        TypeError: A02 if a size is not a whole number.

    Examples:
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
        if not isinstance(normalized_shape, Sequence):
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
