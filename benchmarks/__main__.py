"""`nox -s bench`: print how our speed compares with torch's.

Below 1 is faster than torch. Every figure is the median over the rounds, with
quartiles; `results/bench.json` keeps the last whole table.
"""

import argparse
import json
from pathlib import Path
from typing import Any

import torch

from benchmarks.cases import cases
from benchmarks.compare import ROUNDS, Row, conditions, line, load
from benchmarks.layers import measure
from pfs.training.provenance import provenance

LAST = Path(__file__).resolve().parents[1] / "results" / "bench.json"
PATHS = ("default", "compiled", "fused", "plain")


def figures(row: Row) -> dict[str, float]:
    """Return a row's numbers, to three digits behind the point."""
    numbers = {"ratio": row.ratio, "low": row.low, "high": row.high}
    return {name: round(number, 3) for name, number in numbers.items()}


def main(arguments: list[str] | None = None) -> None:
    """Measure everything, or what is asked for."""
    parser = argparse.ArgumentParser(prog="benchmarks", description=__doc__)
    parser.add_argument("words", nargs="*", help="only titles with one of them")
    parser.add_argument("--threads", type=int, default=1)
    parser.add_argument("--rounds", type=int, default=ROUNDS)
    asked = parser.parse_args(arguments)
    torch.set_num_threads(asked.threads)
    torch.manual_seed(0)
    print(conditions(asked.rounds))
    print(line("", {}, PATHS))
    families: list[dict[str, Any]] = []
    loads = [load()]
    for case in cases():
        if asked.words and not any(word in case.title for word in asked.words):
            continue
        for mode, rows in measure(case, asked.rounds).items():
            by_path = {row.variant: row for row in rows}
            print(line(f"{case.title}, {mode}", by_path, PATHS), flush=True)
            families.append(
                {
                    "title": case.title,
                    "mode": mode,
                    "paths": {row.variant: figures(row) for row in rows},
                }
            )
        loads.append(load())
    if not asked.words:
        last = {
            "benchmark": "ratio of times to torch.nn",
            "rounds": asked.rounds,
            "load": [min(loads), max(loads)],
            "families": families,
            **provenance(),
        }
        LAST.write_text(json.dumps(last, indent=1) + "\n", encoding="utf-8")


if __name__ == "__main__":
    main()
