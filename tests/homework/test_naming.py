"""A known mistake is named however it is written; nothing else ever is."""

import pytest
import torch
from homework.small import SOFTMAX, asked, of

from pfs.homework import naming
from pfs.homework.subject import OutOfTime

EXERCISES = [SOFTMAX, of("rnn.cell")]
MISTAKES = [(one, mistake) for one in EXERCISES for mistake in one.mistakes()]
RIGHT = [
    (one, source)
    for one in EXERCISES
    for source in (one.solution, *one.right.values())
]
HEAD = "import torch\n\n\ndef softmax(x, dim):\n"
OTHERWISE = {
    "no-maximum": "    return x.exp() / x.exp().sum(dim, True)\n",
    "last-axis": "    return (x - x.logsumexp(-1, True)).exp()\n",
    "powers-of-two": (
        "    y = 2 ** (x - x.amax(dim, keepdim=True))\n"
        "    return y / y.sum(dim, keepdim=True)\n"
    ),
    "detached": (
        "    with torch.no_grad():\n"
        "        y = (x - x.amax(dim, True)).exp()\n"
        "    return y / y.sum(dim, True)\n"
    ),
}
UNKNOWN = {
    "powers of three": "    return 3**x / (3**x).sum(dim, True)\n",
    "in float32": "    return x.float().softmax(dim).to(x.dtype)\n",
    "all zeros": "    return torch.zeros_like(x)\n",
    "raises": "    raise KeyError(dim)\n",
    "half": "    return (x - x.logsumexp(dim, True)).exp() / 2\n",
    "nearly a known one": (
        "    y = 2 ** (x - x.amax(dim, keepdim=True))\n"
        "    return y / y.sum(dim, keepdim=True) + 1e-6\n"
    ),
}


def verdict(exercise, source):
    return naming.named(exercise, source, "<answer>", seed=3)


@pytest.mark.parametrize(
    ("exercise", "mistake"), MISTAKES, ids=lambda one: getattr(one, "id", "")
)
def test_a_known_mistake_is_named(exercise, mistake):
    found = verdict(exercise, mistake.applied(exercise.solution))
    assert (found.code, found.mistake) == (mistake.code, mistake.name)


@pytest.mark.parametrize("name", OTHERWISE)
def test_the_same_mistake_written_otherwise_is_named(name):
    assert verdict(SOFTMAX, HEAD + OTHERWISE[name]).mistake == name


@pytest.mark.parametrize("name", UNKNOWN)
def test_another_mistake_is_not_named(name):
    found = verdict(SOFTMAX, HEAD + UNKNOWN[name])
    assert found.code
    assert found.mistake == ""


@pytest.mark.parametrize(
    ("exercise", "source"), RIGHT, ids=lambda one: getattr(one, "id", "")
)
def test_what_is_right_is_never_named(exercise, source):
    assert verdict(exercise, source).passed
    naming.ready(exercise)
    mine = naming.print_of(exercise, asked(exercise, source))
    bank = naming.bank(exercise.id)
    assert len(bank) == len(exercise.mistakes())
    assert [name for name in bank if naming.alike(mine, bank[name])] == []


def test_a_mistake_with_another_code_is_not_named():
    answer = asked(SOFTMAX, HEAD + OTHERWISE["powers-of-two"])
    assert naming.name(SOFTMAX, answer, "H20") == "powers-of-two"
    for code in ("H50", "H06", "H13", "H31"):
        assert naming.name(SOFTMAX, answer, code) == ""


def test_what_was_forbidden_or_touched_tells_mistakes_apart():
    plain = asked(SOFTMAX, SOFTMAX.solution)
    mine = naming.print_of(SOFTMAX, plain)
    for source in (
        HEAD + "    return torch.softmax(x, dim)\n",
        SOFTMAX.solution.replace("powers =", "x += 0 * x + 1; powers ="),
        SOFTMAX.solution.replace("torch.exp(x", "torch.exp(x.detach()"),
    ):
        theirs = naming.print_of(SOFTMAX, asked(SOFTMAX, source))
        assert not naming.alike(mine, theirs)
    assert naming.alike(mine, naming.print_of(SOFTMAX, plain))


def test_without_time_for_a_name_the_fault_is_told(monkeypatch):
    def late(*arguments):
        raise OutOfTime

    monkeypatch.setattr(naming, "name", late)
    found = verdict(SOFTMAX, HEAD + OTHERWISE["powers-of-two"])
    assert (found.code, found.mistake) == ("H20", "")
    assert torch.is_grad_enabled()
