"""What was planted can be found by counting, and only there."""

import itertools

import numpy as np
import pytest
import torch

from pfs.data import load
from pfs.data.generated.planted_words import PlantedWords
from pfs.errors import PfsError


def vectors(corpus):
    """Positive pointwise mutual information, and 24 singular vectors."""
    place = {word: i for i, word in enumerate(corpus.vocabulary)}
    counts = np.zeros((len(place), len(place)))
    for sentence in corpus.sentences:
        for one, two in itertools.permutations(sentence, 2):
            counts[place[one], place[two]] += 1
    rows = counts.sum(1, keepdims=True)
    with np.errstate(divide="ignore", invalid="ignore"):
        mutual = np.log(counts * counts.sum() / (rows * rows.T))
    mutual = np.where(counts > 0, np.maximum(mutual, 0), 0)
    left, values, _ = np.linalg.svd(mutual)
    found = left[:, :24] * np.sqrt(values[:24])
    return {w: found[i] / np.linalg.norm(found[i]) for w, i in place.items()}


def solved(corpus):
    """The share of analogies that vector arithmetic solves."""
    known = vectors(corpus)
    words = [word for row in corpus.grid for word in row]
    right = 0
    for a, b, c, d in corpus.analogies:
        target = known[b] - known[a] + known[c]
        others = [w for w in words if w not in (a, b, c)]
        right += max(others, key=lambda w: known[w] @ target) == d
    return right / len(corpus.analogies)


def test_counting_finds_what_was_planted():
    corpus = load("planted-words", size=6_000)
    assert solved(corpus) > 0.9


def test_a_shuffled_corpus_has_nothing_to_find():
    corpus = load("planted-words", size=6_000)
    words = [word for sentence in corpus.sentences for word in sentence]
    order = torch.randperm(
        len(words), generator=torch.Generator().manual_seed(0)
    ).tolist()
    mixed = [words[i] for i in order]
    sentences = tuple(tuple(mixed[i : i + 5]) for i in range(0, len(mixed), 5))
    shuffled = PlantedWords(sentences, corpus.grid, corpus.analogies)
    assert solved(shuffled) < 0.15  # chance is 1 in 29


def test_words_of_a_class_are_alike():
    corpus = load("planted-words", size=6_000)
    known = vectors(corpus)
    same, other = [], []
    for (i, one), (j, two) in itertools.combinations(enumerate(corpus.grid), 2):
        assert i != j
        other += [known[a] @ known[b] for a in one for b in two]
    for row in corpus.grid:
        same += [known[a] @ known[b] for a, b in itertools.combinations(row, 2)]
    assert np.mean(same) > np.mean(other) + 0.2


def test_the_truth_is_that_of_the_grid():
    corpus = load("planted-words", size=100)
    where = {
        word: (row, column)
        for row, words in enumerate(corpus.grid)
        for column, word in enumerate(words)
    }
    assert len(where) == 32
    assert len(set(corpus.analogies)) == len(corpus.analogies) == 336
    for a, b, c, d in corpus.analogies:
        assert where[a][0] == where[b][0] != where[c][0] == where[d][0]
        assert where[a][1] == where[c][1] != where[b][1] == where[d][1]


def test_a_seed_decides_every_word():
    before = torch.random.get_rng_state()
    one = load("planted-words", size=50)
    assert torch.equal(torch.random.get_rng_state(), before)
    assert one == load("planted-words", size=50)
    assert one != load("planted-words", size=50, seed=1)
    assert len(load("planted-words", size=2_000).vocabulary) == 80


@pytest.mark.parametrize("options", [{"size": 0}, {"noise": 2.0}, {"seed": -1}])
def test_options_that_cannot_be_are_refused(options):
    with pytest.raises(PfsError) as caught:
        load("planted-words", **options)
    assert caught.value.code == "A01"
