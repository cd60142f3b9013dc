"""Plain gradient descent and clipping, step for step as torch."""

import copy

import pytest
import torch
from contract import EXACT
from torch.testing import assert_close

from pfs.errors import PfsValueError
from pfs.optim import SGD, clip_grad_norm_


def bowl(model, x):
    return (model(x) ** 4).sum() + model(x).sin().sum()


@pytest.mark.parametrize("lr", [0.0, 1e-3, 0.01])
@pytest.mark.parametrize(
    "more",
    [
        {},
        {"momentum": 0.9},
        {"weight_decay": 0.3},
        {"momentum": 0.7, "weight_decay": 0.3},
    ],
)
def test_fifty_steps_equal_torch(lr, more):
    torch.manual_seed(0)
    x = torch.randn(5, 3, dtype=torch.float64)
    ours = torch.nn.Linear(3, 2).double()
    theirs = copy.deepcopy(ours)
    a = SGD(ours.parameters(), lr=lr, **more)
    b = torch.optim.SGD(theirs.parameters(), lr=lr, **more)
    for _ in range(50):
        for model, optimizer in ((ours, a), (theirs, b)):
            optimizer.zero_grad()
            bowl(model, x).backward()
            optimizer.step()
        assert_close(ours.state_dict(), theirs.state_dict(), **EXACT)


def test_groups_have_their_own_rate_and_missing_gradients_stay():
    p, q, r = (torch.nn.Parameter(torch.ones(2)) for _ in range(3))
    optimizer = SGD([{"params": [p], "lr": 1.0}, {"params": [q, r]}], lr=0.5)
    (p.sum() + q.sum()).backward()
    optimizer.step()
    assert p.tolist() == [0.0, 0.0]
    assert q.tolist() == [0.5, 0.5]
    assert r.tolist() == [1.0, 1.0]


def test_a_closure_is_called_with_gradients():
    p = torch.nn.Parameter(torch.tensor([2.0]))
    optimizer = SGD([p], lr=0.25)

    def closure():
        optimizer.zero_grad()
        loss = (p**2).sum()
        loss.backward()
        return loss

    assert optimizer.step(closure).item() == 4.0
    assert p.item() == 1.0


def test_the_state_loads_into_torch_and_back():
    p = torch.nn.Parameter(torch.ones(1))
    ours, theirs = SGD([p], lr=0.3), torch.optim.SGD([p], lr=0.1)
    ours.load_state_dict(theirs.state_dict())
    assert ours.param_groups[0]["lr"] == 0.1


def test_momentum_is_taken_over_from_torch():
    """In the middle of a run ours goes on where torch's stopped."""
    p, q = (torch.nn.Parameter(torch.tensor([3.0])) for _ in range(2))
    ours = SGD([p], lr=0.1)
    theirs = torch.optim.SGD([q], lr=0.1, momentum=0.9)
    for _ in range(3):
        theirs.zero_grad()
        (q**2).sum().backward()
        theirs.step()
    p.data.copy_(q)
    ours.load_state_dict(copy.deepcopy(theirs.state_dict()))
    for _ in range(3):
        for optimizer, x in ((ours, p), (theirs, q)):
            optimizer.zero_grad()
            (x**2).sum().backward()
            optimizer.step()
        assert_close(p, q)


def test_groups_from_before_there_was_momentum_go_on():
    p = torch.nn.Parameter(torch.ones(1))
    optimizer = SGD([p], lr=0.5)
    state = optimizer.state_dict()
    for name in ("momentum", "weight_decay"):
        del state["param_groups"][0][name]
    optimizer.load_state_dict(state)
    p.sum().backward()
    optimizer.step()
    assert p.item() == 0.5


def test_a_parameter_that_joins_later_has_no_momentum_yet():
    p, q = (torch.nn.Parameter(torch.ones(1)) for _ in range(2))
    optimizer = SGD([p, q], lr=1.0, momentum=0.5)
    p.sum().backward()
    optimizer.step()
    q.sum().backward()
    optimizer.step()
    assert p.item() == 1 - 1 - 1.5
    assert q.item() == 0


@pytest.mark.parametrize("name", ["lr", "momentum", "weight_decay"])
def test_negative_numbers_are_refused(name):
    p = torch.nn.Parameter(torch.ones(1))
    with pytest.raises(PfsValueError, match=name) as caught:
        SGD([p], **{name: -0.1})
    assert caught.value.code == "A01"


@pytest.mark.parametrize("scale", [1e-3, 1.0, 1e3])
def test_clipping_equals_torch(scale):
    torch.manual_seed(0)
    ours = [torch.nn.Parameter(torch.zeros(n).double()) for n in (3, 5, 7)]
    for p in ours[:2]:
        p.grad = scale * torch.randn_like(p)
    theirs = copy.deepcopy(ours)
    for p, q in zip(ours, theirs, strict=True):
        q.grad = None if p.grad is None else p.grad.clone()
    a = clip_grad_norm_(ours, 0.7)
    b = torch.nn.utils.clip_grad_norm_(theirs, 0.7)
    assert_close(a, b.to(a.dtype), rtol=1e-6, atol=0)
    for p, q in zip(ours, theirs, strict=True):
        assert (p.grad is None) == (q.grad is None)
        if p.grad is not None:
            assert_close(p.grad, q.grad, **EXACT)


def test_clipping_nothing_is_zero():
    assert clip_grad_norm_([torch.nn.Parameter(torch.ones(1))], 1.0) == 0
