"""Gradients derived by hand can be taken once: say so, never be wrong."""

import functools
from collections.abc import Callable
from typing import Any

import torch
from torch.autograd.function import once_differentiable

from pfs.errors import PfsError


def taken_once(backward: Callable[..., Any]) -> Callable[..., Any]:
    """Refuse to be differentiated again.

    torch's own `once_differentiable` looks at the incoming gradient only: if
    that is a constant, as for `output.sum()`, the second derivative comes out
    as zero without a word. So this refuses as soon as a graph is asked for.
    """
    once = once_differentiable(backward)

    @functools.wraps(backward)
    def checked(ctx: Any, *gradients: Any) -> Any:
        if torch.is_grad_enabled():
            raise PfsError(
                "G01",
                where=f"{backward.__qualname__}, called with create_graph=True",
                expected="a first derivative",
                got="a graph for a second one",
                todo="leave create_graph out, or write the formula with plain "
                "tensor operations",
            )
        return once(ctx, *gradients)

    return checked
