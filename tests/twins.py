"""Compare a function or a layer with its twin of torch, values and slopes."""

import itertools
from collections.abc import Callable
from typing import Any

import torch
from contract import EXACT, floats, gradients
from oracles import samples
from torch.nn import functional
from torch.testing import assert_close

from pfs import nn


def same(ours: Callable, theirs: Callable, *tensors: Any) -> None:
    """Assert equal values and gradients of a random mix of the outputs."""
    assert_close(ours(*tensors), theirs(*tensors), **EXACT)
    slopes = gradients(ours, tensors), gradients(theirs, tensors)
    assert_close(*slopes, **EXACT)


def same_calls(name: str, left_out: Callable = lambda *_: False) -> int:
    """Compare a function over torch's own samples; return how many."""
    count = 0
    ours, theirs = getattr(nn, name), getattr(functional, name)
    for input, args, options in samples.calls(name):
        if left_out(input, args, options):
            continue
        form = lambda f, o=options: lambda *given: f(*given, **o)
        same(form(ours), form(theirs), input, *args)
        count += 1
    return count


def same_layers(name: str) -> int:
    """Compare a layer over torch's own samples, in training and after it."""
    every = samples.layers(name)
    for args, options, inputs in every:
        ours, theirs = (
            getattr(home, name)(*args, **options).double()
            for home in (nn, torch.nn)
        )
        assert repr(ours) == repr(theirs)
        theirs.load_state_dict(ours.state_dict())
        for training in (True, False):
            ours.train(training)
            theirs.train(training)
            same(ours, theirs, *inputs)
            slopes = [
                gradients(m, inputs, *m.parameters()) for m in (ours, theirs)
            ]
            assert_close(*slopes, **EXACT)
            states = ours.state_dict(), theirs.state_dict()
            assert_close(*states, **EXACT, equal_nan=True)
    return len(every)


def grid(**choices: list) -> list[dict[str, Any]]:
    """Return every choice of one value a name."""
    every = itertools.product(*choices.values())
    return [dict(zip(choices, values, strict=True)) for values in every]


def accepted(call: Callable, *tensors: Any) -> bool:
    """Return whether torch takes these arguments."""
    try:
        return bool(floats(call(*tensors)))
    except RuntimeError:
        return False
