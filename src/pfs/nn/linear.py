r"""The affine map: a matrix product and a shift."""

import math
from typing import Any

import torch
from torch import nn

from pfs import kernels
from pfs.backend import fused
from pfs.nn import checks
from pfs.shapes import Float, Tensor


def linear(
    input: Float[Tensor, "*batch input"],
    weight: Float[Tensor, "output input"],
    bias: Float[Tensor, " output"] | None = None,
) -> Float[Tensor, "*batch output"]:
    r"""Map every vector by $W$ and shift it by $b$.

    $$ y = W x + b \tag{1} $$

    A batch holds its vectors as rows, so the product reads $x W^\top$.

    Args:
        input: Vectors $x$.
        weight: The matrix $W$, one row an output.
        bias: The shift $b$, or `None` for none.

    Returns:
        The vectors $y$.

    Raises:
        ValueError: S14 if the last axis of `input` is not that of `weight` or
            `bias` has another size than $y$, S02 if they live on different
            devices.
        TypeError: S01 if their dtypes differ, A02 if one is not a tensor.

    Examples:
        >>> linear(torch.ones(2), torch.tensor([[1.0, 2.0]]), torch.ones(1))
        tensor([4.])

    Source:
        Rumelhart, Hinton & Williams (1985), equation 2, for all units at once.

    Differs:
        torch also takes a vector for `weight` and a `bias` that broadcasts.
    """
    checks.same_kind("linear", input=input, weight=weight, bias=bias)
    checks.matrix("linear", "weight", weight)
    checks.last_axis("linear", "input", input, weight.shape[1], "input")
    checks.shape("linear", "bias", bias, weight.shape[0])
    if fused():
        return kernels.linear(input, weight, bias)
    y = input @ weight.T  # (1)
    return y if bias is None else y + bias.to(y.dtype)


class Linear(nn.Module):
    r"""The affine map with its parameters.

    Args:
        in_features: Size of an input vector.
        out_features: Size of an output vector.
        bias: Whether to add $b$.
        device: Where the parameters live.
        dtype: Their floating dtype.

    Raises:
        ValueError: A01 if a size is not above 0.
        TypeError: A02 if a size is not a whole number.

    Examples:
        >>> Linear(3, 5)(torch.zeros(2, 3)).shape
        torch.Size([2, 5])

    Source:
        The twin of `torch.nn.Linear`.

    Differs:
        torch warns of a size of 0 and goes on.
    """

    def __init__(
        self,
        in_features: int,
        out_features: int,
        bias: bool = True,
        device: Any = None,
        dtype: Any = None,
    ) -> None:
        super().__init__()
        checks.positive(
            "Linear", in_features=in_features, out_features=out_features
        )
        self.in_features = in_features
        self.out_features = out_features
        kind = {"device": device, "dtype": dtype}
        self.weight = nn.Parameter(
            torch.empty(out_features, in_features, **kind)
        )
        self.bias: nn.Parameter | None
        if bias:
            self.bias = nn.Parameter(torch.empty(out_features, **kind))
        else:
            self.register_parameter("bias", None)
        self.reset_parameters()

    def reset_parameters(self) -> None:
        r"""Draw from $U(-1/\sqrt{d}, 1/\sqrt{d})$, $d$ the input size."""
        bound = 1 / math.sqrt(self.in_features)
        for parameter in self.parameters():
            nn.init.uniform_(parameter, -bound, bound)

    def extra_repr(self) -> str:
        """Return the arguments, as torch prints them."""
        return (
            f"in_features={self.in_features}, "
            f"out_features={self.out_features}, bias={self.bias is not None}"
        )

    def forward(
        self, input: Float[Tensor, "*batch input"]
    ) -> Float[Tensor, "*batch output"]:
        """Map every vector of `input`; see `linear`."""
        return linear(input, self.weight, self.bias)
