"""The LSTM equals torch's; its other forms equal the formulas of the papers."""

import math

import pytest
import torch
from contract import EXACT, ModuleContract, gradients
from recurrent_contract import F64, RecurrentContract
from torch import nn as theirs
from torch.testing import assert_close

import pfs
from pfs.recurrent.lstm import LSTM, LSTMCell
from pfs.recurrent.lstm_unroll import Unroll

OWN = [
    {"forget_bias": 1.0},
    {"forget_gate": False},
    {"peepholes": True},
    {"forget_gate": False, "peepholes": True},
]
ADDED = ("forget_gate", "peepholes", "forget_bias")


def pair(*shape):
    return torch.randn(shape), torch.randn(shape)


class TestLSTMCell(ModuleContract):
    module = staticmethod(lambda: LSTMCell(3, 5))
    twin = staticmethod(lambda: theirs.LSTMCell(3, 5))
    inputs = staticmethod(lambda batch: (torch.randn(batch, 3), pair(batch, 5)))
    parameters = 4 * 5 * (3 + 5 + 2)
    added = ADDED


class TestLSTMCellWithoutBias(ModuleContract):
    module = staticmethod(lambda: LSTMCell(3, 5, False))
    twin = staticmethod(lambda: theirs.LSTMCell(3, 5, False))
    inputs = staticmethod(lambda batch: (torch.randn(batch, 3),))
    parameters = 4 * 5 * (3 + 5)
    added = ADDED


class TestLSTM(RecurrentContract):
    kind = staticmethod(LSTM)
    judge = staticmethod(theirs.LSTM)
    cell = staticmethod(LSTMCell)
    forms = [{}, {"proj_size": 2}]
    own = OWN
    added = ADDED
    module = staticmethod(lambda: LSTM(3, 5))
    twin = staticmethod(lambda: theirs.LSTM(3, 5))
    inputs = staticmethod(
        lambda batch: (torch.randn(7, batch, 3), pair(1, batch, 5))
    )
    parameters = 4 * 5 * (3 + 5 + 2)

    def states(self, rows, *batch, proj_size=0, **_):
        h = torch.randn(rows, *batch, proj_size or 5, dtype=F64)
        return h, torch.randn(rows, *batch, 5, dtype=F64)

    def test_two_biases_are_counted(self):
        """The number that everybody prints: 28 symbols, 256 units."""
        count = sum(p.numel() for p in LSTM(28, 256).parameters())
        assert count == 4 * 256 * (28 + 256 + 2) == 292_864


class TestProjectedLSTM(ModuleContract):
    module = staticmethod(lambda: LSTM(3, 5, 2, proj_size=2))
    twin = staticmethod(lambda: theirs.LSTM(3, 5, 2, proj_size=2))
    inputs = staticmethod(
        lambda batch: (
            torch.randn(7, batch, 3),
            (torch.randn(2, batch, 2), torch.randn(2, batch, 5)),
        )
    )
    parameters = 4 * 5 * (3 + 2 + 2) + 4 * 5 * (2 + 2 + 2) + 2 * (2 * 5)
    batch_axis = 1
    signature = False


def by_the_papers(weights, x, h, c, forget_gate, units=5):
    """Gers & Schmidhuber (2000): gate by gate, with diagonal peepholes.

    i and f look at the cell before the step, o at the cell after it.
    """
    letters = "ifgo" if forget_gate else "igo"
    W, U, b, d = (
        dict(zip(letters, weights[name].split(units), strict=True))
        for name in ("weight_ih", "weight_hh", "bias_ih", "bias_hh")
    )
    seen = letters.replace("g", "")
    looks = weights["weight_ch"].split(units)
    p = {k: torch.diag(v) for k, v in zip(seen, looks, strict=True)}
    states = []
    for x_t in x:
        z = {k: x_t @ W[k].T + b[k] + h @ U[k].T + d[k] for k in letters}
        i = 1 / (1 + torch.exp(-(z["i"] + c @ p["i"])))
        f = 1 / (1 + torch.exp(-(z["f"] + c @ p["f"]))) if forget_gate else 1.0
        c = f * c + i * torch.tanh(z["g"])
        o = 1 / (1 + torch.exp(-(z["o"] + c @ p["o"])))
        h = o * torch.tanh(c)
        states.append(h)
    return torch.stack(states), (h[None], c[None])


