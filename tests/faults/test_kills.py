"""A run that is killed at any moment loses nothing: 200 times `kill -9`."""

import random
import time

import pytest
from faults.runs import EVERY, FULL, bits, carry_out, start
from training.models import KINDS

KILLS, INSIDE = (67, 14) if FULL else (6, 2)
"""For each of three models: how many kills, how many inside a write."""


@pytest.mark.timeout(900)
@pytest.mark.parametrize("kind", KINDS)
def test_a_run_that_is_killed_goes_on_bit_by_bit(kind, tmp_path):
    carry_out(kind, tmp_path / "whole")
    expected = bits(tmp_path / "whole")
    chance = random.Random(kind)
    kills = inside = runs = 0
    while kills < KILLS or inside < INSIDE:
        runs += 1
        folder = tmp_path / f"run{runs}"
        reached = 0
        while True:
            process, watched = start(kind, folder)
            if kills < KILLS or inside < INSIDE:
                wait(process, watched, chance, into_write=inside < INSIDE)
                process.kill()
            process.join()
            if watched.began.value >= 0:
                # At most one interval between checkpoints is made again.
                assert reached - watched.began.value <= EVERY
                reached = max(reached, watched.step.value)
            if process.exitcode == 0:
                break
            kills += 1
            inside += watched.writing.value == 1
        assert bits(folder) == expected, f"after {kills} kills"
    assert kills >= KILLS
    assert inside >= INSIDE
    print(f"{kind}: {kills} kills, {inside} inside a write, {runs} runs")


def wait(process, watched, chance, into_write):
    """Wait for a bad moment."""
    while watched.began.value < 0 and process.is_alive():
        time.sleep(0.001)
    if into_write and chance.random() < 0.6:
        first = chance.randrange(4)
        while process.is_alive() and watched.step.value < first:
            pass
        while process.is_alive() and watched.writing.value != 1:
            pass
        time.sleep(chance.random() * 0.003)
    else:
        time.sleep(chance.random() * 0.25)
