"""The GRU equals torch's; with the reset before the product, the paper's."""

import pytest
import torch
from contract import EXACT, ModuleContract, gradients
from recurrent_contract import F64, RecurrentContract
from torch import nn as theirs
from torch.testing import assert_close

import pfs
from pfs.recurrent.gru import GRU, GRUCell
from pfs.recurrent.gru_unroll import Unroll


class TestGRUCell(ModuleContract):
    module = staticmethod(lambda: GRUCell(3, 5))
    twin = staticmethod(lambda: theirs.GRUCell(3, 5))
    inputs = staticmethod(
        lambda batch: (torch.randn(batch, 3), torch.randn(batch, 5))
    )
    parameters = 3 * 5 * (3 + 5 + 2)
    added = ("reset",)


class TestGRUCellWithoutBias(ModuleContract):
    module = staticmethod(lambda: GRUCell(3, 5, False))
    twin = staticmethod(lambda: theirs.GRUCell(3, 5, False))
    inputs = staticmethod(lambda batch: (torch.randn(batch, 3),))
    parameters = 3 * 5 * (3 + 5)
    added = ("reset",)


class TestGRU(RecurrentContract):
    kind = staticmethod(GRU)
    judge = staticmethod(theirs.GRU)
    cell = staticmethod(GRUCell)
    own = [{"reset": "before"}]
    added = ("reset",)
    module = staticmethod(lambda: GRU(3, 5))
    twin = staticmethod(lambda: theirs.GRU(3, 5))
    inputs = staticmethod(
        lambda batch: (torch.randn(7, batch, 3), torch.randn(1, batch, 5))
    )
    parameters = 3 * 5 * (3 + 5 + 2)

    def test_two_biases_are_counted(self):
        """The number that everybody prints: 28 symbols, 256 units."""
        count = sum(p.numel() for p in GRU(28, 256).parameters())
        assert count == 3 * 256 * (28 + 256 + 2) == 219_648


def by_the_paper(weights, x, h):
    """Cho et al. (2014), equations 5 to 8, of their third version.

    r and z are those of equations 5 and 6; the paper has no biases.
    """
    W_r, W_z, W = weights["weight_ih"].split(5)
    U_r, U_z, U = weights["weight_hh"].split(5)
    states = []
    for x_t in x:
        r = 1 / (1 + torch.exp(-(x_t @ W_r.T + h @ U_r.T)))
        z = 1 / (1 + torch.exp(-(x_t @ W_z.T + h @ U_z.T)))
        new = torch.tanh(x_t @ W.T + (r * h) @ U.T)
        h = z * h + (1 - z) * new
        states.append(h)
    return torch.stack(states), h[None]


def weights_of(gru):
    names = [n.removesuffix("_l0") for n, _ in gru.named_parameters()]
    values = [p.detach().clone().requires_grad_() for p in gru.parameters()]
    return dict(zip(names, values, strict=True))


def test_the_reset_before_the_product_is_the_papers():
    """Values and gradients, of the layer and of the cell."""
    torch.manual_seed(0)
    form = {"bias": False, "reset": "before", "dtype": F64}
    gru, cell = GRU(3, 5, **form), GRUCell(3, 5, **form)
    weights = weights_of(gru)
    cell.load_state_dict(weights)
    args = torch.randn(7, 2, 3, dtype=F64), torch.randn(2, 5, dtype=F64)

    def paper(x, h):
        return by_the_paper(weights, x, h)

    def ours(x, h):
        return gru(x, h[None])

    assert_close(ours(*args), paper(*args), **EXACT)
    assert_close(
        gradients(ours, args, *gru.parameters()),
        gradients(paper, args, *weights.values()),
        **EXACT,
    )
    x, h = args
    assert_close(cell(x[0], h), paper(*args)[0][0], **EXACT)


