"""InvaSpread against loops over its equations and over the released code."""

import math
from dataclasses import replace
from pathlib import Path

import pytest
import torch
from contract import EXACT
from contrastive import inva_spread_two
from contrastive.inva_spread_two import both_forms, small
from torch import nn
from torch.nn.functional import normalize
from torch.testing import assert_close

from pfs import ledger
from pfs.contrastive.inva_spread import (
    PAPER,
    RELEASED,
    InvaSpread,
    inva_spread_loss,
    inva_spread_terms,
    log_not_softmax,
)
from pfs.training.launch import launch

double = torch.float64
FORMS = [
    {"joint": joint, "detach": detach}
    for joint in (False, True)
    for detach in (False, True)
]
BATCH, SIZE, TAU = 5, 3, 0.3


def views(batch=BATCH, size=SIZE, seed=0):
    """Two views of some images that have something in common."""
    chance = torch.Generator().manual_seed(seed)
    x = torch.randn(batch, size, generator=chance, dtype=double)
    y = x + 0.7 * torch.randn(batch, size, generator=chance, dtype=double)
    return [normalize(v, dim=1).requires_grad_() for v in (x, y)]


def slopes(loss, *inputs):
    """Gradients; 0 for what the loss does not depend on."""
    more = {"retain_graph": True, "allow_unused": True}
    found = torch.autograd.grad(loss, inputs, **more)
    pairs = zip(found, inputs, strict=True)
    return [torch.zeros_like(x) if d is None else d for d, x in pairs]


def probability(picture, classes, own, tau, detach):
    """A softmax over the classes, the paper's two probabilities."""
    if detach:
        classes = [c.detach() for c in classes]
    exp = [(picture @ c / tau).exp() for c in classes]
    return exp[own] / sum(exp)


def explicit_paper(f, copies, tau, detach=False):
    """The paper's loss, term by term; its two parts."""
    m, near, away = len(f), 0.0, 0.0
    for i in range(m):
        near -= probability(copies[i], list(f), i, tau, detach).log()
        for j in range(m):
            if j != i:
                wrong = probability(f[j], list(f), i, tau, detach)
                away -= (1 - wrong).log()
    return near / m, away / m


def explicit_released(f, copies, tau, detach=True):
    """The released code: a row of 2m - 1 classes, the copy first."""
    z = torch.cat([f, copies])
    n, m, near, away = len(z), len(f), 0.0, 0.0
    for a in range(n):
        copy = (a + m) % n
        others = [b for b in range(n) if b not in (a, copy)]
        assert len(others) == 2 * (m - 1)
        row = [z[b] for b in [copy, *others]]
        near -= probability(z[a], row, 0, tau, detach).log()
        for place in range(1, n - 1):
            wrong = probability(z[a], row, place, tau, detach)
            away -= (1 - wrong).log()
    return near / n, away / n


@pytest.mark.parametrize("form", FORMS)
@pytest.mark.parametrize("batch", [2, 5])
@pytest.mark.parametrize("tau", [0.1, 1.0])
def test_both_parts_equal_their_loops(form, batch, tau):
    f, copies = views(batch)
    loops = explicit_released if form["joint"] else explicit_paper
    ours = inva_spread_terms(f, copies, tau, **form)
    want = loops(f, copies, tau, form["detach"])
    for a, b in zip(ours, want, strict=True):
        assert_close(a, b, **EXACT)
        assert_close(slopes(a, f, copies), slopes(b, f, copies), **EXACT)
    whole = inva_spread_loss(f, copies, tau, **form)
    assert_close(whole, sum(want), **EXACT)


def test_gradient_equals_finite_differences():
    for joint in (False, True):
        torch.autograd.gradcheck(
            lambda f, g, joint=joint: inva_spread_loss(f, g, 0.5, joint=joint),
            views(),
        )


