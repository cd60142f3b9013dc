"""Every code has an answer that gets it, and the right answer gets none."""

import re
import string
from dataclasses import replace
from functools import cache

import pytest
import torch
from homework.small import (
    MODULES,
    SOFTMAX,
    SQUARES,
    Scale,
    right,
    verdict_of,
)
from torch import nn

from pfs.homework import messages
from pfs.homework.answers import compiled, defined
from pfs.homework.battery import Battery, Draw
from pfs.homework.judge import judge
from pfs.homework.stop import Stop
from pfs.homework.subject import Answer, Fault
from pfs.homework.verdict import STEPS, Verdict
from pfs.papers import LANGUAGES

PAIR = Battery(
    lambda draw: iter([(draw.normal(2, 3),), (draw.normal(5),)]),
    oracle=lambda x: (x**2, x**3),
)
CUT = replace(
    SQUARES, oracle=lambda x, w: (x * x * w.detach()).sum(-1), edges=None
)


class Cell(nn.Module):
    def __init__(self):
        super().__init__()
        self.weights = nn.Parameter(torch.ones(3))

    def forward(self, x):
        return x * self.weights


class Plain:
    def forward(self, x):
        return x


def written_over(x, w):
    copy = x.clone()
    result = right(copy, w)
    copy.zero_()
    return result


def changed(x, w):
    result = right(x, w)
    w.zero_()
    return result


def only(condition, otherwise):
    """Return an answer that is right but for some inputs."""
    return lambda x, w: otherwise(x, w) if condition(x, w) else right(x, w)


def stops(*arguments):
    raise KeyError("no such thing")


WRONG = {
    "not started": ("H00", lambda x, w: ...),
    "one argument": ("H04", lambda x: x),
    "raises": ("H06", stops),
    "no memory": ("H07", lambda x, w: x.new_empty(1 << 55)),
    "nothing returned": ("H10", lambda x, w: None),
    "a list": ("H11", lambda x, w: right(x, w).tolist()),
    "an axis too many": ("H12", lambda x, w: right(x, w)[:, None]),
    "float32": ("H13", lambda x, w: right(x, w).float()),
    "on the processor": ("H14", lambda x, w: right(x, w) + torch.zeros(1)),
    "made there": ("H14", lambda x, w: torch.zeros(len(x)).double()),
    "numbers read": (
        "H15",
        lambda x, w: right(x, w) * (float(x.sum()) is not None),
    ),
    "a cube": ("H20", lambda x, w: (x**3 * w).sum(-1)),
    "nan": ("H21", lambda x, w: right(x, w) / 0),
    "no bfloat16": (
        "H23",
        only(lambda x, w: x.dtype == torch.bfloat16, stops),
    ),
    "rough": (
        "H22",
        only(
            lambda x, w: x.dtype == torch.float32, lambda x, w: right(x, w) + 1
        ),
    ),
    "written over": ("H30", written_over),
    "cut": ("H31", lambda x, w: right(x, w.detach())),
    "cut everywhere": ("H31", lambda x, w: right(x, w).detach()),
    "root of 0": ("H32", lambda x, w: right(x, w) + (0 * x).sqrt().sum(-1)),
    "half of it": ("H34", lambda x, w: (x * x.detach() * w).sum(-1)),
    "not even": (
        "H40",
        only(lambda x, w: len(x) == 11, lambda x, w: (x * w).sum(-1)),
    ),
    "too large": ("H50", lambda x, w: right(x.clamp(-1e3, 1e3), w)),
    "empty": ("H51", only(lambda x, w: len(x) == 0, stops)),
    "view": ("H52", lambda x, w: right(x.view(-1).view_as(x), w)),
    "as it lies": (
        "H52",
        lambda x, w: right(x.as_strided(x.shape, (x.shape[1], 1)), w),
    ),
    "input changed": ("H53", changed),
    "einsum": ("H60", lambda x, w: torch.einsum("ij,ij,j->i", x, x, w)),
    "does not learn": (
        "H70",
        only(lambda x, w: len(x) == 13, lambda x, w: -right(x, w)),
    ),
}
OTHERS = {
    "one of two": ("H11", PAIR, lambda x: x**2),
    "three of two": ("H11", PAIR, lambda x: (x**2, x**3, x**4)),
    "gradient too many": ("H33", CUT, right),
    "other names": ("H61", MODULES, Cell),
    "no module": ("H62", MODULES, Plain),
}
EVERY = OTHERS | {
    name: (code, SQUARES, wrong) for name, (code, wrong) in WRONG.items()
}
OF_FILES = {
    "H00": "def f(x):\n    '''Words.'''\n    return ...  # mine\n",
    "H01": "def f(x:\n    return x\n",
    "H02": "import no_such_module\n",
    "H03": "def g(x):\n    return x\n",
}
OF_PROCESSES = {"H05": "time", "H08": "ended"}


@cache
def verdict(name):
    _, battery, wrong = EVERY[name]
    return verdict_of(wrong, battery)


@pytest.mark.parametrize("name", EVERY)
def test_every_fault_gets_its_code(name):
    assert verdict(name).code == EVERY[name][0]


