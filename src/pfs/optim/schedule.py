r"""How the step size changes while a model trains."""

from collections.abc import Callable

from pfs.errors import PfsValueError
from pfs.nn import checks


def noam(d_model: int, warmup: int) -> Callable[[int], float]:
    r"""Rise in a straight line, then fall with the root of time.

    $$ \mathrm{factor}(s) = d^{-1/2}\, \min(s^{-1/2},\; s\, w^{-3/2}) \tag{1} $$

    The two meet at step $w$, where the factor is largest, $1/\sqrt{d w}$.

    Args:
        d_model: The width $d$ of the model.
        warmup: How many steps $w$ to rise.

    Returns:
        The factor of a step, counted from 1: what `Trainer` takes as
        `schedule`, with an optimizer whose `lr` is 1.

    Raises:
        ValueError: A01 if a number, later a step, is not above 0.
        TypeError: A02 if it is not a whole number.

    Examples:
        >>> factor = noam(512, 4000)
        >>> [f"{factor(step):.2e}" for step in (1, 4000, 16000)]
        ['1.75e-07', '6.99e-04', '3.49e-04']

    Source:
        Vaswani et al. (2017), equation 3.

    Differs:
        nothing. The name is that of the authors' code.
    """
    checks.positive("noam", d_model=d_model, warmup=warmup)

    scale: float = d_model**-0.5
    slope: float = warmup**-1.5

    def factor(step: int) -> float:
        if step < 1:
            raise PfsValueError(
                "A01",
                where="noam, step",
                expected="1 or more: the first step is step 1",
                got=str(step),
                todo="with a counter that starts at 0, pass step + 1",
            )
        early, late = step * slope, float(step**-0.5)
        return scale * min(late, early)  # (1)

    return factor
