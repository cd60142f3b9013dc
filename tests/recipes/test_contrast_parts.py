"""What the recipe of contrastive learning is put together from."""

import itertools
import math
from dataclasses import replace

import pytest
import torch
from torch import nn

from pfs.data.streams import place_of
from pfs.recipes.contrast import CONTRAST
from pfs.recipes.contrast_config import METHODS
from pfs.recipes.contrast_data import (
    AUTO,
    PRESETS,
    PairStream,
    read_pictures,
    views_of,
)
from pfs.recipes.contrast_model import Encoder, build, uninformed
from pfs.recipes.contrast_score import described
from pfs.recipes.contrast_training import groups_of

QUICK = replace(
    CONTRAST,
    images=96,
    features=16,
    vector_size=8,
    negatives=64,
    steps=6,
    batch_size=32,
    warmup=2,
    lr=0.03,
    evaluations=2,
    device="cpu",
)


@pytest.fixture(scope="module")
def pictures():
    full = read_pictures(QUICK)
    return replace(full, test=full.test[:40], test_labels=full.test_labels[:40])


def test_every_method_has_the_same_encoder_at_first(pictures):
    first = None
    for method in METHODS:
        torch.manual_seed(0)
        state = build(replace(QUICK, method=method), (1, 8, 8), 96)
        state = state.encoder.state_dict()
        first = first or state
        for name, p in state.items():
            assert torch.equal(p, first[name]), name


@pytest.mark.parametrize(
    ("method", "noise", "wanted"),
    [
        ("moco", 0, math.log(65)),
        ("moco-v2", 0, math.log(65)),
        ("simclr", 0, math.log(63)),
        ("inst-disc", 0, math.log(96)),
        ("inst-disc", 50, math.log(51) + 50 * math.log(51 / 50)),
        ("inva-spread", 0, math.log(32) + 31 * math.log(32 / 31)),
    ],
)
def test_what_a_method_loses_if_all_vectors_are_the_same(
    method, noise, wanted, pictures
):
    """Bank and queue included: then every cosine is 1."""
    config = replace(QUICK, method=method, noise=noise)
    assert uninformed(config, images=96) == pytest.approx(wanted)
    torch.manual_seed(0)
    made = build(config, (1, 8, 8), 96).double()
    flat = torch.full((32, 1, 8, 8), 0.5).double()
    vector = made.train().embed(flat)[:1].detach()
    for name in ("bank", "queue"):
        if hasattr(made, name):
            getattr(made, name)[:] = vector
    loss = made(flat, flat, torch.arange(32)).item()
    assert loss == pytest.approx(wanted, rel=1e-6)


def test_the_views_of_a_batch_depend_on_its_place_only(pictures):
    make = lambda **more: PairStream(
        pictures.train, 32, views_of(QUICK), seed=0, **more
    )
    stream = make()
    pairs = [next(stream) for _ in range(7)]
    assert place_of(stream) == {"round": 2, "place": 1}
    late = make()
    late.go_to(1, 1)
    assert place_of(late) == {"round": 1, "place": 1}
    for a, b in zip(next(late), pairs[4], strict=True):
        assert torch.equal(a, b)
    seen = {float(pair.first.sum()) for pair in pairs}
    assert len(seen) == 7
    assert not torch.equal(pairs[0].first, pairs[0].second)
    numbers = torch.cat([pair.numbers for pair in pairs[:3]])
    assert sorted(numbers.tolist()) == [*range(96)]


def test_no_two_batches_draw_the_same_views(pictures):
    """Here all pictures are the same one."""
    same = pictures.train[:1].expand(96, -1, -1, -1)
    stream = PairStream(same, 32, views_of(QUICK), seed=0)
    drawn = [next(stream).first for _ in range(5)]
    drawn += [next(PairStream(same, 32, views_of(QUICK), seed=1)).first]
    for a, b in itertools.combinations(drawn, 2):
        assert not torch.equal(a, b)


def test_the_rows_of_two_processes_are_those_of_one(pictures):
    halves = (slice(16), slice(16, 32))
    whole, first, second = (
        PairStream(pictures.train, 32, views_of(QUICK), seed=3, rows=rows)
        for rows in (slice(None), *halves)
    )
    for _ in range(4):
        parts = zip(next(first), next(second), strict=True)
        for a, b in zip(next(whole), parts, strict=True):
            assert torch.equal(a, torch.cat(b))


def test_views_are_chosen_by_the_data():
    assert views_of(QUICK).config == PRESETS["digits"]
    for data, preset in (*AUTO.items(), ("cifar10-subset", "cifar")):
        one = replace(QUICK, data=data)
        assert views_of(one).config == PRESETS[preset]
        named = replace(one, views="simclr")
        assert views_of(named).config == PRESETS["simclr"]


@pytest.mark.parametrize(
    ("side", "widths"),
    [(8, (4, 8, 16)), (28, (1, 2, 4, 8, 16)), (32, (1, 2, 4, 8, 16))],
)
def test_the_encoder_ends_with_maps_of_two_by_two(side, widths):
    encoder = Encoder(QUICK, (1, side, side))
    assert encoder.config.widths == widths
    maps = encoder.maps(torch.rand(2, 1, side, side))
    assert maps[-1].shape == (2, 16, 2, 2)
    assert not any(name.startswith("fc") for name in encoder.state_dict())


@pytest.mark.parametrize("views", [1, 2])
def test_parts_of_a_batch_have_statistics_of_their_own(views):
    """As in two processes: half of the pictures, with all their views."""
    config = replace(QUICK, split=2, batch_size=6)
    torch.manual_seed(0)
    encoder = Encoder(config, (1, 8, 8)).double().train()
    x = torch.rand(views, 6, 1, 8, 8).double()
    got = encoder(x.flatten(0, 1)).unflatten(0, (views, 6))
    for rows in (slice(3), slice(3, 6)):
        alone = encoder.features(x[:, rows].flatten(0, 1))
        alone = alone.unflatten(0, (views, 3))
        torch.testing.assert_close(got[:, rows], alone)
    one = encoder.eval()(x.flatten(0, 1))
    torch.testing.assert_close(one, encoder.features(x.flatten(0, 1)))


def test_only_matrices_and_kernels_decay():
    model = build(QUICK, (1, 8, 8), 96)
    some, others = groups_of(model, 0.1)
    assert some["weight_decay"] == 0.1
    assert others["weight_decay"] == 0
    assert all(p.ndim > 1 for p in some["params"])
    assert all(p.ndim == 1 for p in others["params"])
    together = {id(p) for group in (some, others) for p in group["params"]}
    assert together == {id(p) for p in model.parameters()}


def test_pictures_are_described_in_the_mode_for_evaluation():
    """In parts, on the CPU, and the mode is as it was."""
    encoder = Encoder(QUICK, (1, 8, 8))
    images = torch.rand(501, 1, 8, 8)
    found = described(encoder.train(), images)
    assert encoder.training
    assert not found.requires_grad
    torch.testing.assert_close(found, encoder.eval()(images).detach())
    flat = images[:3].flatten(1)
    assert described(nn.Flatten(), images[:3]).equal(flat)
