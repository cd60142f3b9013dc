"""What is of another type gets an error that says what to pass.

Runs in a pass without the checker of types, as a user sees it.
"""

import datetime

import pytest

from pfs.data import load
from pfs.data.generated import dates, numbers, particles
from pfs.errors import PfsTypeError

DAY = datetime.date(2026, 11, 21)
CASES = [
    (lambda: numbers.say("one", "en"), "numbers.say, number"),
    (lambda: numbers.say(2.0, "en"), "numbers.say, number"),
    (lambda: numbers.say(True, "en"), "numbers.say, number"),
    (lambda: numbers.read(2, "en"), "numbers.read, words"),
    (lambda: numbers.read(None, "ko"), "numbers.read, words"),
    (lambda: dates.write("2026-11-21", "en"), "dates.write, date"),
    (lambda: dates.write(DAY, "en", 1.0), "dates.write, form"),
    (lambda: dates.read(20261121, "zh"), "dates.read, text"),
    (lambda: particles.final(3), "particles, word"),
    (lambda: load("numbers", size="many"), "numbers, size"),
    (lambda: load("numbers", seed=0.5), "numbers, seed"),
    (lambda: load("numbers", longest=3.0), "numbers, longest"),
    (lambda: load("dates", size=10.0), "dates, size"),
    (lambda: load("templates", sentences=2.0), "templates, sentences"),
    (lambda: load("templates", unanswerable="a"), "templates, unanswerable"),
    (lambda: load("planted-words", noise="a"), "planted-words, noise"),
    (lambda: load("captioned-shapes", size=None), "captioned-shapes, size"),
]


@pytest.mark.parametrize(("call", "where"), CASES)
def test_what_has_another_type_is_refused(call, where):
    with pytest.raises(PfsTypeError) as caught:
        call()
    assert caught.value.code == "A02"
    assert caught.value.where == where