@pytest.mark.parametrize("kind", [GRU, GRUCell])
def test_both_biases_count_where_the_reset_is_before(kind):
    """Each of them shifts the same sum: what one loses the other may gain."""
    torch.manual_seed(0)
    ours = kind(3, 5, reset="before", dtype=F64)
    x = torch.randn(7, 3, dtype=F64)
    x = x if kind is GRUCell else x[:, None]
    before = ours(x)
    moved = {
        k: v + (1.5 if "bias_ih" in k else -1.5 if "bias_hh" in k else 0)
        for k, v in ours.state_dict().items()
    }
    ours.load_state_dict(moved)
    assert_close(ours(x), before, **EXACT)
    moved = {k: 0 * v if "bias_hh" in k else v for k, v in moved.items()}
    ours.load_state_dict(moved)
    assert_different(ours(x), before)


def assert_different(a, b):
    with pytest.raises(AssertionError):
        assert_close(a, b, rtol=1e-3, atol=1e-3)


@pytest.mark.parametrize("bias", [False, True])
def test_the_place_of_the_reset_matters_unless_units_are_alone(bias):
    """A diagonal matrix and no bias: r * (U h) is U (r * h), torch's GRU."""
    torch.manual_seed(0)
    after = theirs.GRU(3, 5, bias=bias, dtype=F64)
    before = GRU(3, 5, bias=bias, reset="before", dtype=F64)
    before.load_state_dict(after.state_dict())
    x = torch.randn(7, 2, 3, dtype=F64)
    assert_different(before(x), after(x))
    weights = after.state_dict()
    weights["weight_hh_l0"][10:] = torch.diag(torch.randn(5, dtype=F64))
    if bias:
        weights["bias_hh_l0"][10:] = 0
    before.load_state_dict(weights)
    assert_close(before(x), after(x), **EXACT)


def test_an_open_update_gate_keeps_the_state():
    """z = 1 keeps what was; in Chung et al. (2014) it would replace it."""
    for reset in ("after", "before"):
        gru = GRU(3, 5, reset=reset)
        with torch.no_grad():
            gru.bias_ih_l0[5:10] = 1000.0
        h = torch.randn(1, 2, 5)
        assert torch.equal(gru(torch.randn(7, 2, 3), h)[1], h)


def test_a_closed_reset_gate_forgets_the_state():
    """With r = 0 and z = 0 a step depends on the input alone."""
    gru = GRU(3, 5, reset="before")
    with torch.no_grad():
        gru.bias_ih_l0[:10] = -1000.0
    x, h = torch.randn(1, 2, 3), torch.randn(1, 2, 5)
    assert_close(gru(x, h), gru(x))


def test_what_torch_does_not_have_is_printed():
    assert repr(GRU(3, 5, reset="before")) == "GRU(3, 5, reset=before)"
    assert repr(GRUCell(3, 5, reset="before")) == "GRUCell(3, 5, reset=before)"


@pytest.mark.parametrize("lengths", [None, [7, 3]])
def test_the_form_without_a_kernel_is_the_same_in_both_backends(lengths):
    gru = GRU(3, 5, 2, bidirectional=True, reset="before")
    x = torch.randn(7, 2, 3)
    here = gru(x, lengths=lengths)
    with pfs.backend("fused"):
        assert_close(gru(x, lengths=lengths), here)


@pytest.mark.parametrize("reset", ["after", "before"])
@pytest.mark.parametrize("bias", [False, True])
def test_the_gradient_by_hand_equals_finite_differences(reset, bias):
    torch.manual_seed(0)
    shapes = [(4, 2, 9), (2, 3), (9, 3)]
    args = [torch.randn(s, dtype=F64, requires_grad=True) for s in shapes]
    b_u = torch.randn(3, dtype=F64, requires_grad=True)
    args.append(b_u if bias and reset == "after" else None)
    assert torch.autograd.gradcheck(
        lambda drive, *a: Unroll.apply(drive.clone(), *a, reset)[0], args
    )
