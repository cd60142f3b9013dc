"""torch's own test inputs for its layers: the one file that reads its tests.

They are not a public interface: where a new torch moves them, this breaks and
nothing else.
"""

from collections.abc import Iterator
from typing import Any

import torch
from torch.testing._internal import common_methods_invocations, common_modules

HERE = {"device": "cpu", "dtype": torch.float64, "requires_grad": False}


def layers(name: str) -> list[tuple[tuple, dict[str, Any], tuple]]:
    """Return arguments of a layer of torch.nn, and those of its forward."""
    kind = getattr(torch.nn, name)
    (info,) = (i for i in common_modules.module_db if i.module_cls is kind)
    torch.manual_seed(0)
    samples = info.module_inputs_func(info, training=True, **HERE)
    return [
        (
            tuple(s.constructor_input.args),
            dict(s.constructor_input.kwargs),
            tuple(s.forward_input.args),
        )
        for s in samples
    ]


def calls(name: str) -> Iterator[tuple[torch.Tensor, tuple, dict[str, Any]]]:
    """Yield the arguments of a function of torch.nn.functional."""
    wanted = f"nn.functional.{name}"
    infos = common_methods_invocations.op_db
    info = next(i for i in infos if i.name == wanted)
    torch.manual_seed(0)
    for sample in info.sample_inputs(**HERE):
        yield sample.input, tuple(sample.args), dict(sample.kwargs)
