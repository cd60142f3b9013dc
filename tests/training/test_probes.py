"""What features are worth, by formula, by scikit-learn, and at the ends."""

import math

import numpy
import pytest
import torch
from sklearn.linear_model import LogisticRegression
from sklearn.preprocessing import StandardScaler

from pfs.data import digits
from pfs.errors import PfsValueError
from pfs.nn import l2_normalize
from pfs.training import probes
from pfs.training.probes import (
    NEIGHBOURS,
    alignment,
    knn_accuracies,
    linear_probe,
    spread,
    uniformity,
)


@pytest.fixture
def generator():
    return torch.Generator().manual_seed(0)


def plainly(test, train, labels, k, temperature):
    """The vote once more, image by image."""
    guesses = []
    for x in test:
        cosines = torch.stack(
            [x @ y / (x.norm() * y.norm()) for y in train]
        ).double()
        votes = {}
        for i in cosines.argsort(descending=True)[:k].tolist():
            weight = (cosines[i] / temperature).exp().item()
            votes[labels[i].item()] = votes.get(labels[i].item(), 0) + weight
        guesses.append(max(votes, key=votes.get))
    return torch.tensor(guesses)


@pytest.mark.parametrize("temperature", [0.1, 1.0])
def test_the_vote_is_that_of_the_formula(temperature, generator):
    train = torch.randn(300, 5, generator=generator)
    labels = torch.randint(4, (300,), generator=generator)
    test = torch.randn(40, 5, generator=generator)
    truth = torch.randint(4, (40,), generator=generator)
    got = knn_accuracies(train, labels, test, truth, temperature)
    for k, accuracy in zip(NEIGHBOURS, got, strict=True):
        right = plainly(test, train, labels, k, temperature) == truth
        assert accuracy == right.double().mean().item()


def test_one_near_neighbour_outvotes_two_far_ones():
    """With weights, and only as long as the temperature is low."""
    train = torch.tensor([[1.0, 0.0], [0.0, 1.0], [0.0, 1.0]])
    labels = torch.tensor([0, 1, 1])
    test, truth = torch.tensor([[1.0, 0.1]]), torch.tensor([0])
    assert knn_accuracies(train, labels, test, truth, 0.1, [3]) == [1.0]
    assert knn_accuracies(train, labels, test, truth, 9.0, [3]) == [0.0]


@pytest.fixture(scope="module")
def pixels():
    data = digits.load()
    train, test = (
        t.flatten(1).double() / 255
        for t in (data.train_images, data.test_images)
    )
    return train, data.train_labels, test, data.test_labels


def test_the_probe_finds_what_scikit_learn_finds(pixels):
    train, labels, test, truth = pixels
    scale = StandardScaler().fit(train.numpy())
    theirs = LogisticRegression(max_iter=2000, tol=1e-6)
    theirs.fit(scale.transform(train.numpy()), labels.numpy())
    wanted = theirs.score(scale.transform(test.numpy()), truth.numpy())
    assert abs(linear_probe(*pixels) - wanted) < 0.004
    single = linear_probe(train.float(), labels, test.float(), truth)
    assert abs(single - wanted) < 0.004


@pytest.mark.parametrize("decay", [0.3, 3.0])
def test_the_minimum_is_the_same_class_by_class(decay, generator):
    """Few images and noisy labels, where the decay decides a lot."""
    train = torch.randn(60, 7, generator=generator).double()
    train = train @ torch.randn(7, 7, generator=generator).double() + 3
    labels = torch.randint(3, (60,), generator=generator)
    tests = torch.randn(2000, 7, generator=generator).double() * 2 + 3
    scale = StandardScaler().fit(train.numpy())
    theirs = LogisticRegression(C=1 / decay, max_iter=5000, tol=1e-9)
    theirs.fit(scale.transform(train.numpy()), labels.numpy())
    guess = theirs.predict(scale.transform(tests.numpy()))
    guess = torch.from_numpy(guess.astype(numpy.int64))
    found = linear_probe(train, labels, tests, guess, decay, steps=2000)
    assert found == 1.0