@pytest.mark.parametrize("seed", range(3))
def test_what_is_right_gets_no_code(seed):
    assert verdict_of(right, seed=seed) == Verdict("mlp.softmax", "", STEPS)
    steps = ("runs", "shapes", "values", "gradients", "robust")
    for battery, answer in (
        (PAIR, lambda x: [x * x, x * x * x]),
        (MODULES, Scale),
    ):
        found = verdict_of(answer, battery, seed)
        assert (found.code, found.right) == ("", steps)
    cut = verdict_of(lambda x, w: right(x, w.detach()), CUT, seed)
    assert (cut.code, cut.right) == ("", STEPS)


@pytest.mark.parametrize("code", OF_FILES)
def test_a_file_that_cannot_be_used_gets_its_code(code):
    source, start = OF_FILES[code], "def f(x):\n    return ...\n"
    with pytest.raises(Stop) as caught:
        defined(compiled(source, "f.py", start), source, "f.py", "f")
    assert caught.value.code == code


class Ended:
    """A subject that gives no answers."""

    def __init__(self, kind):
        self.kind = kind

    def ask(self, request):
        return Answer(fault=Fault(self.kind, "Stop", "SIGKILL"))


def judged_by(subject):
    return judge("mlp.softmax", SQUARES, subject, 0)


def messages_of(verdict):
    invariants = {"even": {"en": "Not even.", "ko": "다르다.", "zh": "不同。"}}
    exercise = replace(SOFTMAX, invariants=invariants)
    return {
        language: messages.lines(verdict, exercise, language)
        for language in LANGUAGES
    }


@pytest.mark.parametrize("code", OF_PROCESSES)
def test_a_process_without_answers_gets_its_code(code):
    assert judged_by(Ended(OF_PROCESSES[code])).code == code


def test_every_code_of_the_messages_is_met_here():
    met = {code for code, *_ in EVERY.values()} | {*OF_FILES} | {*OF_PROCESSES}
    assert met == {id for id in messages.load() if re.match(r"H\d\d", id)}


BEFORE = {"H53": 2, "H61": 0, "H62": 0}
"""How many steps are right, where the second figure does not say it."""


@pytest.mark.parametrize("name", EVERY)
def test_the_steps_before_the_fault_are_right(name):
    """What is said to be right is the beginning of the list of steps."""
    code, said = EVERY[name][0], verdict(name).right
    assert said == STEPS[: len(said)]
    if name not in ("nothing returned", "a list"):
        assert len(said) == BEFORE.get(code, int(code[1]))


def test_the_first_fault_is_told():
    faults = [
        ("H06", lambda x, w: 1 / 0 if len(x) == 7 else None),
        ("H12", lambda x, w: (x**3)[:, :1] * w[0]),
        ("H13", lambda x, w: (x**3 * w).sum(-1).float()),
        ("H20", lambda x, w: torch.einsum("ij,j->i", x, w)),
        ("H31", lambda x, w: right(x.view(-1).view_as(x), w).detach()),
    ]
    assert [verdict_of(wrong).code for _, wrong in faults] == [
        "H10",
        *(code for code, _ in faults[1:]),
    ]


def test_a_battery_without_an_oracle_asks_less():
    battery = Battery(
        lambda draw: iter([(draw.normal(3),)]),
        invariants={"even": lambda call, draw: bool(call(draw.normal(3)) > 0)},
    )
    found = verdict_of(lambda x: (x * x).sum(), battery)
    assert found.right == ("runs", "invariants", "robust")
    assert verdict_of(lambda x: -(x * x).sum(), battery).code == "H40"
    assert verdict_of(lambda x: x.zero_().sum() + 1, battery).code == "H53"


def test_a_seed_gives_the_same_numbers_again():
    one, two, other = (
        verdict_of(WRONG["a cube"][1], seed=s) for s in (1, 1, 2)
    )
    assert one == two
    assert one.values != other.values
    assert torch.equal(Draw(3).normal(5), Draw(3).normal(5))
    assert not torch.equal(Draw(3).normal(5), Draw(4).normal(5))


@pytest.mark.parametrize("name", EVERY)
def test_a_fault_is_told_in_few_lines(name):
    code, found = EVERY[name][0], verdict(name)
    for language, lines in messages_of(found).items():
        assert 2 <= len(lines) <= 6
        text = "\n".join(lines)
        assert "Traceback" not in text
        assert "File " not in text
        word = "word.not-started" if code == "H00" else "word.fail"
        assert text.startswith(messages.say(word, language))


def test_the_message_names_what_is_there_and_what_should_be():
    found = messages_of(verdict("an axis too many"))
    for lines in found.values():
        assert {"(2, 1)", "(2,)"} <= {*re.findall(r"\([\d, ]+\)", lines[2])}
        assert lines[3].endswith("x (2, 3), w (3,)")
    raised = messages_of(verdict_of(stops, file=__file__))["en"]
    assert "KeyError" in raised[1]
    assert raised[2].endswith('raise KeyError("no such thing")')


def test_every_word_exists_in_three_languages_with_the_same_gaps():
    found = messages.load()
    assert len(found) > 60
    for id, words in found.items():
        gaps = [
            sorted(
                (name, form)
                for _, name, form, _ in string.Formatter().parse(words[one])
                if name is not None
            )
            for one in LANGUAGES
        ]
        assert gaps[0] == gaps[1] == gaps[2], id
        assert all(words[one].strip() for one in LANGUAGES), id
