"""A module without a fault, to plant faults in."""

GOOD = '''
"""A module."""

import torch
from torch import nn

from pfs.shapes import Float, Tensor


def double(x: Float[Tensor, "*batch"]) -> Float[Tensor, "*batch"]:
    r"""Double it.

    $$ y = 2 x \\tag{1} $$

    Args:
        x: Numbers.

    Returns:
        Twice the numbers.

    Raises:
        ValueError: Never.

    Examples:
        >>> double(torch.ones(1))
        tensor([2.])

    Source:
        Nobody.

    Differs:
        nothing
    """
    return 2 * x  # (1)
'''


def planted(old, new):
    assert old in GOOD
    return GOOD.replace(old, new, 1)
