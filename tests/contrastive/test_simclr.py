"""SimCLR against explicit loops, the authors' code, and two processes."""

import math
from dataclasses import replace
from pathlib import Path

import pytest
import torch
from contrastive import simclr_two
from contrastive.simclr_two import one_step, small, views
from torch import nn
from torch.nn.functional import cross_entropy, normalize, one_hot
from torch.testing import assert_close

from pfs import ledger
from pfs.contrastive.simclr import (
    CIFAR,
    IMAGENET,
    TINY,
    SimCLR,
    gather,
    make_head,
    nt_xent,
)
from pfs.training.launch import launch

DOUBLE = torch.float64
EXACT = {"rtol": 1e-9, "atol": 1e-9}
TEMPERATURES = [0.07, 0.5, 3.0]


def normal(*shape, seed=0):
    chance = torch.Generator().manual_seed(seed)
    return torch.randn(shape, generator=chance, dtype=DOUBLE)


def pair(batch=5, size=4, seed=0):
    both = normal(2, batch, size, seed=seed)
    return [view.clone().requires_grad_() for view in both]


def loops(first, second, temperature):
    """Equation 1 and Algorithm 1, number by number, views side by side."""
    z = [v for views in zip(first, second, strict=True) for v in views]

    def sim(a, b):
        return (a @ b) / (a.norm() * b.norm())

    def loss(i, j):
        others = [
            (sim(z[i], z[k]) / temperature).exp()
            for k in range(len(z))
            if k != i
        ]
        return -((sim(z[i], z[j]) / temperature).exp() / sum(others)).log()

    n = len(first)
    total = sum(
        loss(2 * k, 2 * k + 1) + loss(2 * k + 1, 2 * k) for k in range(n)
    )
    return total / (2 * n)


def authors(first, second, temperature):
    """The steps of the authors' objective.py: blocks, 1e9, two losses."""
    a, b = normalize(first, dim=1), normalize(second, dim=1)
    n = len(a)
    mask, labels = 1e9 * torch.eye(n, dtype=a.dtype), torch.arange(n)
    aa, bb = a @ a.T / temperature - mask, b @ b.T / temperature - mask
    ab, ba = a @ b.T / temperature, b @ a.T / temperature
    one = cross_entropy(torch.cat([ab, aa], 1), labels)
    return one + cross_entropy(torch.cat([ba, bb], 1), labels)


def slopes(loss, leaves):
    return torch.autograd.grad(loss, leaves)


# The loss.


@pytest.mark.parametrize("temperature", TEMPERATURES)
@pytest.mark.parametrize("batch", [1, 2, 5])
def test_equals_the_double_loop(batch, temperature):
    leaves = pair(batch)
    ours, theirs = nt_xent(*leaves, temperature), loops(*leaves, temperature)
    assert_close(ours, theirs, **EXACT)
    for a, b in zip(*(slopes(x, leaves) for x in (ours, theirs)), strict=True):
        assert_close(a, b, **EXACT)


@pytest.mark.parametrize("temperature", TEMPERATURES)
def test_the_authors_code_gives_twice_the_paper(temperature):
    leaves = pair(7)
    ours = nt_xent(*leaves, temperature, form="official")
    theirs = authors(*leaves, temperature)
    assert_close(ours, theirs, **EXACT)
    assert_close(ours, 2 * nt_xent(*leaves, temperature), **EXACT)
    for a, b in zip(*(slopes(x, leaves) for x in (ours, theirs)), strict=True):
        assert_close(a, b, **EXACT)


@pytest.mark.parametrize(("batch", "name"), [(256, "256"), (4096, "4096")])
def test_collapsed_features_cost_what_the_ledger_says(batch, name):
    """All are the same: every one of the 2N - 1 others is as likely."""
    want = ledger.value(f"simclr-loss-collapsed-{name}")
    z = torch.ones(batch, 1)
    if batch > 1000:  # a quarter of a gigabyte otherwise
        assert math.log(2 * batch - 1) == pytest.approx(want, rel=1e-5)
        return
    for temperature in TEMPERATURES:
        loss = nt_xent(z, z, temperature).item()
        assert loss == pytest.approx(want, rel=1e-5)


