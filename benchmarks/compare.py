"""Ratios of times, taken in one process, in turn: A B A B ...

A single time on a shared machine means nothing. Every round measures each
variant for a slot and keeps its fastest call, the one that was disturbed least;
the ratio is taken within the round; the report is the median over the rounds.
"""

import gc
import os
import statistics
import time
from collections.abc import Callable, Mapping, Sequence
from dataclasses import dataclass

import torch

ROUNDS = 11
SLOT = 0.05


@dataclass(frozen=True)
class Row:
    """One variant against the base: below 1 is faster."""

    variant: str
    ratio: float
    low: float
    high: float


def fastest(call: Callable[[], object], seconds: float) -> float:
    """Return the shortest of the calls that fit into a slot (at least 3)."""
    best, calls = float("inf"), 0
    end = time.perf_counter() + seconds
    while calls < 3 or time.perf_counter() < end:
        start = time.perf_counter()
        call()
        best = min(best, time.perf_counter() - start)
        calls += 1
    return best


def compare(
    variants: dict[str, Callable[[], object]],
    base: str,
    rounds: int = ROUNDS,
) -> list[Row]:
    """Measure all variants in turn and return their ratios to the base."""
    for call in variants.values():
        call()
        call()
    ratios: dict[str, list[float]] = {name: [] for name in variants}
    gc.collect()
    gc.disable()
    try:
        for turn in range(rounds):
            names = list(variants)[:: 1 if turn % 2 else -1]
            times = {name: fastest(variants[name], SLOT) for name in names}
            for name in names:
                ratios[name].append(times[name] / times[base])
    finally:
        gc.enable()
    rows = []
    for name, values in ratios.items():
        low, middle, high = statistics.quantiles(values, n=4)
        rows.append(Row(name, middle, low, high))
    return rows


def load() -> float:
    """Return how many processes want to run, -1 where nobody counts them."""
    return round(os.getloadavg()[0], 2) if hasattr(os, "getloadavg") else -1.0


def conditions(rounds: int) -> str:
    """Say under what the figures are taken."""
    return (
        f"torch {torch.__version__.split('+')[0]}, "
        f"{torch.get_num_threads()} thread(s), load {load()}, "
        f"median of {rounds} rounds [quartiles], below 1 is faster than torch"
    )


def line(
    title: str, rows: Mapping[str, Row | None], paths: Sequence[str]
) -> str:
    """Lay one case out; without rows, the names of the paths."""
    cells = []
    for path in paths:
        row = rows.get(path)
        words = f"{row.ratio:.2f} [{row.low:.2f} {row.high:.2f}]" if row else ""
        cells.append(f"{words or path * (not rows):>20}")
    return f"{title:52}" + "".join(cells)