@pytest.mark.parametrize("forget_gate", [True, False])
def test_peepholes_are_those_of_the_paper(forget_gate):
    """Values and gradients, of the layer and of the cell."""
    torch.manual_seed(0)
    form = {"forget_gate": forget_gate, "peepholes": True, "dtype": F64}
    lstm, cell = LSTM(3, 5, **form), LSTMCell(3, 5, **form)
    with torch.no_grad():
        lstm.weight_ch_l0.mul_(4)  # a look that cannot be overlooked
    names = [n.removesuffix("_l0") for n, _ in lstm.named_parameters()]
    values = [p.detach().clone().requires_grad_() for p in lstm.parameters()]
    weights = dict(zip(names, values, strict=True))
    cell.load_state_dict(weights)
    args = torch.randn(7, 2, 3, dtype=F64), *torch.randn(2, 2, 5, dtype=F64)

    def paper(x, h, c):
        return by_the_papers(weights, x, h, c, forget_gate)

    def ours(x, h, c):
        return lstm(x, (h[None], c[None]))

    assert_close(ours(*args), paper(*args), **EXACT)
    assert_close(
        gradients(ours, args, *lstm.parameters()),
        gradients(paper, args, *values),
        **EXACT,
    )
    x, *first = args
    assert_close(cell(x[0], tuple(first))[0], paper(*args)[0][0], **EXACT)


def test_peepholes_of_0_are_none():
    with_them = LSTM(3, 5, 2, peepholes=True, bidirectional=True)
    judge = theirs.LSTM(3, 5, 2, bidirectional=True)
    weights = with_them.state_dict()
    for name in weights:
        if name.startswith("weight_ch"):
            weights[name].zero_()
    judge.load_state_dict({k: v for k, v in weights.items() if "ch" not in k})
    x = torch.randn(7, 2, 3)
    assert_close(with_them(x), judge(x))


@pytest.mark.parametrize("projected", [0, 2])
def test_no_forget_gate_is_one_that_stays_open(projected):
    """torch's LSTM with f = 1: the logistic function of 1000 is 1."""
    torch.manual_seed(0)
    options = {"num_layers": 2, "proj_size": projected, "dtype": F64}
    ours = LSTM(3, 5, forget_gate=False, **options)
    judge = theirs.LSTM(3, 5, **options)
    for name, value in ours.state_dict().items():
        other = judge.state_dict()[name]
        if "hr" in name:
            other.copy_(value)
            continue
        other[:5], other[10:] = value[:5], value[5:]
        other[5:10] = 1000.0 if "bias" in name else 0.0
    x = torch.randn(7, 2, 3, dtype=F64)
    assert_close(ours(x), judge(x), **EXACT)
    mine = gradients(ours, (x,), *ours.parameters())
    want = gradients(judge, (x,), *judge.parameters())
    names = ["x", *dict(ours.named_parameters())]
    for name, a, b in zip(names, mine, want, strict=True):
        keep = name == "x" or "hr" in name
        assert_close(a, b if keep else torch.cat([b[:5], b[10:]]), **EXACT)


def test_the_cell_of_1997_carries_the_error_unchanged():
    """The constant error carousel: with i = 0 nothing touches c."""
    lstm = LSTM(3, 5, forget_gate=False, dtype=F64)
    with torch.no_grad():
        for parameter in lstm.parameters():
            parameter.zero_()
    c = torch.randn(1, 2, 5, dtype=F64, requires_grad=True)
    x = torch.randn(100, 2, 3, dtype=F64)
    c_n = lstm(x, (torch.zeros_like(c), c))[1][1]
    assert torch.equal(c_n, c)
    assert torch.equal(torch.autograd.grad(c_n.sum(), c)[0], torch.ones_like(c))


