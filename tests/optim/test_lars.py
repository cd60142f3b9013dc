"""LARS against its formula, number by number, and what its form promises."""

import copy

import pytest
import torch
from torch.testing import assert_close

from pfs.optim import SGD
from pfs.optim.lars import LARS, trust_ratio
from pfs.training.state import load_optimizer_state, optimizer_state

STEP = {"rtol": 1e-10, "atol": 1e-10}
SETTINGS = [
    {"lr": 0.01},
    {"lr": 0.02, "momentum": 0.5, "weight_decay": 0.1, "eta": 0.5},
    {"lr": 0.01, "momentum": 0.0, "weight_decay": 1e-3, "eta": 2.0},
]


def bowl(model, x):
    return (model(x) ** 2).sum() + model(x).sin().sum()


def network():
    torch.manual_seed(0)
    layers = torch.nn.Linear(3, 4), torch.nn.LayerNorm(4), torch.nn.Linear(4, 2)
    return torch.nn.Sequential(*layers).double()


X = torch.linspace(-1, 1, 15, dtype=torch.float64).view(5, 3)


def formula(w, g, v, *, lr, momentum=0.9, weight_decay=0.0, eta=1e-3, form):
    """One step, in Python's numbers."""
    w, g, v = w.flatten().tolist(), g.flatten().tolist(), v
    length = sum(a * a for a in w) ** 0.5
    decayed = [b + weight_decay * a for a, b in zip(w, g, strict=True)]
    if form == "official":
        below = sum(b * b for b in decayed) ** 0.5
    else:
        below = sum(b * b for b in g) ** 0.5 + weight_decay * length
    ratio = eta * length / below if length > 0 and below > 0 else 1.0
    v = [momentum * c + lr * ratio * b for b, c in zip(decayed, v, strict=True)]
    return [a - c for a, c in zip(w, v, strict=True)], v


def plain(w, g, v, *, lr, momentum=0.9, **_):
    """One step of a bias: neither adaptation nor decay."""
    w, g = w.flatten().tolist(), g.flatten().tolist()
    v = [momentum * c + lr * b for b, c in zip(g, v, strict=True)]
    return [a - c for a, c in zip(w, v, strict=True)], v


@pytest.mark.parametrize("form", ["paper", "official"])
@pytest.mark.parametrize("settings", SETTINGS)
def test_fifty_steps_equal_the_formula(settings, form):
    """The rate varies, and at some steps a parameter has no gradient."""
    model = network()
    optimizer = LARS(model.parameters(), **settings, form=form)
    velocity = [[0.0] * p.numel() for p in model.parameters()]
    rate = settings["lr"]
    for step in range(50):
        rate *= 0.9 if step % 2 else 1.05
        optimizer.param_groups[0]["lr"] = rate
        optimizer.zero_grad()
        bowl(model, X).backward()
        if step % 7 == 3:
            model[0].weight.grad = None
        wanted = []
        for k, p in enumerate(model.parameters()):
            if p.grad is None:
                wanted.append(p.detach().flatten().tolist())
                continue
            kind = formula if p.ndim > 1 else plain
            now = settings | {"lr": rate, "form": form}
            w, velocity[k] = kind(p.detach(), p.grad, velocity[k], **now)
            wanted.append(w)
        optimizer.step()
        for p, w in zip(model.parameters(), wanted, strict=True):
            want = torch.tensor(w, dtype=torch.float64)
            assert_close(p.detach().flatten(), want, **STEP)


def test_the_scale_of_the_gradient_does_not_matter_to_a_layer():
    """Without decay a layer moves by eta times its length, whatever g is."""
    for scale in (1e-6, 1.0, 1e6):
        w = torch.nn.Parameter(torch.tensor([[3.0, 4.0]]).double())
        w.grad = scale * torch.tensor([[0.6, -0.8]], dtype=torch.float64)
        LARS([w], lr=1.0, eta=0.1).step()
        want = torch.tensor([[2.7, 4.4]], dtype=torch.float64)
        assert_close(w.detach(), want, **STEP)


def test_a_bias_is_left_out_unless_it_is_asked_for():
    for skip, want in ((True, 2.0 - 0.5), (False, 2.0 - 0.2)):
        b = torch.nn.Parameter(torch.tensor([2.0]).double())
        b.grad = torch.tensor([0.5]).double()
        settings = {"lr": 1.0, "eta": 0.1, "weight_decay": 0.0}
        LARS([b], **settings, skip_vectors=skip).step()
        assert b.item() == pytest.approx(want, rel=1e-12)


