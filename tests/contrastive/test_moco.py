"""MoCo: against its Algorithm 1 written out, and against itself in parts."""

import copy
import math
from collections import OrderedDict
from dataclasses import replace
from pathlib import Path

import pytest
import torch
from contract import EXACT
from contrastive import moco_two
from contrastive.moco_two import small, train
from torch import nn
from torch.nn.functional import cross_entropy, normalize
from torch.testing import assert_close

from pfs import ledger
from pfs.contrastive.moco import (
    MOCO_RESNET_50,
    TINY,
    MoCo,
    info_nce,
    info_nce_logits,
    momentum_update,
)
from pfs.contrastive.moco_names import from_official, to_official
from pfs.contrastive.moco_shuffle import encode_shuffled
from pfs.errors import PfsError
from pfs.training.launch import launch

DOUBLE = torch.float64


def views(steps=1, batch=4, seed=0):
    generator = torch.Generator().manual_seed(seed)
    shape = (steps, 2, batch, 1, 2, 2)
    return torch.rand(shape, generator=generator, dtype=DOUBLE)


def unit(*shape, seed=0):
    generator = torch.Generator().manual_seed(seed)
    return normalize(
        torch.randn(shape, generator=generator, dtype=DOUBLE), dim=1
    )


# The loss.


def test_loss_equals_its_formula():
    q, k, queue = unit(5, 3), unit(5, 3, seed=1), unit(7, 3, seed=2)
    q.requires_grad_()
    loss = info_nce(q, k, queue, 0.2)
    pairs = zip(q, k, strict=True)
    right = torch.stack([(a @ b / 0.2).exp() for a, b in pairs])
    wrong = torch.stack([sum((a @ b / 0.2).exp() for b in queue) for a in q])
    want = -(right / (right + wrong)).log().mean()
    assert_close(loss, want, **EXACT)
    slopes = [torch.autograd.grad(x, q)[0] for x in (loss, want)]
    assert_close(*slopes, **EXACT)


def test_the_positive_stands_first():
    q = torch.eye(3, dtype=DOUBLE)
    logits = info_nce_logits(q, q, -q, 0.5)
    assert_close(logits[:, 0], torch.full((3,), 2.0, dtype=DOUBLE))
    assert logits.shape == (3, 4)
    assert (logits.argmax(1) == 0).all()


@pytest.mark.parametrize("size", [1, 255, 65_536])
def test_vectors_that_say_nothing_cost_the_logarithm(size):
    """Collapsed: every vector is the same one."""
    same = torch.ones(1, 1, dtype=DOUBLE)
    loss = info_nce(same, same, same.expand(size, 1), 0.07).item()
    assert loss == pytest.approx(math.log(size + 1), abs=1e-9)


def test_known_values_of_the_loss():
    """The ledger's: collapsed, and perfect with orthogonal negatives."""
    size = int(ledger.value("moco-queue"))
    q = torch.tensor([[1.0, 0.0]], dtype=DOUBLE)
    across = torch.tensor([[0.0, 1.0]], dtype=DOUBLE).expand(size, 2)
    for name, negatives, temperature in (
        ("moco-loss-uniform", q.expand(size, 2), 0.07),
        ("moco-loss-orthogonal", across, 0.07),
        ("moco-v2-loss-orthogonal", across, 0.2),
    ):
        loss = info_nce(q, q, negatives, temperature).item()
        assert loss == pytest.approx(ledger.value(name), rel=2e-3), name


# The order of the operations.


@pytest.mark.parametrize("norm", [True, False])
def test_equals_algorithm_1(norm):
    """Six steps, written out with torch's functions; the queue wraps."""
    ours = small(norm, queue_size=12)
    f_q = nn.Sequential(copy.deepcopy(ours.encoder), copy.deepcopy(ours.head))
    f_k = copy.deepcopy(f_q)
    queue = ours.queue.clone()
    mine = torch.optim.SGD(ours.parameters(), lr=0.5, weight_decay=0.01)
    theirs = torch.optim.SGD(f_q.parameters(), lr=0.5, weight_decay=0.01)
    m, t = TINY.momentum, TINY.temperature
    for step, (x_q, x_k) in enumerate(views(steps=6)):
        loss = ours(x_q, x_k)
        mine.zero_grad()
        loss.backward()
        mine.step()

        q = normalize(f_q(x_q), dim=1)
        k = normalize(f_k(x_k), dim=1).detach()
        l_pos = torch.einsum("nc,nc->n", q, k)[:, None]
        l_neg = torch.einsum("nc,kc->nk", q, queue)
        logits = torch.cat([l_pos, l_neg], 1) / t
        want = cross_entropy(logits, torch.zeros(4, dtype=torch.long))
        theirs.zero_grad()
        want.backward()
        theirs.step()
        assert_close(loss, want, **EXACT)
        with torch.no_grad():
            for a, b in zip(f_k.parameters(), f_q.parameters(), strict=True):
                a.copy_(m * a + (1 - m) * b)
        queue = torch.cat([queue[4:], k])  # oldest first
        begin = 4 * (step + 1) % 12
        assert int(ours.pointer) == begin
        assert_close(ours.queue.roll(-begin, 0), queue, **EXACT)
    got = [*ours.encoder.parameters(), *ours.head.parameters()]
    assert_close(got, list(f_q.parameters()), **EXACT)
    buffers = list(ours.key_encoder.buffers())
    assert_close(buffers, list(f_k[0].buffers()), **EXACT)


