r"""Functions of one number, applied to every entry, and their layers."""

from typing import Any

import torch
from torch import nn
from torch.autograd import Function

from pfs import kernels
from pfs.backend import fused
from pfs.nn import checks
from pfs.shapes import Float, Tensor


def sigmoid(input: Float[Tensor, "*batch"]) -> Float[Tensor, "*batch"]:
    r"""Squash every entry into (0, 1).

    $$ \sigma(x) = \frac{1}{1 + e^{-x}} \tag{1} $$

    Args:
        input: Any tensor $x$.

    Returns:
        $\sigma(x)$; its derivative is $\sigma(x)(1 - \sigma(x))$.

    Raises:
        TypeError: S01 if the dtype is not floating, A02 if `input` is not a
            tensor.

    Examples:
        >>> sigmoid(torch.tensor([-1e4, 0.0, 1e4]))
        tensor([0.0000, 0.5000, 1.0000])

    Source:
        Rumelhart, Hinton & Williams (1985), the logistic activation function;
        torch's elementary function computes it.

    Differs:
        torch also takes whole numbers.
    """
    checks.same_kind("sigmoid", input=input)
    return torch.sigmoid(input)  # (1)


def tanh(input: Float[Tensor, "*batch"]) -> Float[Tensor, "*batch"]:
    r"""Squash every entry into (-1, 1).

    $$ \tanh x = \frac{e^x - e^{-x}}{e^x + e^{-x}} \tag{1} $$

    Args:
        input: Any tensor $x$.

    Returns:
        $\tanh x$; its derivative is $1 - \tanh^2 x$.

    Raises:
        TypeError: S01 if the dtype is not floating, A02 if `input` is not a
            tensor.

    Examples:
        >>> tanh(torch.tensor([-1e4, 0.0, 1e4]))
        tensor([-1.,  0.,  1.])

    Source:
        The definition; torch's elementary function computes it.

    Differs:
        torch also takes whole numbers.
    """
    checks.same_kind("tanh", input=input)
    return torch.tanh(input)  # (1)


class _Relu(Function):
    """The result is 0 or positive, so that its sign, 0 or 1, is the slope.

    `clamp` alone would have the slope 1 at 0. Every step of the gradient is
    torch's own: it can be differentiated again.
    """

    @staticmethod
    def forward(ctx: Any, x: Tensor) -> Tensor:
        y = x.clamp(min=0)
        ctx.save_for_backward(y)
        return y

    @staticmethod
    def backward(ctx: Any, dy: Tensor) -> Tensor:
        (y,) = ctx.saved_tensors
        dx: Tensor = y.sign().mul_(dy)
        return dx


def relu(input: Float[Tensor, "*batch"]) -> Float[Tensor, "*batch"]:
    r"""Keep what is positive.

    $$ \mathrm{relu}(x) = \max(x, 0) \tag{1} $$

    Args:
        input: Any tensor $x$.

    Returns:
        $\max(x, 0)$; the derivative at 0 is 0.

    Raises:
        TypeError: S01 if the dtype is not floating, A02 if `input` is not a
            tensor.

    Examples:
        >>> relu(torch.tensor([-2.0, 0.0, 3.0]))
        tensor([0., 0., 3.])

    Source:
        Nair & Hinton (2010), section 2.

    Differs:
        torch also takes whole numbers; its `inplace` is not here. An infinite
        gradient becomes nan, not 0, where the slope is 0.
    """
    checks.same_kind("relu", input=input)
    if fused():
        return kernels.relu(input)
    result: Tensor = _Relu.apply(input)  # (1)
    return result


class Sigmoid(nn.Module):
    """`sigmoid` as a layer.

    Examples:
        >>> Sigmoid()(torch.zeros(1))
        tensor([0.5000])

    Source:
        The twin of `torch.nn.Sigmoid`.

    Differs:
        nothing
    """

    def forward(
        self, input: Float[Tensor, "*batch"]
    ) -> Float[Tensor, "*batch"]:
        """Apply `sigmoid`."""
        return sigmoid(input)


class Tanh(nn.Module):
    """`tanh` as a layer.

    Examples:
        >>> Tanh()(torch.zeros(1))
        tensor([0.])

    Source:
        The twin of `torch.nn.Tanh`.

    Differs:
        nothing
    """

    def forward(
        self, input: Float[Tensor, "*batch"]
    ) -> Float[Tensor, "*batch"]:
        """Apply `tanh`."""
        return tanh(input)


class ReLU(nn.Module):
    """`relu` as a layer.

    Args:
        inplace: Kept for torch's callers; the input is never changed.

    Raises:
        ValueError: A01 if `inplace` is true.

    Examples:
        >>> ReLU()(torch.tensor([-1.0, 1.0]))
        tensor([0., 1.])

    Source:
        The twin of `torch.nn.ReLU`.

    Differs:
        There is no in-place form: nothing here changes its input.
    """

    def __init__(self, inplace: bool = False) -> None:
        super().__init__()
        if inplace:
            checks.one_of("ReLU", "inplace", str(inplace), ("False",))

    def forward(
        self, input: Float[Tensor, "*batch"]
    ) -> Float[Tensor, "*batch"]:
        """Apply `relu`."""
        return relu(input)