def test_gradient_by_hand():
    """The note's equations 5 and 6, in the scores of one picture."""
    s = torch.randn(4, dtype=double, requires_grad=True)
    p = s.detach().softmax(0)
    odds = p / (1 - p)
    own = torch.tensor([1.0, 0.0, 0.0, 0.0], dtype=double)
    near = -s.log_softmax(0)[0]
    assert_close(slopes(near, s)[0], p - own, **EXACT)
    away = -log_not_softmax(s[None])[0, 1:].sum()
    odds = odds * (1 - own)
    assert_close(slopes(away, s)[0], odds - p * odds.sum(), **EXACT)


def test_without_gradient_for_the_classes_half_is_left():
    """Exactly half where every pair pushes equally both ways; else about."""
    eye = torch.eye(3, dtype=double).requires_grad_()
    for f, g in ((eye, eye.detach()), views()):
        full, half = (
            slopes(inva_spread_loss(f, g, TAU, joint=True, detach=d), f)[0]
            for d in (False, True)
        )
        if f is eye:
            assert_close(full, 2 * half, **EXACT)
        else:
            assert (full - 2 * half).norm() > 0.01 * full.norm()
            assert (full - 2 * half).norm() < full.norm()


# What it is worth.


@pytest.mark.parametrize("joint", [False, True])
@pytest.mark.parametrize("m", [2, 7])
def test_collapsed_embeddings_cost_the_uniform_loss(joint, m):
    same = normalize(torch.ones(m, 4, dtype=double), dim=1)
    near, away = inva_spread_terms(same, same, 0.1, joint=joint)
    classes, negatives = (2 * m - 1, 2 * m - 2) if joint else (m, m - 1)
    assert_close(near.item(), math.log(classes))
    assert_close(away.item(), -negatives * math.log(1 - 1 / classes))


def test_collapsed_and_perfect_losses_of_the_ledger():
    eye, same = torch.eye(128, dtype=double), torch.ones(128, 1, dtype=double)
    for name, f in (("perfect", eye), ("collapsed", same)):
        for end, joint in (("", False), ("-released", True)):
            want = ledger.value(f"inva-spread-loss-{name}{end}")
            loss = inva_spread_loss(f, f, joint=joint).item()
            assert loss == pytest.approx(want, rel=1e-3)


def test_random_embeddings_start_a_little_above_ln_m():
    """The scores have variance 1 / (d tau^2): half of it is added."""
    chance = torch.Generator().manual_seed(0)
    shape = (2, 128, 128)
    f, g = normalize(torch.randn(shape, generator=chance), dim=2)
    near, away = inva_spread_terms(f, g)
    assert near.item() == pytest.approx(math.log(128) + 50 / 128, abs=0.15)
    # The own class is in the paper's sum: e^10 against about 127 e^0.4.
    want = 127 * math.exp(50 / 128) / math.exp(10)
    assert away.item() == pytest.approx(want, rel=0.1)
    _, away = inva_spread_terms(f, g, joint=True)
    assert away.item() == pytest.approx(1.0, abs=0.05)


def test_the_order_of_the_images_does_not_matter():
    f, g = views()
    order = torch.tensor([3, 0, 4, 1, 2])
    for form in FORMS:
        loss = inva_spread_loss(f, g, TAU, **form)
        mixed = inva_spread_loss(f[order], g[order], TAU, **form)
        assert_close(loss, mixed, **EXACT)
        apart = inva_spread_loss(f, g[order], TAU, **form)
        assert apart > loss + 0.1


def test_the_two_views_are_equals_in_one_batch_only():
    f, g = views()
    one, other = (
        inva_spread_loss(*v, TAU, joint=True) for v in ((f, g), (g, f))
    )
    assert_close(one, other, **EXACT)
    _, away = inva_spread_terms(f, g, TAU)
    _, turned = inva_spread_terms(g, f, TAU)
    assert abs(away - turned) > 1e-3
    assert not slopes(away, f, g)[1].any()


