"""Counting what stands between its neighbours, against the definition."""

import math
import os
from collections import Counter

import pytest
import torch

from pfs import ledger
from pfs.data import load, story
from pfs.errors import PfsValueError
from pfs.text.cleaning import letters_and_spaces
from pfs.text.vocabulary import Vocabulary
from pfs.training import floors
from pfs.training.between import between


def ids_of(text):
    return torch.tensor([ord(c) - ord("a") for c in text])


def probability(text, whole, t, n, symbols):
    """(1), as it is written: from the empty context up to `n` neighbours."""
    p = [1 / symbols] * symbols
    for k in range(n + 1):
        left, right = (k + 1) // 2, k // 2
        if t < left or t + right >= len(whole):
            continue
        before = whole[t - left : t]
        after = whole[t + 1 : t + 1 + right]
        seen = Counter(
            text[s]
            for s in range(left, len(text) - right)
            if text[s - left : s] == before
            and text[s + 1 : s + 1 + right] == after
        )
        if seen:
            c, u = sum(seen.values()), len(seen)
            p = [
                (seen[chr(97 + w)] + u * p[w]) / (c + u) for w in range(symbols)
            ]
    assert math.isclose(sum(p), 1)
    return p


def test_every_number_is_that_of_the_definition():
    generator = torch.Generator().manual_seed(0)
    drawn = torch.randint(4, (300,), generator=generator)
    drawn[1::3] = (drawn[::3] + drawn[2::3]) % 5
    text = "".join(chr(97 + i) for i in drawn.tolist())
    counted = between(ids_of(text[:250]), ids_of(text[250:]), 5, sides=3)
    for k in (1, 2, 3):
        nats, right = 0.0, 0
        for t in range(250, 300):
            p = probability(text[:250], text, t, 2 * k, 5)
            nats -= math.log(p[ord(text[t]) - 97])
            right += p.index(max(p)) == ord(text[t]) - 97
        assert counted.perplexities[k - 1] == pytest.approx(
            math.exp(nats / 50), rel=1e-12
        )
        assert counted.accuracies[k - 1] == right / 50
    assert counted.best == min(counted.perplexities)


def test_what_both_neighbours_decide_is_known_from_one_on_each_side():
    """The symbol in the middle of three is known from the outer two."""
    generator = torch.Generator().manual_seed(0)
    a, b = torch.randint(2, (2, 400), generator=generator)
    ids = torch.stack([a, 2 + 2 * a + b, 6 + b], 1).flatten()
    gaps = between(ids[:900], ids[900:], 8, sides=1)
    left = floors(ids[:900], ids[900:], 8, max_order=4)
    assert gaps.perplexities[0] < 1.1
    # From the left, two of three symbols are a free choice among two.
    assert left.best > 2 ** (2 / 3)


@pytest.mark.parametrize("language", ["en", "ko", "zh"])
def test_both_sides_know_more_than_the_left_one(language):
    text = story(language)
    vocabulary = Vocabulary.from_text(text)
    ids = vocabulary.encode(text)
    cut = len(ids) * 9 // 10
    gaps = between(ids[:cut], ids[cut:], len(vocabulary))
    left = floors(ids[:cut], ids[cut:], len(vocabulary))
    assert gaps.best < 0.7 * left.best
    assert gaps.accuracies[0] < gaps.accuracies[2]


def test_the_last_symbol_has_a_left_side_only():
    """Beyond the end nothing is seen: neither the text nor its beginning."""
    ids = ids_of("abababab")
    gaps = between(ids[:6], ids[6:], 2, sides=2)
    assert all(1 < p < 2 for p in gaps.perplexities)


@pytest.mark.parametrize(
    ("text", "held_out", "sides", "code"),
    [("", "a", 1, "X06"), ("a", "", 1, "X06"), ("a", "a", 0, "A01")],
)
def test_what_cannot_be_counted_is_refused(text, held_out, sides, code):
    with pytest.raises(PfsValueError) as caught:
        between(ids_of(text).long(), ids_of(held_out).long(), 3, sides)
    assert caught.value.code == code


def test_the_gaps_of_the_novel_are_as_the_ledger_says():
    if not os.environ.get("PFS_DATA"):
        assert ledger.value("time-machine-gaps-perplexity") < 1.9
        return
    text = letters_and_spaces(load("time-machine"))
    vocabulary = Vocabulary.from_text(text)
    ids = vocabulary.encode(text)
    cut = int(len(ids) * 0.9)
    gaps = between(ids[:cut], ids[cut:], len(vocabulary))
    wanted = ledger.value("time-machine-gaps-perplexity")
    assert gaps.perplexities[2] == pytest.approx(wanted, rel=0.003)