@pytest.mark.parametrize("bias", [0.0, 1.0])
def test_a_forget_bias_says_how_much_is_kept(bias):
    """After ten steps 0.044 of the cell with a bias of 1, 0.00098 with 0."""
    lstm = LSTM(3, 5, forget_bias=bias, dtype=F64)
    with torch.no_grad():
        lstm.weight_ih_l0.zero_()
        lstm.weight_hh_l0.zero_()
        lstm.bias_hh_l0[10:15] = 0
        lstm.bias_ih_l0[10:15] = 0  # nothing new: tanh(g) = 0
    c = torch.ones(1, 2, 5, dtype=F64)
    c_n = lstm(torch.zeros(10, 2, 3, dtype=F64), (0 * c, c))[1][1]
    kept = {0.0: 0.000977, 1.0: 0.043604}[bias]
    assert (1 / (1 + math.exp(-bias))) ** 10 == pytest.approx(kept, rel=1e-3)
    assert_close(c_n, c * (1 / (1 + math.exp(-bias))) ** 10, **EXACT)


@pytest.mark.parametrize("kind", [LSTM, LSTMCell])
def test_a_forget_bias_changes_that_start_only(kind):
    torch.manual_seed(0)
    plain = kind(3, 5).state_dict()
    torch.manual_seed(0)
    module = kind(3, 5, forget_bias=1.5)
    torch.manual_seed(0)
    module.reset_parameters()
    for name, value in module.state_dict().items():
        if "bias" in name:
            forget = torch.full((5,), 1.5 if "ih" in name else 0.0)
            assert torch.equal(value[5:10], forget)
            value[5:10] = plain[name][5:10]
        assert torch.equal(value, plain[name])


def test_the_gates_of_two_layers_and_ends_start_open():
    lstm = LSTM(3, 5, 2, bidirectional=True, forget_bias=1.0)
    for end in ("l0", "l0_reverse", "l1", "l1_reverse"):
        both = getattr(lstm, f"bias_ih_{end}") + getattr(lstm, f"bias_hh_{end}")
        assert torch.equal(both[5:10], torch.ones(5))


def test_what_torch_does_not_have_is_printed():
    words = "forget_gate=False, peepholes=True"
    for kind in (LSTM, LSTMCell):
        shown = repr(kind(3, 5, forget_gate=False, peepholes=True))
        assert shown == f"{kind.__name__}(3, 5, {words})"
    assert repr(LSTM(3, 5, forget_bias=1.0)) == "LSTM(3, 5, forget_bias=1.0)"


@pytest.mark.parametrize("form", OWN[1:], ids=str)
@pytest.mark.parametrize("lengths", [None, [7, 3]])
def test_forms_without_a_kernel_are_the_same_in_both_backends(form, lengths):
    lstm, x = LSTM(3, 5, 2, bidirectional=True, **form), torch.randn(7, 2, 3)
    here = lstm(x, lengths=lengths)
    with pfs.backend("fused"):
        assert_close(lstm(x, lengths=lengths), here)


@pytest.mark.parametrize("gates", [3, 4])
@pytest.mark.parametrize("projected", [False, True])
@pytest.mark.parametrize("peepholes", [False, True])
def test_the_gradient_by_hand_equals_finite_differences(
    gates, projected, peepholes
):
    torch.manual_seed(0)
    size = 2 if projected else 3
    shapes = [(4, 2, gates * 3), (2, size), (2, 3), (gates * 3, size)]
    args = [torch.randn(s, dtype=F64, requires_grad=True) for s in shapes]
    for wanted, shape in ((projected, (2, 3)), (peepholes, (gates * 3 - 3,))):
        weight = torch.randn(shape, dtype=F64, requires_grad=True)
        args.append(weight if wanted else None)
    assert torch.autograd.gradcheck(
        lambda drive, *a: Unroll.apply(drive.clone(), *a)[:2], args
    )
