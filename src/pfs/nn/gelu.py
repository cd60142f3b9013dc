r"""The Gaussian error linear unit, in its two forms."""

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


class _Gelu(Function):
    r"""Both forms are $x\,s(x)$ with a share $s$ between 0 and 1.

    By the product rule $dx = (s + x s')\,dy$.

    The exact share is $\Phi$; its slope is the density of the normal
    distribution. The other one is $\tfrac12 (1 + \tanh u) = \sigma(2u)$, the
    logistic function, with the slope $\sigma (1 - \sigma)\,2u'$.
    """

    @staticmethod
    def forward(ctx: Any, x: Tensor, by_tanh: bool) -> Tensor:
        if by_tanh:
            share = _twice_u(x, 1).mul_(x).sigmoid_()
        else:
            share = (x * math.sqrt(0.5)).erf_()
            torch.add(x.new_full((), 0.5), share, alpha=0.5, out=share)
        ctx.save_for_backward(x, share)
        ctx.by_tanh = by_tanh
        return x * share

    @staticmethod
    @taken_once
    def backward(ctx: Any, dy: Tensor) -> tuple[Tensor, None]:
        x, share = ctx.saved_tensors
        if ctx.by_tanh:
            slope = torch.addcmul(share, share, share, value=-1)
            slope.mul_(_twice_u(x, 3))
        else:
            at_0 = x.new_full((), -0.5 * math.log(2 * math.pi))
            slope = torch.addcmul(at_0, x, x, value=-0.5).exp_()
        return slope.mul_(x).add_(share).mul_(dy), None


def _twice_u(x: Tensor, power: int) -> Tensor:
    r"""Return $2u / x$ of (2), or with `power` 3 its derivative $2u'$."""
    twice = 2 * math.sqrt(2 / math.pi)
    start = x.new_full((), twice)
    return torch.addcmul(start, x, x, value=twice * 0.044715 * power)


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
        $\mathrm{gelu}(x)$; its gradient, derived by hand, can be taken once.

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
    result: Tensor
    if approximate == "tanh":
        result = _Gelu.apply(input, True)  # (2)
    else:
        result = _Gelu.apply(input, False)  # (1)
    return result


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