def test_keys_of_the_batch_are_no_negatives():
    model, (first, second) = small(), views()[0]
    before = model.queue.clone()
    _, keys, queue = model.look_up(first, second)
    assert_close(queue, before, rtol=0, atol=0)
    assert_close(model.queue[:4], keys, rtol=0, atol=0)
    assert_close(model.queue[4:], before[4:], rtol=0, atol=0)


def test_the_key_encoder_moves_before_the_keys_are_made():
    model = small(norm=False, momentum=0.0)
    with torch.no_grad():
        for p in model.encoder.parameters():
            p.add_(1)
    _, keys, _ = model.look_up(*views()[0])
    assert_close(keys, model.embed(views()[0, 1]), **EXACT)


def test_the_queue_wraps_and_stays_normal():
    model = small(queue_size=8)
    assert_close(model.queue.norm(dim=1), torch.ones(8, dtype=DOUBLE))
    rows = unit(12, 4)
    for part in rows.chunk(3):
        model.enqueue(part)
    assert int(model.pointer) == 4
    assert_close(model.queue, torch.cat([rows[8:], rows[4:8]]))
    train(model)
    assert_close(model.queue.norm(dim=1), torch.ones(8, dtype=DOUBLE))


def test_only_the_queries_get_gradients():
    model, (first, second) = small(), views()[0]
    first.requires_grad_()
    second.requires_grad_()
    model(first, second).backward()
    assert second.grad is None
    assert first.grad is not None
    for name, p in model.named_parameters():
        assert (p.grad is None) == name.startswith("key_"), name
        assert p.requires_grad == (p.grad is not None), name
    assert not model.queue.requires_grad
    assert model.queue.grad_fn is None


# The key encoder.


def test_half_of_a_difference_is_left_after_the_half_life():
    a, b = nn.Linear(1, 1).double(), nn.Linear(1, 1).double()
    nn.init.ones_(a.weight)
    nn.init.zeros_(b.weight)
    for _ in range(693):
        momentum_update(a, b, 0.999)
    half = ledger.value("moco-half-life")
    assert a.weight.item() == pytest.approx(0.5 ** (693 / half), rel=1e-6)
    assert half == pytest.approx(math.log(0.5) / math.log(0.999), abs=0.05)


def test_buffers_stay_those_of_the_keys():
    """A running mean is the key network's own, no average of the two."""
    model = small(norm=True, momentum=0.5)
    norm = model.key_encoder[2]
    first, second = views()[0]
    model.encoder[2].running_mean.fill_(100.0)
    model(first, second)
    x = model.key_encoder[:2](second)
    want = norm.momentum * x.mean(0)
    assert_close(norm.running_mean, want, **EXACT)
    assert int(norm.num_batches_tracked) == 1


def test_nothing_moves_in_evaluation():
    model = small().eval()
    before = copy.deepcopy(model.state_dict())
    model(*views()[0])
    assert_close(model.state_dict(), before, rtol=0, atol=0)


def test_keys_begin_as_a_copy():
    model = small()
    state = model.state_dict()
    for name, value in state.items():
        if name.startswith(("encoder.", "head.")):
            assert_close(state[f"key_{name}"], value, rtol=0, atol=0)
            assert state[f"key_{name}"].data_ptr() != value.data_ptr()


def test_embeddings_have_length_1():
    length = small().embed(views()[0, 0]).norm(dim=1)
    assert_close(length, torch.ones(4, dtype=DOUBLE), **EXACT)


# Resuming, groups and processes.


def test_goes_on_from_a_checkpoint_bit_by_bit():
    batches = views(steps=6)

    def steps(model, optimizer, some):
        for first, second in some:
            loss = model(first, second)
            optimizer.zero_grad()
            loss.backward()
            optimizer.step()

    def new():
        model = small(split=2)
        return model, torch.optim.SGD(model.parameters(), lr=0.5, momentum=0.9)

    torch.manual_seed(5)
    whole, optimizer = new()
    torch.manual_seed(5)
    steps(whole, optimizer, batches[:3])
    saved = copy.deepcopy((whole.state_dict(), optimizer.state_dict()))
    chance = torch.get_rng_state()
    steps(whole, optimizer, batches[3:])
    again, optimizer = new()
    again.load_state_dict(saved[0], strict=True)
    optimizer.load_state_dict(saved[1])
    torch.set_rng_state(chance)
    steps(again, optimizer, batches[3:])
    assert_close(again.state_dict(), whole.state_dict(), rtol=0, atol=0)


