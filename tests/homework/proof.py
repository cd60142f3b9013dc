"""The proof that the checker is good: `python -m tests.homework.proof`.

Prints how many small changes of all solutions are caught, how many known
mistakes are refused and named, and how many right answers are refused. What
changes nothing is listed with its reason in `equivalent.toml`; a line there
that no longer fits is a failure as well.
"""

import argparse
import os
import sys
import tomllib
from concurrent.futures import ProcessPoolExecutor
from dataclasses import dataclass
from multiprocessing import get_context
from pathlib import Path

from pfs.homework import exercises

EQUIVALENT = Path(__file__).with_name("equivalent.toml")
KILLED = 0.92
NAMED = 0.80
SEEDS = 20
SHORT = 5
"""In the short form one exercise of so many is looked at."""


@dataclass(frozen=True)
class Proof:
    """What was found for one exercise."""

    id: str
    killed: int
    alive: tuple[str, ...]
    wrong: int
    refused: int
    named: int
    right: int
    refused_right: int


def proof_of(id: str) -> Proof:
    """Judge mutants, mistakes and right answers of one exercise."""
    from pfs.homework import lint, mutants, processes

    processes.prepare()
    exercise = exercises.load()[id]
    killed, alive = mutants.survivors(exercise)
    refused = named = 0
    for mistake in exercise.mistakes():
        source = mistake.applied(exercise.solution)
        verdict = lint.check(exercise, source, seed=SEEDS)
        refused += not verdict.passed
        named += lint.name_of(exercise, source, verdict.code) == mistake.name
    answers = [exercise.solution, *exercise.right.values()]
    checks = [(a, seed) for a in answers for seed in range(SEEDS, 2 * SEEDS)]
    return Proof(
        id,
        killed,
        tuple(alive),
        len(exercise.mistakes()),
        refused,
        named,
        len(checks),
        sum(not lint.check(exercise, a, seed).passed for a, seed in checks),
    )


def main(arguments: list[str]) -> int:
    """Print the figures; the exit code is 1 if one is not good enough."""
    parser = argparse.ArgumentParser(description=__doc__)
    parser.add_argument("--short", action="store_true")
    parser.add_argument("ids", nargs="*")
    options = parser.parse_args(arguments)
    ids = options.ids or list(exercises.load())
    ids = ids[:: SHORT if options.short else 1]
    reviewed = tomllib.loads(EQUIVALENT.read_text("utf-8"))
    pool = ProcessPoolExecutor(os.cpu_count(), get_context("spawn"))
    with pool:
        proofs = list(pool.map(proof_of, ids))
    bad = 0
    for proof in proofs:
        listed = reviewed.get(proof.id, {})
        for words in sorted({*proof.alive} - {*listed}):
            print(f"{proof.id}: survives: {words}")
        for words in sorted({*listed} - {*proof.alive}):
            bad += 1
            print(f"{proof.id}: listed as equivalent, but caught: {words}")
    equivalent = sum(len(reviewed.get(p.id, {})) for p in proofs)
    killed = sum(p.killed for p in proofs)
    every = killed + sum(len(p.alive) for p in proofs) - equivalent
    wrong, right = sum(p.wrong for p in proofs), sum(p.right for p in proofs)
    refused = sum(p.refused for p in proofs)
    named = sum(p.named for p in proofs)
    refused_right = sum(p.refused_right for p in proofs)
    print(f"{len(proofs)} exercises")
    print(
        f"small changes caught: {killed} of {every} = {killed / every:.1%} "
        f"({equivalent} more change nothing)"
    )
    print(f"known mistakes refused: {refused} of {wrong}")
    print(f"known mistakes named: {named} of {wrong} = {named / wrong:.1%}")
    print(f"right answers refused: {refused_right} of {right}")
    good = killed / every >= KILLED and named / wrong >= NAMED
    return int(bad > 0 or not good or refused < wrong or refused_right > 0)


if __name__ == "__main__":
    sys.exit(main(sys.argv[1:]))
