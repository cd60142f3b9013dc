r"""Forget entries at random while training."""

import torch
from torch import nn

from pfs import kernels
from pfs.backend import fused
from pfs.nn import checks
from pfs.shapes import Float, Tensor


def dropout(
    input: Float[Tensor, "*batch"], p: float = 0.5, training: bool = True
) -> Float[Tensor, "*batch"]:
    r"""Zero every entry with probability $p$ and enlarge what is left.

    $$ y = \frac{r}{1-p}\,x, \qquad r \sim \mathrm{Bernoulli}(1-p) \tag{1} $$

    The expectation of $y$ is $x$, so nothing changes when not training.

    Args:
        input: Any tensor $x$.
        p: The share that is dropped, 0 to 1.
        training: Whether to drop at all.

    Returns:
        $y$; for $p = 1$ it is 0.

    Raises:
        ValueError: A01 if `p` is not a probability.
        TypeError: S01 if the dtype is not floating, A02 if `input` is not a
            tensor or `p` not a number.

    Examples:
        >>> dropout(torch.ones(3), p=1.0)
        tensor([0., 0., 0.])

    Source:
        Srivastava et al. (2014), section 4; the division by $1-p$ while
        training is their remark in section 10 ("inverted dropout").

    Differs:
        The paper multiplies by $1-p$ when testing; torch and we divide while
        training. torch's `inplace` is not here.
    """
    checks.same_kind("dropout", input=input)
    checks.probability("dropout", "p", p)
    if not training or p == 0:
        return input
    if p == 1:
        return input * 0
    if fused():
        return kernels.dropout(input, p)
    # In bfloat16 a draw is 0 once in 256: a small p would drop too much.
    kind = torch.promote_types(input.dtype, torch.float32)
    keep = torch.rand_like(input, dtype=kind) >= p
    return input * keep / (1 - p)  # (1)


class Dropout(nn.Module):
    """`dropout` as a layer.

    Args:
        p: The share that is dropped while training, 0 to 1.
        inplace: Kept for torch's callers; the input is never changed.

    Raises:
        ValueError: A01 if `p` is not a probability or `inplace` is true.
        TypeError: A02 if `p` is not a number.

    Examples:
        >>> Dropout(0.5).eval()(torch.ones(2))
        tensor([1., 1.])

    Source:
        The twin of `torch.nn.Dropout`.

    Differs:
        There is no in-place form: nothing here changes its input.
    """

    def __init__(self, p: float = 0.5, inplace: bool = False) -> None:
        super().__init__()
        checks.probability("Dropout", "p", p)
        if inplace:
            checks.one_of("Dropout", "inplace", str(inplace), ("False",))
        self.p = p

    def extra_repr(self) -> str:
        """Return the arguments, as torch prints them."""
        return f"p={self.p}, inplace=False"

    def forward(
        self, input: Float[Tensor, "*batch"]
    ) -> Float[Tensor, "*batch"]:
        """Apply `dropout` while training."""
        return dropout(input, self.p, self.training)
