"""Everything that decides how a run goes on, as tensors and plain JSON."""

import random
from collections.abc import Mapping
from typing import Any

import numpy
import torch
from torch.optim import Optimizer

from pfs.shapes import Tensor

Tensors = dict[str, Tensor]


def optimizer_state(optimizer: Optimizer) -> tuple[Tensors, dict[str, Any]]:
    """Take the state of an optimizer apart.

    Args:
        optimizer: The optimizer.

    Returns:
        Its tensors by name, and the rest, plain JSON.

    Examples:
        >>> theta = torch.nn.Parameter(torch.zeros(2))
        >>> tensors, rest = optimizer_state(torch.optim.SGD([theta], lr=0.5))
        >>> tensors, rest["param_groups"][0]["lr"]
        ({}, 0.5)

    Source:
        This project.

    Differs:
        nothing
    """
    state = optimizer.state_dict()
    tensors: Tensors = {}
    rest: dict[str, dict[str, Any]] = {}
    for number, values in state["state"].items():
        for name, value in values.items():
            if isinstance(value, Tensor):
                tensors[f"{number}.{name}"] = value
            else:
                rest.setdefault(str(number), {})[name] = value
    return tensors, {"state": rest, "param_groups": state["param_groups"]}


def load_optimizer_state(
    optimizer: Optimizer, tensors: Mapping[str, Tensor], rest: Mapping[str, Any]
) -> None:
    """Put the state of an optimizer together again.

    Args:
        optimizer: An optimizer of the same kind over the same parameters.
        tensors: From `optimizer_state`.
        rest: From `optimizer_state`.

    Examples:
        >>> theta = torch.nn.Parameter(torch.zeros(2))
        >>> one = torch.optim.SGD([theta], lr=0.5)
        >>> two = torch.optim.SGD([theta], lr=0.1)
        >>> load_optimizer_state(two, *optimizer_state(one))
        >>> two.param_groups[0]["lr"]
        0.5

    Source:
        This project.

    Differs:
        nothing
    """
    state: dict[int, dict[str, Any]] = {
        int(number): dict(values) for number, values in rest["state"].items()
    }
    for name, value in tensors.items():
        number, _, key = name.partition(".")
        state.setdefault(int(number), {})[key] = value
    groups = [
        {k: tuple(v) if k == "betas" else v for k, v in group.items()}
        for group in rest["param_groups"]
    ]
    optimizer.load_state_dict({"state": state, "param_groups": groups})


def random_state() -> tuple[Tensors, dict[str, Any]]:
    """Note where every source of randomness stands.

    Returns:
        torch's generators (CPU and GPU) as tensors, Python's and NumPy's as
        plain JSON.

    Examples:
        >>> saved = random_state()
        >>> first = torch.rand(3)
        >>> load_random_state(*saved)
        >>> torch.equal(torch.rand(3), first)
        True

    Source:
        This project.

    Differs:
        nothing
    """
    tensors = {"cpu": torch.get_rng_state()}
    if torch.cuda.is_available() and torch.cuda.is_initialized():
        tensors["cuda"] = torch.cuda.get_rng_state()
    kind, keys, place, has_gauss, gauss = numpy.random.get_state(legacy=True)  # noqa: NPY002
    tensors["numpy"] = torch.tensor(list(keys), dtype=torch.int64)
    version, numbers, gauss_next = random.getstate()
    tensors["python"] = torch.tensor(numbers, dtype=torch.int64)
    rest = {
        "numpy": [kind, place, has_gauss, gauss],
        "python": [version, gauss_next],
    }
    return tensors, rest


def load_random_state(
    tensors: Mapping[str, Tensor], rest: Mapping[str, Any]
) -> None:
    """Set every source of randomness to where it stood.

    Args:
        tensors: From `random_state`.
        rest: From `random_state`.

    Examples:
        >>> load_random_state(*random_state())

    Source:
        This project.

    Differs:
        nothing
    """
    torch.set_rng_state(tensors["cpu"])
    if "cuda" in tensors and torch.cuda.is_available():
        torch.cuda.set_rng_state(tensors["cuda"])
    kind, place, has_gauss, gauss = rest["numpy"]
    keys = tensors["numpy"].numpy().astype("uint32")
    numpy.random.set_state((kind, keys, place, has_gauss, gauss))  # noqa: NPY002
    version, gauss_next = rest["python"]
    random.setstate((version, tuple(tensors["python"].tolist()), gauss_next))


def pack(value: Any, tensors: Tensors, name: str) -> Any:
    """Write a nest of tuples of tensors as JSON that names them.

    Args:
        value: A tensor, `None`, a number or text, or tuples of them.
        tensors: Where the tensors go, under names that begin with `name`.
        name: The name.

    Returns:
        Plain JSON; `unpack` reads it.

    Examples:
        >>> tensors = {}
        >>> pack((torch.ones(1), None), tensors, "h")
        {'tuple': [{'tensor': 'h.0'}, None]}

    Source:
        This project.

    Differs:
        nothing
    """
    if isinstance(value, Tensor):
        tensors[name] = value
        return {"tensor": name}
    if isinstance(value, tuple):
        return {
            "tuple": [
                pack(v, tensors, f"{name}.{i}") for i, v in enumerate(value)
            ]
        }
    return value


def unpack(value: Any, tensors: Mapping[str, Tensor]) -> Any:
    """Put together again what `pack` has taken apart.

    Args:
        value: Plain JSON of `pack`.
        tensors: The tensors.

    Returns:
        The nest of tuples.

    Examples:
        >>> unpack({"tuple": [None, 3]}, {})
        (None, 3)

    Source:
        This project.

    Differs:
        nothing
    """
    if isinstance(value, dict):
        if "tensor" in value:
            return tensors[value["tensor"]]
        return tuple(unpack(part, tensors) for part in value["tuple"])
    return value
