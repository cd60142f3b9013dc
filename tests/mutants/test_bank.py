"""The bank of mistakes is up to date and its judge is awake."""

from pathlib import Path

import pytest

from tests.mutants.bank import BANK, TEST_SGD, Mutant
from tests.mutants.judge import ROOT, judge


@pytest.mark.parametrize("mutant", BANK, ids=lambda m: m.mistake)
def test_a_mistake_has_exactly_one_place(mutant):
    text = Path(ROOT, "src", "pfs", mutant.file).read_text("utf-8")
    assert text.count(mutant.old) == 1
    assert mutant.new not in text or mutant.new in mutant.old
    assert Path(ROOT, mutant.tests).exists()


def test_mistakes_have_names_of_their_own():
    assert len({mutant.mistake for mutant in BANK}) == len(BANK)


def test_the_judge_tells_a_mistake_from_a_change():
    """In one process, in turn: no verdict may colour the next."""
    old = 'alpha=-group["lr"]'
    climb = Mutant("climbs", "optim/sgd.py", old, 'alpha=group["lr"]', TEST_SGD)
    same = climb._replace(new='alpha=-1 * group["lr"]')
    gone = climb._replace(old="no such line")
    broken = climb._replace(new="alpha=", tests="tests/optim/nothing.py")
    verdicts = judge([same, climb, same, climb, gone])
    assert verdicts[:4] == ["SURVIVED", "caught", "SURVIVED", "caught"]
    assert verdicts[4].startswith("OUT OF DATE: 0 places")
    with pytest.raises(SystemExit, match="fails without a mistake"):
        judge([broken])
