r"""From numbers to probabilities."""

from typing import Any

import torch
from torch import nn
from torch.autograd import Function

from pfs import kernels
from pfs.backend import fused
from pfs.nn import checks
from pfs.nn.derivative import taken_once
from pfs.nn.precision import wide
from pfs.shapes import Float, Tensor


class _Softmax(Function):
    r"""The result is $p$; $dy$ and $dx$ are the slopes of a later loss.

    Entry $x_i$ stands above in $p_i$ and below in every $p_j$, so
    $\partial p_j / \partial x_i = p_j ([i = j] - p_i)$; summed over $j$,
    $dx_i = \sum_j dy_j\, p_j ([i = j] - p_i) = p_i (dy_i - \sum_j dy_j p_j)$.
    """

    @staticmethod
    def forward(ctx: Any, x: Tensor, dim: int) -> Tensor:
        p = (x - x.amax(dim, keepdim=True)).exp_()
        p.div_(p.sum(dim, keepdim=True))
        ctx.save_for_backward(p)
        ctx.dim = dim
        return p

    @staticmethod
    @taken_once
    def backward(ctx: Any, dy: Tensor) -> tuple[Tensor, None]:
        (p,) = ctx.saved_tensors
        dx = dy * p
        total = dx.sum(ctx.dim, keepdim=True)
        return dx.addcmul_(p, total, value=-1), None


class _LogSoftmax(Function):
    r"""The result is $y = \log p$.

    $\partial y_j / \partial x_i = [i = j] - p_i$ with $p = e^y$; summed over
    $j$, $dx_i = \sum_j dy_j ([i = j] - p_i) = dy_i - p_i \sum_j dy_j$.
    """

    @staticmethod
    def forward(ctx: Any, x: Tensor, dim: int) -> Tensor:
        y = x - x.amax(dim, keepdim=True)
        y.sub_(y.exp().sum(dim, keepdim=True).log_())
        ctx.save_for_backward(y)
        ctx.dim = dim
        return y

    @staticmethod
    @taken_once
    def backward(ctx: Any, dy: Tensor) -> tuple[Tensor, None]:
        (y,) = ctx.saved_tensors
        p, total = y.exp(), dy.sum(ctx.dim, keepdim=True)
        return torch.addcmul(dy, p, total, value=-1, out=p), None


def softmax(
    input: Float[Tensor, "*batch"], dim: int = -1
) -> Float[Tensor, "*batch"]:
    r"""Turn the entries along one axis into probabilities.

    $$ p_i = \frac{e^{x_i - m}}{\sum_j e^{x_j - m}}, \qquad m = \max_j x_j
    \tag{1} $$

    The largest entry is subtracted first, so nothing overflows; the fraction is
    the same. The gradient is derived by hand,
    $\partial L/\partial x_i = p_i(g_i - \sum_j g_j p_j)$ with
    $g = \partial L/\partial p$, and can be taken once.

    Args:
        input: Any real numbers $x$ (logits).
        dim: The axis that sums to 1 afterwards.

    Returns:
        The probabilities $p$.

    Raises:
        ValueError: A01 if `input` has no axis `dim`.
        TypeError: S01 if the dtype is not floating, A02 if `input` is not a
            tensor or `dim` not a whole number.

    Examples:
        >>> softmax(torch.tensor([1e4, 1e4]))
        tensor([0.5000, 0.5000])

    Source:
        Bridle (1990), "Probabilistic interpretation of feedforward
        classification network outputs", for the name and the use.

    Differs:
        `torch.nn.functional.softmax` guesses `dim` if it is not given, and
        warns; its `dtype` is not here: convert the input.
    """
    checks.same_kind("softmax", input=input)
    checks.axis("softmax", input, dim)
    if input.numel() == 0:
        return input.clone()
    input, kind = wide(input)
    if fused():
        return kernels.softmax(input, dim).to(kind)
    result: Tensor = _Softmax.apply(input, dim)  # (1)
    return result.to(kind)


def log_softmax(
    input: Float[Tensor, "*batch"], dim: int = -1
) -> Float[Tensor, "*batch"]:
    r"""Return the logarithm of `softmax`, without taking it of a small number.

    $$ \log p_i = (x_i - m) - \log \sum_j e^{x_j - m} \tag{1} $$

    Args:
        input: Any real numbers $x$ (logits).
        dim: The axis whose probabilities sum to 1.

    Returns:
        $\log p$; its gradient $g_i - p_i \sum_j g_j$ can be taken once.

    Raises:
        ValueError: A01 if `input` has no axis `dim`.
        TypeError: S01 if the dtype is not floating, A02 if `input` is not a
            tensor or `dim` not a whole number.

    Examples:
        >>> log_softmax(torch.tensor([0.0, -1e4]))
        tensor([     0., -10000.])

    Source:
        The logarithm of `softmax`, equation (1) there.

    Differs:
        `torch.nn.functional.log_softmax` guesses `dim` if it is not given, and
        warns; its `dtype` is not here: convert the input.
    """
    checks.same_kind("log_softmax", input=input)
    checks.axis("log_softmax", input, dim)
    if input.numel() == 0:
        return input.clone()
    input, kind = wide(input)
    if fused():
        return kernels.log_softmax(input, dim).to(kind)
    result: Tensor = _LogSoftmax.apply(input, dim)  # (1)
    return result.to(kind)


class Softmax(nn.Module):
    """`softmax` as a layer.

    Args:
        dim: The axis that sums to 1 afterwards; the last one if `None`.

    Examples:
        >>> Softmax(dim=-1)(torch.zeros(2))
        tensor([0.5000, 0.5000])

    Source:
        The twin of `torch.nn.Softmax`.

    Differs:
        Without `dim` torch guesses the axis by an old rule and warns; here it
        is the last one.
    """

    def __init__(self, dim: int | None = None) -> None:
        super().__init__()
        self.dim = dim

    def extra_repr(self) -> str:
        """Return the arguments, as torch prints them."""
        return f"dim={self.dim}"

    def forward(
        self, input: Float[Tensor, "*batch"]
    ) -> Float[Tensor, "*batch"]:
        """Apply `softmax`."""
        return softmax(input, -1 if self.dim is None else self.dim)


class LogSoftmax(nn.Module):
    """`log_softmax` as a layer.

    Args:
        dim: The axis whose probabilities sum to 1; the last one if `None`.

    Examples:
        >>> LogSoftmax(dim=-1)(torch.zeros(2))
        tensor([-0.6931, -0.6931])

    Source:
        The twin of `torch.nn.LogSoftmax`.

    Differs:
        Without `dim` torch guesses the axis by an old rule and warns; here it
        is the last one.
    """

    def __init__(self, dim: int | None = None) -> None:
        super().__init__()
        self.dim = dim

    def extra_repr(self) -> str:
        """Return the arguments, as torch prints them."""
        return f"dim={self.dim}"

    def forward(
        self, input: Float[Tensor, "*batch"]
    ) -> Float[Tensor, "*batch"]:
        """Apply `log_softmax`."""
        return log_softmax(input, -1 if self.dim is None else self.dim)
