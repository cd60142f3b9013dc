"""The bank of mistakes is up to date and its judge is awake."""

from pathlib import Path

import pytest

from tests.mutants.__main__ import ROOT, outcome
from tests.mutants.bank import BANK, Mutant


@pytest.mark.parametrize("mutant", BANK, ids=lambda m: m.mistake)
def test_a_mistake_has_exactly_one_place(mutant):
    text = Path(ROOT, "src", "pfs", mutant.file).read_text("utf-8")
    assert text.count(mutant.old) == 1
    assert mutant.new not in text or mutant.new in mutant.old


def test_a_change_that_is_no_mistake_survives():
    """If this were caught, the judge would call everything a mistake."""
    harmless = Mutant(
        "nothing",
        "optim/sgd.py",
        'alpha=-group["lr"]',
        'alpha=-1 * group["lr"]',
        "tests/optim",
    )
    assert outcome(harmless) == "SURVIVED"