def test_the_two_denominators():
    w, g = torch.tensor([[3.0, 4.0]]), torch.tensor([[0.0, -4.0]])
    paper = trust_ratio(w, g, 1.0, 0.9)
    official = trust_ratio(w, g, 1.0, 0.9, form="official")
    assert paper.item() == pytest.approx(0.9 * 5 / (4 + 5))
    assert official.item() == pytest.approx(0.9 * 5 / 3)
    same = (trust_ratio(w, g, 0.0, 0.9, form=f) for f in ("paper", "official"))
    assert len({x.item() for x in same}) == 1


@pytest.mark.parametrize("form", ["paper", "official"])
def test_a_layer_of_zeros_and_a_gradient_of_zeros_take_the_plain_step(form):
    w = torch.nn.Parameter(torch.zeros(2, 2))
    w.grad = torch.ones(2, 2)
    LARS([w], lr=0.5, form=form).step()
    assert_close(w.detach(), torch.full((2, 2), -0.5))
    w = torch.nn.Parameter(torch.ones(2, 2))
    w.grad = torch.zeros(2, 2)
    LARS([w], lr=0.5, form=form).step()
    assert_close(w.detach(), torch.ones(2, 2))


def test_without_adaptation_it_is_the_heavy_ball():
    """Biases only, one rate: the same as torch's SGD with momentum."""
    torch.manual_seed(0)
    ours = torch.nn.Parameter(torch.randn(4).double())
    theirs = torch.nn.Parameter(ours.detach().clone())
    one = LARS([ours], lr=0.1, momentum=0.8, weight_decay=0.3)
    two = torch.optim.SGD([theirs], lr=0.1, momentum=0.8)
    for _ in range(10):
        for p, optimizer in ((ours, one), (theirs, two)):
            optimizer.zero_grad()
            (p**4).sum().backward()
            optimizer.step()
    assert_close(ours, theirs, **STEP)
    assert not isinstance(one, SGD)


def test_goes_on_from_its_state_bit_by_bit():
    whole = network()
    settings = {"lr": 0.02, "weight_decay": 0.01, "eta": 0.5}
    one = LARS(whole.parameters(), **settings, form="official")

    def steps(model, optimizer, count):
        for _ in range(count):
            optimizer.zero_grad()
            bowl(model, X).backward()
            optimizer.step()

    steps(whole, one, 3)
    saved = copy.deepcopy((whole.state_dict(), one.state_dict()))
    apart = copy.deepcopy(optimizer_state(one))
    steps(whole, one, 3)
    for load in ("state_dict", "apart"):
        again = network()
        two = LARS(again.parameters(), lr=9.0)
        again.load_state_dict(saved[0])
        if load == "apart":
            load_optimizer_state(two, *copy.deepcopy(apart))
        else:
            two.load_state_dict(copy.deepcopy(saved[1]))
        steps(again, two, 3)
        assert_close(again.state_dict(), whole.state_dict(), rtol=0, atol=0)


def test_groups_and_closures():
    p, q = (torch.nn.Parameter(torch.ones(1, 1)) for _ in range(2))
    groups = [{"params": [p], "eta": 0.5}, {"params": [q]}]
    optimizer = LARS(groups, lr=1.0, eta=0.25)

    def closure():
        optimizer.zero_grad()
        loss = 4 * (p + q).sum()
        loss.backward()
        return loss

    assert optimizer.step(closure).item() == 8.0
    assert (p.item(), q.item()) == (0.5, 0.75)


@pytest.mark.parametrize(
    ("wrong", "words"),
    [
        ({"lr": -1.0}, "lr"),
        ({"lr": float("nan")}, "nan"),
        ({"momentum": 1.0}, "momentum"),
        ({"weight_decay": -0.1}, "weight_decay"),
        ({"eta": 0.0}, "eta"),
        ({"form": "lamb"}, "'official'"),
    ],
)
def test_the_message_helps(wrong, words):
    with pytest.raises(ValueError, match=words) as caught:
        LARS([torch.nn.Parameter(torch.ones(1))], **wrong)
    assert caught.value.code == "A01"
