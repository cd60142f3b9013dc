"""Adam and AdamW, step for step as torch, and what bias correction does."""

import copy
import inspect

import pytest
import torch
from torch.testing import assert_close

from pfs.optim import Adam, AdamW
from pfs.training.state import load_optimizer_state, optimizer_state

STEP = {"rtol": 1e-10, "atol": 1e-10}
PAIRS = [(Adam, torch.optim.Adam), (AdamW, torch.optim.AdamW)]
SETTINGS = [
    {},
    {"lr": 0.05, "betas": (0.8, 0.95), "eps": 1e-4},
    {"lr": 0.02, "weight_decay": 0.3},
    {"weight_decay": 0.0},
]


def bowl(model, x):
    return (model(x) ** 4).sum() + model(x).sin().sum()


def twins():
    torch.manual_seed(0)
    ours = torch.nn.Linear(3, 2).double()
    return ours, copy.deepcopy(ours), torch.randn(5, 3, dtype=torch.float64)


@pytest.mark.parametrize("settings", SETTINGS)
@pytest.mark.parametrize(("kind", "judge"), PAIRS)
def test_a_hundred_steps_equal_torch(kind, judge, settings):
    """The rate varies, and at some steps a parameter has no gradient."""
    ours, theirs, x = twins()
    pairs = ((ours, kind), (theirs, judge))
    made = [(m, k(m.parameters(), **settings)) for m, k in pairs]
    for step in range(100):
        for model, optimizer in made:
            optimizer.param_groups[0]["lr"] *= 1.02 if step % 2 else 0.98
            optimizer.zero_grad()
            bowl(model, x).backward()
            if step % 7 == 3:
                model.bias.grad = None
            optimizer.step()
        assert_close(ours.state_dict(), theirs.state_dict(), **STEP)


@pytest.mark.parametrize(("kind", "judge"), PAIRS)
def test_the_state_goes_to_torch_and_back(kind, judge):
    ours, theirs, x = twins()
    a, b = kind(ours.parameters(), lr=0.01), judge(theirs.parameters(), lr=0.01)
    for optimizer, model in ((a, ours), (b, theirs)):
        bowl(model, x).backward()
        optimizer.step()
    words = a.state_dict()["state"]
    assert words.keys() == b.state_dict()["state"].keys()
    assert words[0].keys() == b.state_dict()["state"][0].keys()
    a.load_state_dict(copy.deepcopy(b.state_dict()))
    for optimizer, model in ((a, ours), (b, theirs)):
        bowl(model, x).backward()
        optimizer.step()
    assert_close(ours.state_dict(), theirs.state_dict(), **STEP)


def test_the_state_survives_a_checkpoint():
    ours, again, x = twins()
    one, two = AdamW(ours.parameters()), AdamW(again.parameters())
    bowl(ours, x).backward()
    one.step()
    load_optimizer_state(two, *copy.deepcopy(optimizer_state(one)))
    again.load_state_dict(ours.state_dict())
    for model, optimizer in ((ours, one), (again, two)):
        optimizer.zero_grad()
        bowl(model, x).backward()
        optimizer.step()
    assert_close(ours.state_dict(), again.state_dict(), rtol=0, atol=0)


def test_the_first_step_is_the_rate_times_the_sign():
    p = torch.nn.Parameter(torch.tensor([1.0, 1.0, 1.0]).double())
    p.grad = torch.tensor([1e-3, -2.0, 5e4]).double()
    Adam([p], lr=0.25, eps=0.0).step()
    assert_close(p.detach(), torch.tensor([0.75, 1.25, 0.75]).double())


def test_without_correction_the_first_step_is_too_long():
    """0.1 / sqrt(0.001) = 3.162 times the rate: the ledger has it."""
    p = torch.nn.Parameter(torch.zeros(1).double())
    p.grad = torch.ones(1).double()
    AdamW([p], lr=1.0, eps=0.0, bias_correction=False).step()
    assert abs(p.item() + 3.1622776601683795) < 1e-9


def test_the_optimizer_released_with_bert():
    """Update m / (sqrt(v) + eps) + decay, written out (optimization.py)."""
    p = torch.nn.Parameter(torch.tensor([0.5, -2.0]).double())
    settings = {"lr": 0.01, "eps": 1e-6, "weight_decay": 0.01}
    optimizer = AdamW([p], **settings, bias_correction=False)
    theta, m, v = p.detach().clone(), torch.zeros(2), torch.zeros(2)
    for step in range(20):
        g = torch.tensor([step - 5.0, 0.3]).double()
        p.grad = g.clone()
        optimizer.step()
        m = 0.9 * m + 0.1 * g
        v = 0.999 * v + 0.001 * g * g
        theta = theta - 0.01 * (m / (v.sqrt() + 1e-6) + 0.01 * theta)
        assert_close(p.detach(), theta, **STEP)


@pytest.mark.parametrize("scale", [1e-3, 1e3])
def test_the_scale_of_the_loss_does_not_matter(scale):
    ours, theirs, x = twins()
    for model, factor in ((ours, 1.0), (theirs, scale)):
        optimizer = Adam(model.parameters(), lr=0.01, eps=0.0)
        for _ in range(10):
            optimizer.zero_grad()
            (factor * bowl(model, x)).backward()
            optimizer.step()
    assert_close(ours.state_dict(), theirs.state_dict(), rtol=1e-9, atol=1e-9)


def test_groups_keep_their_own_settings():
    p, q = (torch.nn.Parameter(torch.ones(1)) for _ in range(2))
    groups = [{"params": [p], "weight_decay": 0.5}, {"params": [q]}]
    optimizer = AdamW(groups, lr=1.0, weight_decay=0.0)
    for theta in (p, q):
        theta.grad = torch.zeros(1)
    optimizer.step()
    assert (p.item(), q.item()) == (0.5, 1.0)


def test_a_closure_is_called_with_gradients():
    p = torch.nn.Parameter(torch.tensor([2.0]))
    optimizer = Adam([p], lr=0.25)

    def closure():
        optimizer.zero_grad()
        loss = (p**2).sum()
        loss.backward()
        return loss

    assert optimizer.step(closure).item() == 4.0
    assert p.item() == 1.75


@pytest.mark.parametrize(("kind", "judge"), PAIRS)
def test_names_order_and_defaults_are_those_of_torch(kind, judge):
    ours = list(inspect.signature(kind).parameters.values())
    theirs = inspect.signature(judge).parameters
    shared = ours[:-1]
    assert [p.name for p in shared] == list(theirs)[: len(shared)]
    for p in shared:
        assert p.default == theirs[p.name].default
