"""What is forbidden is seen in every spelling, what is allowed is not."""

import functools
import inspect
import sys

import pytest
import torch
import torch.nn.functional as F  # noqa: N812
from torch import nn

import pfs.nn
from pfs.homework.guard import Guard

X = torch.linspace(-1, 1, 6, dtype=torch.float64).view(2, 3)
EVERYWHERE = ("softmax", "pfs.nn.softmax")
OF_TORCH = ("softmax",)
OF_PYTHON = ("torch.nn.functional", "torch.nn.modules.rnn", "pfs.nn.softmax")


def used(function, forbid, file=__file__):
    with Guard(forbid, file) as guard:
        function()
    return guard.used


class Own(nn.Module):
    def forward(self, x):
        return nn.Softmax(1)(x)


SPELLINGS = {
    "torch": lambda: torch.softmax(X, 1),
    "method": lambda: X.softmax(1),
    "class": lambda: torch.Tensor.softmax(X, 1),
    "functional": lambda: F.softmax(X, 1),
    "special": lambda: torch.special.softmax(X, 1),
    "module": lambda: nn.Softmax(1)(X),
    "own module": lambda: Own()(X),
    "operator": lambda: torch.ops.aten.softmax(X, 1),
    "lower operator": lambda: torch.ops.aten._softmax(X, 1, False),
    "overload": lambda: torch.ops.aten.softmax.int(X, 1),
    "private": lambda: torch._softmax(X, 1, False),
    "getattr": lambda: getattr(torch, "soft" + "max")(X, 1),
    "vmap": lambda: torch.vmap(lambda row: row.softmax(0))(X),
    "gradient": lambda: torch.func.grad(lambda x: x.softmax(1)[0, 0])(X),
}
PLAIN = inspect.unwrap(pfs.nn.softmax)  # the checker of shapes wraps it
INSIDE = {
    "direct": lambda: PLAIN(X, 1),
    "renamed": lambda: (lambda other: other(X, 1))(PLAIN),
    "partial": lambda: functools.partial(PLAIN, dim=1)(X),
    "map": lambda: list(map(PLAIN, [X], [1])),
}


@pytest.mark.parametrize("name", SPELLINGS)
def test_an_operator_is_seen_in_every_spelling(name):
    assert used(SPELLINGS[name], OF_TORCH) == ["softmax"]


@pytest.mark.parametrize("name", INSIDE)
def test_a_function_of_python_is_seen(name):
    assert used(INSIDE[name], ("pfs.nn.softmax",)) == ["pfs.nn.softmax"]


OTHERS = {
    "relu": ("relu", lambda: torch.relu(X)),
    "relu, in place": ("relu", lambda: X.clone().relu_()),
    "relu, functional": ("relu", lambda: F.relu(X)),
    "layer norm": ("layer_norm", lambda: F.layer_norm(X, (3,))),
    "layer norm, module": ("layer_norm", lambda: nn.LayerNorm(3).double()(X)),
    "dropout": ("dropout", lambda: F.dropout(X, 0.5)),
    "linear": ("linear", lambda: nn.Linear(3, 2).double()(X)),
    "linear, private": ("linear", lambda: torch._C._nn.linear(X, X)),
    "attribute": ("mT", lambda: X.mT),
    "python operator": ("matmul", lambda: X @ X.mT),
    "einsum": ("einsum", lambda: torch.einsum("ij->j", X)),
}


@pytest.mark.parametrize("name", OTHERS)
def test_other_operators_are_seen_too(name):
    wanted, function = OTHERS[name]
    assert wanted in used(function, (wanted,))


MODULES = {
    "torch.nn.functional": lambda: F.gelu(X) + F.layer_norm(X, (3,)),
    "torch.nn.modules.rnn": lambda: nn.LSTM(3, 2).double()(X[None]),
    "torch.nn.Linear": lambda: nn.Linear(3, 2).double()(X),
    "torch.nn.modules.linear": lambda: nn.Linear(3, 2),
    "torch.optim": lambda: torch.optim.SGD([X.clone().requires_grad_()], 1),
    "torch.nn.init": lambda: nn.init.zeros_(X.clone()),
}


@pytest.mark.parametrize("name", MODULES)
def test_whole_modules_can_be_forbidden(name):
    assert used(MODULES[name], (name,)) == [name]


ALLOWED = {
    "exp": lambda: X.exp() / X.exp().sum(1, True),
    "logsumexp": lambda: (X - X.logsumexp(1, True)).exp(),
    "words": lambda: "softmax".upper(),
    "own name": lambda: softmax(X),
    "own class": lambda: Own.__name__,
    "sigmoid": lambda: torch.sigmoid(X),
    "sequential": lambda: nn.Sequential(nn.Identity())(X),
    "parameters": lambda: nn.Parameter(X.clone()),
    "other pfs": lambda: pfs.nn.sigmoid(X),
}


def softmax(x):
    return x.exp() / x.exp().sum(1, True)


@pytest.mark.parametrize("name", ALLOWED)
def test_what_is_allowed_is_not_seen(name):
    assert used(ALLOWED[name], EVERYWHERE + OF_PYTHON) == []


def test_only_calls_of_the_learners_file_count():
    call = lambda: PLAIN(X, 1)
    assert used(call, ("pfs.nn.softmax",), "other.py") == []
    assert used(call, ("pfs.nn.softmax",), "") == ["pfs.nn.softmax"]
    assert used(lambda: X.softmax(1), OF_TORCH, "other.py") == ["softmax"]


def test_every_name_is_told_once_and_in_order():
    def call():
        for _ in range(3):
            torch.relu(X).softmax(1)

    assert used(call, ("softmax", "relu", "tanh")) == ["relu", "softmax"]


def test_everything_is_as_before_afterwards():
    seen = []
    before = sys.getprofile()
    other = lambda frame, event, argument: seen.append(event)
    for forbid in (EVERYWHERE, OF_TORCH, OF_PYTHON, ()):
        sys.setprofile(other)
        try:
            with pytest.raises(ZeroDivisionError), Guard(forbid, __file__):
                X.softmax(1).sum() / (1 // 0)
            assert sys.getprofile() is other
        finally:
            sys.setprofile(before)
        assert torch.utils._python_dispatch._get_current_dispatch_mode() is None
        assert torch.overrides._get_current_function_mode() is None
    assert seen


def test_results_and_gradients_are_not_changed():
    x = X.clone().requires_grad_()
    with Guard(("softmax", "torch.nn.functional"), __file__):
        y = F.softmax(x, 1)
        (gradient,) = torch.autograd.grad(y[0, 0], x)
    assert torch.equal(y, X.softmax(1))
    assert bool(gradient.ne(0).any())
