r"""Functions of one number, applied to every entry, and their layers."""

import math
from typing import Any

import torch
from torch import nn
from torch.autograd import Function

from pfs import kernels
from pfs.backend import fused
from pfs.nn import checks
from pfs.nn.derivative import taken_once
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
        torch also takes whole numbers; its `inplace` is not here.
    """
    checks.same_kind("relu", input=input)
    if fused():
        return kernels.relu(input)
    return torch.where(input <= 0, torch.zeros_like(input), input)  # (1)


class _Gelu(Function):
    r"""The exact form, $x \Phi(x)$.

    By the product rule, with the density $\varphi = \Phi'$,
    $dx = (\Phi(x) + x \varphi(x))\,dy$.
    """

    @staticmethod
    def forward(ctx: Any, x: Tensor) -> Tensor:
        cdf = (x * math.sqrt(0.5)).erf_().add_(1).mul_(0.5)
        ctx.save_for_backward(x, cdf)
        return x * cdf

    @staticmethod
    @taken_once
    def backward(ctx: Any, dy: Tensor) -> Tensor:
        x, cdf = ctx.saved_tensors
        pdf = (x * x).mul_(-0.5).exp_().mul_(1 / math.sqrt(2 * math.pi))
        dx: Tensor = pdf.mul_(x).add_(cdf).mul_(dy)
        return dx


def gelu(
    input: Float[Tensor, "*batch"], approximate: str = "none"
) -> Float[Tensor, "*batch"]:
    r"""Weigh every entry by the normal distribution's share below it.

    $$
    \begin{align}
    \mathrm{gelu}(x) &= x\,\Phi(x) = \tfrac{x}{2}
        \left(1 + \mathrm{erf}\tfrac{x}{\sqrt 2}\right) \tag{1} \\
    &\approx \tfrac{x}{2} \left(1 + \tanh\!\left(\sqrt{\tfrac{2}{\pi}}
        \,(x + 0.044715\,x^3)\right)\right) \tag{2}
    \end{align}
    $$

    Args:
        input: Any tensor $x$.
        approximate: `"none"` for (1), `"tanh"` for (2).

    Returns:
        $\mathrm{gelu}(x)$. Form (1) carries a gradient derived by hand and can
        be differentiated once.

    Raises:
        ValueError: A01 if `approximate` is another word.
        TypeError: S01 if the dtype is not floating, A02 if `input` is not a
            tensor.

    Examples:
        >>> gelu(torch.tensor([-1.0, 0.0, 1.0]))
        tensor([-0.1587,  0.0000,  0.8413])

    Source:
        Hendrycks & Gimpel (2016), section 2.

    Differs:
        nothing. The released code of BERT and GPT-2 uses form (2).
    """
    checks.same_kind("gelu", input=input)
    checks.one_of("gelu", "approximate", approximate, ("none", "tanh"))
    if fused():
        return kernels.gelu(input, approximate)
    if approximate == "tanh":
        inner = math.sqrt(2 / math.pi) * (input + 0.044715 * input**3)
        return 0.5 * input * (1 + torch.tanh(inner))  # (2)
    result: Tensor = _Gelu.apply(input)  # (1)
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


class GELU(nn.Module):
    """`gelu` as a layer.

    Args:
        approximate: `"none"` or `"tanh"`; see `gelu`.

    Raises:
        ValueError: A01 if `approximate` is another word.

    Examples:
        >>> GELU()(torch.zeros(1))
        tensor([0.])

    Source:
        The twin of `torch.nn.GELU`.

    Differs:
        nothing
    """

    def __init__(self, approximate: str = "none") -> None:
        super().__init__()
        checks.one_of("GELU", "approximate", approximate, ("none", "tanh"))
        self.approximate = approximate

    def extra_repr(self) -> str:
        """Return the arguments, as torch prints them."""
        return f"approximate={self.approximate!r}"

    def forward(
        self, input: Float[Tensor, "*batch"]
    ) -> Float[Tensor, "*batch"]:
        """Apply `gelu`."""
        return gelu(input, self.approximate)
