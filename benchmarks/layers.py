"""One case, measured: forward alone, then with backward."""

from collections.abc import Callable
from typing import Any

import torch
from torch import nn
from torch.utils import _pytree as tree

import pfs
from benchmarks.cases import Case
from benchmarks.compare import Row, compare

BASE = "torch"
Call = Callable[[], object]


def measure(case: Case, rounds: int) -> dict[str, list[Row]]:
    """Return the ratios of all paths, by what was measured."""
    torch.compiler.reset()
    paths: dict[str, Callable[..., Any]] = {
        BASE: case.theirs,
        "default": case.ours,
        "fused": pfs.backend("fused")(case.ours.forward),
    }
    if case.compiled:
        paths["compiled"] = torch.compile(case.ours)
    if case.plain is not None:
        paths["plain"] = case.plain
    modules = {name: case.ours for name in paths}
    modules |= {BASE: case.theirs, "plain": case.plain or case.ours}
    measured = {}
    for words, mode in (("forward", forward), ("with backward", both_ways)):
        calls = {
            name: mode(path, modules[name], case.inputs)
            for name, path in paths.items()
        }
        rows = compare(calls, BASE, rounds)
        measured[words] = [row for row in rows if row.variant != BASE]
    return measured


def forward(
    path: Callable[..., Any], module: nn.Module, inputs: tuple[Any, ...]
) -> Call:
    """Return a call that runs a layer without a graph."""

    def call() -> object:
        with torch.no_grad():
            return path(*inputs)

    return call


def both_ways(
    path: Callable[..., Any], module: nn.Module, inputs: tuple[Any, ...]
) -> Call:
    """Return a call that runs a layer forward and backward."""
    inputs = tree.tree_map(
        lambda x: x.clone().requires_grad_() if x.is_floating_point() else x,
        inputs,
    )
    leaves = [x for x in tree.tree_leaves(inputs) if x.requires_grad]
    leaves += module.parameters()
    mix = torch.randn_like(first(path(*inputs)))

    def call() -> object:
        return torch.autograd.grad(first(path(*inputs)), leaves, mix)

    return call


def first(output: Any) -> torch.Tensor:
    """Return the output, whatever else the layer returns."""
    result: torch.Tensor = output[0] if isinstance(output, tuple) else output
    return result