def test_a_wrong_image_is_at_most_as_likely_as_the_right_one():
    """The paper's sum holds the own class: no term is above ln 2."""
    for seed in range(20):
        f, _ = views(seed=seed)
        p = (f @ f.T / 0.01).softmax(1)
        assert (p - p.diag().diag()).max() <= 0.5
    twins = normalize(torch.ones(2, 3, dtype=double), dim=1)
    _, away = inva_spread_terms(twins, twins, 0.01)
    assert_close(away.item(), math.log(2))


# Numbers that are hard to hold.


@pytest.mark.parametrize("form", FORMS)
@pytest.mark.parametrize("tau", [0.1, 0.01, 0.001])
@pytest.mark.parametrize("dtype", [torch.float32, double])
def test_extreme_embeddings_stay_finite(form, tau, dtype):
    a, b = torch.tensor([[1.0, 0.0], [0.0, 1.0]], dtype=dtype)
    batches = {
        "perfect": ((a, b, -a), (a, b, -a)),
        "the same": ((a, a, a), (a, a, a)),
        "twins": ((a, a, b), (a, a, b)),
        "exchanged": ((a, -a, b), (-a, a, b)),
    }
    for pair in batches.values():
        f, g = (torch.stack(v).requires_grad_() for v in pair)
        loss = inva_spread_loss(f, g, tau, **form)
        assert torch.isfinite(loss)
        for slope in slopes(loss, f, g):
            assert torch.isfinite(slope).all()


def test_the_complement_of_a_sure_answer_is_exact():
    scores = torch.tensor([[30.0, 0.0, -5.0]], requires_grad=True)
    assert scores.softmax(1)[0, 0] == 1  # 1 - p would be 0
    ours = log_not_softmax(scores)
    s = scores.detach().double().requires_grad_()
    rest = torch.stack([s[0, [1, 2]], s[0, [0, 2]], s[0, [0, 1]]])
    want = (rest.logsumexp(1) - s[0].logsumexp(0))[None]
    assert_close(ours, want.float(), rtol=1e-6, atol=1e-12)
    a = slopes(ours.sum(), scores)[0]
    assert_close(a, slopes(want.sum(), s)[0].float(), rtol=1e-5, atol=1e-6)


def test_classes_that_are_left_out_have_no_part():
    scores = torch.tensor([[1.0, -math.inf, 2.0, 0.5]], dtype=double)
    kept = [0, 2, 3]
    assert_close(
        log_not_softmax(scores)[:, kept], log_not_softmax(scores[:, kept])
    )


@pytest.mark.parametrize("form", FORMS)
def test_shapes_are_known_without_numbers(form):
    f = torch.empty(4, 3, device="meta")
    parts = inva_spread_terms(f, f, **form)
    assert [part.shape for part in parts] == [(), ()]


# The method.


def pictures(batch=4, seed=1):
    chance = torch.Generator().manual_seed(seed)
    shape = (2, batch, 1, 2, 2)
    return torch.rand(shape, generator=chance, dtype=double)


@pytest.mark.parametrize("form", FORMS)
def test_forward_is_the_loss_of_the_embeddings(form):
    model = small(norm=False, temperature=TAU, **form)
    first, second = pictures()
    f, g = model.embed(first), model.embed(second)
    want = inva_spread_loss(f, g, TAU, **form)
    loss = model(first, second, torch.arange(4))
    assert_close(loss, want, **EXACT)
    weights = list(model.parameters())
    assert_close(slopes(loss, *weights), slopes(want, *weights), **EXACT)
    assert_close(model(first, second), loss, **EXACT)


def test_embeddings_have_length_1_and_one_linear_head():
    model = small()
    first, _ = pictures()
    f = model.embed(first)
    head = model.head
    raw = model.encoder(first) @ head.weight.T + head.bias
    assert_close(f, normalize(raw, dim=1), **EXACT)
    assert sum(p.numel() for p in head.parameters()) == 6 * 3 + 3