def test_perfect_and_orthogonal_features_cost_what_the_ledger_says():
    z = torch.eye(256)
    loss = nt_xent(z, z, 0.5).item()
    assert loss == pytest.approx(ledger.value("simclr-loss-perfect-256"), 1e-4)


def test_one_image_has_no_negatives():
    leaves = pair(1)
    loss = nt_xent(*leaves, 0.5)
    assert loss.item() == 0
    for slope in slopes(loss, leaves):
        assert_close(slope, torch.zeros_like(slope), rtol=0, atol=0)


@pytest.mark.parametrize("temperature", TEMPERATURES)
def test_the_gradient_is_softmax_minus_target(temperature):
    """By the unit vectors, and from there through the normalization."""
    first, second = pair()
    z = torch.cat([first, second]).detach()
    n, length = len(z), z.norm(dim=1, keepdim=True)
    u = z / length
    s = (u @ u.T / temperature).fill_diagonal_(-torch.inf)
    off = s.softmax(1) - one_hot((torch.arange(n) + n // 2) % n, n)
    by_u = (off + off.T) @ u / (n * temperature)
    want = (by_u - (by_u * u).sum(1, keepdim=True) * u) / length
    got = slopes(nt_xent(first, second, temperature), [first, second])
    assert_close(torch.cat(got), want, **EXACT)
    along = (torch.cat(got) * z).sum(1)  # the length of z does not matter
    assert_close(along, torch.zeros_like(along), **EXACT)


def test_nothing_depends_on_lengths_order_or_who_is_first():
    first, second = pair(6)
    loss = nt_xent(first, second, 0.3)
    long = torch.arange(1, 7, dtype=DOUBLE)[:, None]
    assert_close(nt_xent(first * long, second / long, 0.3), loss, **EXACT)
    assert_close(nt_xent(second, first, 0.3), loss, **EXACT)
    mixed = torch.tensor([3, 0, 5, 1, 4, 2])
    assert_close(nt_xent(first[mixed], second[mixed], 0.3), loss, **EXACT)
    assert abs(nt_xent(first, second[mixed], 0.3) - loss) > 1e-3


@pytest.mark.parametrize("temperature", [1e-3, 0.07])
@pytest.mark.parametrize("dtype", [torch.float32, torch.bfloat16])
def test_small_temperatures_stay_finite(temperature, dtype):
    leaves = [x.detach().to(dtype).requires_grad_() for x in pair(64, 16)]
    loss = nt_xent(*leaves, temperature)
    assert loss.isfinite()
    assert loss.dtype == dtype
    for slope in slopes(loss, leaves):
        assert slope.isfinite().all()


def test_runs_without_data_and_leaves_its_inputs_alone():
    z = torch.ones(3, 2, device="meta")
    assert nt_xent(z, z, 0.5).device.type == "meta"
    first, second = (x.detach() for x in pair())
    before = first.clone(), second.clone()
    nt_xent(first, second, 0.5)
    assert_close((first, second), before, rtol=0, atol=0)


# The model.


def method(norm=False, **changes):
    torch.manual_seed(0)
    layers = [nn.Flatten(), nn.Linear(4, 6), nn.BatchNorm1d(6)]
    encoder = nn.Sequential(*(layers if norm else layers[:2]))
    return SimCLR(encoder, replace(TINY, **changes)).double()


def test_the_loss_sees_the_head_and_the_probe_does_not():
    model = method()
    first, second = views()
    h = model.encoder(first)
    assert_close(model.features(first), h, rtol=0, atol=0)
    one, _, two = model.head
    z = (h @ one.weight.T + one.bias).clamp(min=0) @ two.weight.T + two.bias
    assert_close(model.embed(first), normalize(z, dim=1), **EXACT)
    other = model.head(model.encoder(second))
    assert_close(model(first, second), loops(z, other, 0.5), **EXACT)


def test_the_index_of_an_image_does_not_matter():
    model, index = method(), torch.arange(6)
    assert_close(model(*views(), index), model(*views()), rtol=0, atol=0)


def test_both_views_share_the_statistics_of_a_batch_normalization():
    model = method(norm=True)
    first, second = views()
    z = model.head(model.encoder(torch.cat([first, second])))
    assert_close(model(first, second), loops(z[:6], z[6:], 0.5), **EXACT)
    apart = [model.head(model.encoder(x)) for x in (first, second)]
    assert abs(model(first, second) - loops(*apart, 0.5)) > 1e-6


def kinds(model):
    return [type(layer).__name__ for layer in model]


def test_the_three_heads():
    assert kinds(make_head(TINY)) == ["Linear", "ReLU", "Linear"]
    assert kinds(make_head(replace(TINY, head="linear"))) == ["Linear"]
    assert kinds(make_head(replace(TINY, norm=True))) == [
        *("Linear", "BatchNorm1d", "ReLU", "Linear", "BatchNorm1d")
    ]
    bare = method(head="none", embedding_size=6)
    first, second = views()
    h = [bare.encoder(x) for x in (first, second)]
    assert_close(bare(first, second), loops(*h, 0.5), **EXACT)


def test_the_authors_head_has_one_bias_in_the_middle():
    head = make_head(replace(TINY, norm=True))
    learnt = {n for n, p in head.named_parameters() if p.requires_grad}
    assert learnt == {"0.weight", "1.weight", "1.bias", "3.weight", "4.weight"}
    assert not head[4].bias.any()


def test_sizes_are_those_of_the_paper():
    sizes = [tuple(p.shape) for p in make_head(IMAGENET).parameters()]
    assert sizes == [(2048, 2048), (2048,), (128, 2048), (128,)]
    assert IMAGENET.embedding_size == ledger.value("simclr-embedding")
    assert IMAGENET.temperature == ledger.value("simclr-temperature")
    assert CIFAR.temperature == ledger.value("simclr-cifar-temperature")
    made = make_head(IMAGENET).parameters()
    count = sum(p.numel() for p in made)
    assert count == ledger.value("simclr-head-parameters")


def test_every_process_sees_more_negatives_than_images():
    batch = ledger.value("simclr-batch-largest")
    assert 2 * (batch - 1) == ledger.value("simclr-negatives-largest")


def test_the_form_of_the_config_is_used():
    first, second = views()
    twice = method(form="official")(first, second)
    assert_close(twice, 2 * method()(first, second), **EXACT)


# Several processes.


def test_alone_nothing_is_gathered():
    rows = normal(2, 3).requires_grad_()
    assert gather(rows) is rows


def test_two_processes_equal_one(tmp_path):
    """Loss and averaged gradients; and what comes back through `gather`."""
    program = str(Path(simclr_two.__file__))
    assert launch([program, str(tmp_path)], 2) == 0
    there = [torch.load(tmp_path / f"{rank}.pt") for rank in (0, 1)]
    for number, form in enumerate(("paper", "official")):
        loss, gradients = one_step(small(form))
        for results in there:
            assert results[number][0] == pytest.approx(loss, rel=1e-12)
            for got, want in zip(results[number][1], gradients, strict=True):
                assert_close(got, want, **EXACT)
    rows = torch.tensor([1.0, 1.0, 2.0, 2.0])[:, None].expand(4, 3)
    for rank, results in enumerate(there):
        every, slope = results[2]
        assert_close(every, rows)
        # 1 + 10 times the place of the row among all rows
        want = 11 * torch.tensor([2.0 * rank, 2.0 * rank + 1])
        assert_close(slope, want[:, None].expand(2, 3))
