import os

import pytest
import torch
from hypothesis import given, settings
from hypothesis import strategies as st

from pfs.data import load, story
from pfs.errors import PfsFileError, PfsValueError
from pfs.text import Vocabulary, letters_and_spaces
from pfs.training import floors, ngram_perplexities


def split(text):
    vocabulary = Vocabulary.from_text(text)
    ids = vocabulary.encode(text)
    cut = int(len(ids) * 0.9)
    return ids[:cut], ids[cut:], len(vocabulary)


def raw(name):
    return lambda: load(name)


# The perplexities of orders 1, 2, ... measured when the ledger was made.
KNOWN = {
    "first edition": (
        lambda: letters_and_spaces(load("time-machine"), edition=1),
        170_580,
        27,
        [17.06, 10.00, 6.86, 5.15, 4.69, 4.88],
    ),
    "second edition": (
        lambda: letters_and_spaces(load("time-machine")),
        173_428,
        27,
        [16.73, 9.60, 6.38, 4.63, 4.09, 4.16],
    ),
    "as it is": (
        raw("time-machine"),
        178_979,
        70,
        [21.70, 11.29, 7.19, 5.35, 4.90, 5.12],
    ),
    "Korean": (raw("ingan-munje"), 239_261, 1247, [96.3, 21.05, 13.88, 13.48]),
    "Chinese": (raw("hulanhe-zhuan"), 98_906, 2272, [315.5, 76.8, 74.5, 83.7]),
}


@pytest.mark.parametrize("name", KNOWN)
def test_the_floors_of_the_novels_are_the_published_ones(name, monkeypatch):
    text, characters, symbols, expected = KNOWN[name]
    if not os.environ.get("PFS_DATA"):
        monkeypatch.setenv("PFS_HOME", "/nowhere")
        monkeypatch.setattr("pfs.data.datasets.fetch", refuse)
        with pytest.raises(PfsFileError) as caught:
            text()
        assert caught.value.code in {"D01", "D07"}
        return
    content = text()
    train, held_out, size = split(content)
    assert (len(content), size) == (characters, symbols)
    got = ngram_perplexities(train, held_out, len(expected), size)
    assert got == pytest.approx(expected, rel=0.002)


def refuse(name, *rest):
    raise PfsFileError("D01", where=name, expected="", got="", todo="")


@pytest.mark.parametrize("language", ["en", "ko", "zh"])
def test_the_floors_of_the_story_are_in_order(language):
    train, held_out, symbols = split(story(language))
    floor = floors(train, held_out, symbols)
    assert floor.uniform == symbols
    assert floor.best < floor.unigram < floor.uniform
    assert floor.best == floor.ngrams[floor.best_order - 1]


def slow(train, held_out, order, symbols):
    """Witten and Bell's formula, as it stands, without a trick."""
    counted, whole = train.tolist(), train.tolist() + held_out.tolist()

    def p(w, h):
        shorter = p(w, h[1:]) if h else 1 / symbols
        follow = [
            counted[t + len(h)]
            for t in range(len(counted) - len(h))
            if counted[t : t + len(h)] == h
        ]
        u = len(set(follow))
        if not u:
            return shorter
        return (follow.count(w) + u * shorter) / (len(follow) + u)

    probabilities = [
        p(whole[t], whole[t - order + 1 : t])
        for t in range(len(counted), len(whole))
    ]
    logs = torch.tensor(probabilities, dtype=torch.float64).log()
    return logs.mean().neg().exp().item()


@settings(max_examples=30)
@given(st.lists(st.integers(0, 4), min_size=17, max_size=60))
def test_counting_fast_is_counting_right(symbols):
    ids = torch.tensor(symbols)
    train, held_out = ids[:11], ids[11:]
    got = ngram_perplexities(train, held_out, 3, 5)
    wanted = [slow(train, held_out, order, 5) for order in (1, 2, 3)]
    assert got == pytest.approx(wanted, rel=1e-9)


def test_probabilities_sum_to_one():
    """Perplexity of each possible next symbol: their 1/p add up to 1."""
    train = torch.tensor([0, 1, 1, 2, 0, 1])
    for order in (1, 2, 3):
        p = [
            1 / ngram_perplexities(train, torch.tensor([w]), order, 7)[-1]
            for w in range(7)
        ]
        assert sum(p) == pytest.approx(1, rel=1e-9)


@pytest.mark.parametrize(
    ("train", "held_out", "order", "code"),
    [(3, 3, 0, "A01"), (0, 3, 1, "X06"), (3, 0, 1, "X06")],
)
def test_nothing_to_count_is_an_error(train, held_out, order, code):
    with pytest.raises(PfsValueError) as caught:
        ngram_perplexities(
            torch.zeros(train, dtype=torch.long),
            torch.zeros(held_out, dtype=torch.long),
            order,
            2,
        )
    assert caught.value.code == code