def test_every_key_comes_back_to_its_place():
    rows = torch.arange(12.0)[:, None]
    torch.manual_seed(0)
    seen = []

    def encode(group):
        seen.append(group[:, 0])
        return -group

    assert_close(encode_shuffled(encode, rows, split=3), -rows)
    assert [len(group) for group in seen] == [4, 4, 4]
    mixed = torch.cat(seen)
    assert_close(mixed.sort().values, rows[:, 0])
    assert not torch.equal(mixed, rows[:, 0])
    seen.clear()
    encode_shuffled(encode, rows, split=3, shuffle=False)
    assert_close(torch.cat(seen), rows[:, 0])


def test_groups_are_normalised_one_by_one():
    model = small(split=2, shuffle=False)
    first, second = views(batch=8)[0]
    query, key, _ = model.look_up(first, second)
    for half in (slice(4), slice(4, 8)):
        assert_close(query[half], model.embed(first[half]), **EXACT)
    assert not torch.allclose(query, model.embed(first))
    assert not torch.allclose(key, small(split=2).look_up(first, second)[1])


def test_two_processes_equal_one_that_splits(tmp_path):
    """Loss, parameters of both sides and queue, to the last steps' bits."""
    program = str(Path(moco_two.__file__))
    assert launch([program, str(tmp_path)], 2) == 0
    alone = small(queue_size=16, split=2)
    losses = train(alone)
    states = [torch.load(tmp_path / f"{rank}.pt") for rank in (0, 1)]
    for there, state in states:
        assert_close(there, losses, **EXACT)
        for name, value in alone.state_dict().items():
            if "running" not in name and "tracked" not in name:
                assert_close(state[name], value, **EXACT)


# Names and counts.


class Official(nn.Module):
    """The form of the authors' checkpoints: an `fc` on each encoder."""

    def __init__(self, mlp):
        super().__init__()
        for side in ("encoder_q", "encoder_k"):
            net = nn.Sequential()
            net.add_module("conv1", nn.Conv2d(1, 6, 2, bias=False))
            net.add_module("bn1", nn.BatchNorm2d(6))
            net.add_module("flatten", nn.Flatten())
            fc = nn.Linear(6, 4)
            if mlp:
                fc = nn.Sequential(nn.Linear(6, 6), nn.ReLU(), fc)
            net.add_module("fc", fc)
            setattr(self, side, net)
        self.register_buffer("queue", unit(8, 4).float().T)
        self.register_buffer("queue_ptr", torch.tensor([4]))


def trunk(official):
    """The authors' encoder without its last layer."""
    kept = OrderedDict(official.named_children())
    del kept["fc"]
    return copy.deepcopy(nn.Sequential(kept))


def test_weights_of_the_authors_load_and_go_back():
    torch.manual_seed(3)
    theirs = Official(mlp=False)
    state = {f"module.{n}": v for n, v in theirs.state_dict().items()}
    ours = MoCo(trunk(theirs.encoder_q), TINY)
    ours.load_state_dict(from_official(state), strict=True)
    x = torch.rand(3, 1, 2, 2)
    ours.eval()
    theirs.eval()
    want = normalize(theirs.encoder_q(x), dim=1)
    assert_close(ours.embed(x), want)
    assert_close(ours.key_head(ours.key_encoder(x)), theirs.encoder_k(x))
    assert int(ours.pointer) == 4
    assert_close(ours.queue.T, theirs.queue, rtol=0, atol=0)
    assert_close(to_official(ours.state_dict()), state, rtol=0, atol=0)


def test_sizes_are_those_of_the_paper():
    config = MOCO_RESNET_50
    assert config.queue_size == ledger.value("moco-queue")
    assert config.momentum == ledger.value("moco-momentum")
    assert config.temperature == ledger.value("moco-temperature")
    assert config.embedding_size == ledger.value("moco-embedding")
    batches = config.queue_size / ledger.value("moco-batch")
    assert batches == ledger.value("moco-queue-batches")
    assert replace(config, momentum=0.9).momentum == 0.9


def test_a_refused_batch_changes_nothing():
    model = small()
    before = copy.deepcopy(model.state_dict())
    with pytest.raises(PfsError, match="A03"):
        model(*views(batch=3)[0])
    assert_close(model.state_dict(), before, rtol=0, atol=0)