def test_one_batch_normalises_both_views_together():
    first, second = pictures()
    second = second + 3
    apart, together = small(), small(joint=True)
    loss = together(first, second)
    f, g = together.embed(torch.cat([first, second])).chunk(2)
    assert_close(loss, inva_spread_loss(f, g, joint=True), **EXACT)
    f, g = apart.embed(first), apart.embed(second)
    assert_close(apart(first, second), inva_spread_loss(f, g), **EXACT)
    assert abs(inva_spread_loss(f, g, joint=True) - loss) > 1e-3


def test_there_is_no_state_but_the_weights():
    model = small(norm=False)
    assert not list(model.buffers())
    before = {k: v.clone() for k, v in model.state_dict().items()}
    model(*pictures())
    assert_close(model.state_dict(), before)


def test_a_few_steps_tell_images_apart():
    torch.manual_seed(0)
    images = torch.rand(16, 1, 4, 4)
    encoder = nn.Sequential(nn.Flatten(), nn.Linear(16, 16), nn.ReLU())
    for config in (PAPER, RELEASED):
        config = replace(config, feature_size=16, embedding_size=8)
        model = InvaSpread(encoder, config)
        optimizer = torch.optim.SGD(model.parameters(), lr=0.5)
        losses = []
        for _ in range(60):
            first, second = images + 0.05 * torch.randn(2, *images.shape)
            loss = model(first, second)
            optimizer.zero_grad()
            loss.backward()
            optimizer.step()
            losses.append(loss.item())
        assert losses[-1] < losses[0] / 2


def test_presets_have_the_numbers_of_the_ledger():
    for preset in (PAPER, RELEASED):
        assert preset.embedding_size == ledger.value("inva-spread-embedding")
        assert preset.temperature == ledger.value("inva-spread-temperature")
    assert (PAPER.joint, PAPER.detach) == (False, False)
    assert (RELEASED.joint, RELEASED.detach) == (True, True)


def pretend(patch, rank, others):
    """Be one of two processes; the other one sends `others` in this order."""
    order = iter(others)

    def all_gather(parts, rows):
        parts[rank].copy_(rows)
        parts[1 - rank].copy_(next(order))

    # Both compute the same loss, so both send the same gradient.
    fakes = {
        "is_initialized": lambda: True,
        "get_world_size": lambda: 2,
        "get_rank": lambda: rank,
        "all_gather": all_gather,
        "all_reduce": lambda x: x.mul_(2),
    }
    for name, fake in fakes.items():
        patch.setattr(torch.distributed, name, fake)


@pytest.mark.parametrize("rank", [0, 1])
@pytest.mark.parametrize("joint", [False, True])
def test_a_process_compares_with_the_images_of_all(monkeypatch, rank, joint):
    model = small(norm=False, joint=joint)
    first, second = pictures(6)
    whole = model(first, second)
    inputs = [v.clone().requires_grad_() for v in (first, second)]
    want = slopes(model(*inputs), *inputs)
    rows = slice(3 * rank, 3 * rank + 3)
    rest = slice(3 - 3 * rank, 6 - 3 * rank)
    others = [model.embed(v[rest]).detach() for v in (first, second)]
    pretend(monkeypatch, rank, others)
    own = [v[rows].clone().requires_grad_() for v in (first, second)]
    loss = model(*own)
    assert_close(loss, whole, **EXACT)
    for ours, theirs in zip(slopes(loss, *own), want, strict=True):
        assert_close(ours / 2, theirs[rows], **EXACT)  # the average of two


def test_two_processes_equal_one(tmp_path: Path):
    launch([str(Path(inva_spread_two.__file__)), str(tmp_path)], 2)
    alone = both_forms()
    for rank in range(2):
        there = torch.load(tmp_path / f"{rank}.pt", weights_only=True)
        assert_close(there, alone, **EXACT)