def test_a_feature_that_never_changes_does_no_harm(pixels):
    train, labels, test, truth = pixels
    assert (train.std(0) == 0).any()
    constant = train.clone()
    constant[:] = 0.5
    assert 0 < linear_probe(constant, labels, test, truth) < 0.2


def test_the_probe_has_no_seed(pixels):
    train, labels, test, truth = pixels
    torch.manual_seed(5)
    first = linear_probe(train, labels, test, truth, steps=9)
    torch.manual_seed(6)
    assert linear_probe(train, labels, test, truth, steps=9) == first


def test_alignment_is_the_mean_over_pairs(generator):
    first = l2_normalize(torch.randn(9, 4, generator=generator).double())
    second = l2_normalize(torch.randn(9, 4, generator=generator).double())
    each = [
        sum((a - b) ** 2 for a, b in zip(x, y, strict=True)).item()
        for x, y in zip(first, second, strict=True)
    ]
    assert alignment(first, second).item() == pytest.approx(sum(each) / 9)
    assert alignment(first, first) == 0
    assert alignment(first, -first).item() == pytest.approx(4)
    cosines = (first * second).sum(1)
    value = alignment(first, second).item()
    assert value == pytest.approx((2 - 2 * cosines).mean().item())


@pytest.mark.parametrize("t", [0.5, 2.0])
def test_uniformity_is_the_mean_over_pairs(t, generator, monkeypatch):
    """Also if not all pairs are looked at at once."""
    x = l2_normalize(torch.randn(11, 4, generator=generator).double())
    each = [
        math.exp(-t * (x[i] - x[j]).square().sum().item())
        for i in range(11)
        for j in range(i)
    ]
    wanted = math.log(sum(each) / len(each))
    for rows in (500, 4, 5, 1):
        monkeypatch.setattr(probes, "ROWS", rows)
        assert uniformity(x, t).item() == pytest.approx(wanted, rel=1e-9)


def test_uniformity_at_its_ends():
    assert uniformity(torch.ones(5, 1)).item() == 0
    collapsed = l2_normalize(torch.ones(7, 3)).double()
    assert uniformity(collapsed).item() == pytest.approx(0, abs=1e-6)
    two = torch.tensor([[1.0, 0.0], [-1.0, 0.0]])
    assert uniformity(two).item() == -8  # the squared distance is 4
    cross = torch.cat([torch.eye(2), -torch.eye(2)])
    wanted = math.log((4 * math.exp(-4) + 2 * math.exp(-8)) / 6)
    assert uniformity(cross).item() == pytest.approx(wanted)


def test_both_averages_have_gradients(generator):
    x = torch.randn(6, 3, generator=generator).double().requires_grad_()
    y = torch.randn(6, 3, generator=generator).double()
    torch.autograd.gradcheck(lambda x: uniformity(l2_normalize(x)), x)
    torch.autograd.gradcheck(lambda x: alignment(l2_normalize(x), y), x)


def test_what_has_collapsed_has_no_spread(generator):
    wide = torch.randn(4000, 64, generator=generator)
    assert spread(wide) == pytest.approx(1, abs=0.02)
    assert spread(torch.ones(5, 1) * wide[:1]) == pytest.approx(0, abs=1e-6)
    lengths = torch.linspace(1, 9, 5)[:, None]
    assert spread(lengths * wide[:1]) == pytest.approx(0, abs=1e-6)


def test_wishes_that_cannot_be_are_refused():
    x, y = torch.eye(3), torch.arange(3)
    wrong = [
        lambda: knn_accuracies(x, y, x, y, 0.0),
        lambda: knn_accuracies(x, y, x, y, 0.1, [0]),
        lambda: linear_probe(x, y, x, y, decay=0.0),
        lambda: linear_probe(x, y, x, y, steps=0),
        lambda: uniformity(x[:1]),
    ]
    for call in wrong:
        with pytest.raises(PfsValueError) as caught:
            call()
        assert caught.value.code == "A01"
