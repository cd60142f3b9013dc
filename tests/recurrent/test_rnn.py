"""The recurrent network equals torch's, and its gradient is derived right."""

import hypothesis.strategies as st
import pytest
import torch
from contract import EXACT, ModuleContract, gradients
from hypothesis import given, settings
from torch import nn as theirs
from torch.nn.utils.rnn import pack_padded_sequence, pad_packed_sequence
from torch.testing import assert_close

from pfs.errors import PfsError
from pfs.recurrent.rnn import RNN, RNNCell, Unroll


class TestRNNCell(ModuleContract):
    module = staticmethod(lambda: RNNCell(3, 5))
    twin = staticmethod(lambda: theirs.RNNCell(3, 5))
    inputs = staticmethod(
        lambda batch: (torch.randn(batch, 3), torch.randn(batch, 5))
    )
    parameters = 5 * (3 + 5 + 2)


class TestRNNCellReLU(ModuleContract):
    module = staticmethod(lambda: RNNCell(3, 5, False, "relu"))
    twin = staticmethod(lambda: theirs.RNNCell(3, 5, False, "relu"))
    inputs = staticmethod(lambda batch: (torch.randn(batch, 3),))
    parameters = 5 * (3 + 5)


class TestRNN(ModuleContract):
    module = staticmethod(lambda: RNN(3, 5))
    twin = staticmethod(lambda: theirs.RNN(3, 5))
    inputs = staticmethod(
        lambda batch: (torch.randn(7, batch, 3), torch.randn(1, batch, 5))
    )
    parameters = 5 * (3 + 5 + 2)
    batch_axis = 1
    signature = False

    def test_arguments_are_those_of_the_twin(self):
        """torch hides them behind *args: they are tried one by one."""
        words = ("relu", False, True, 0.0, True)
        ours, judge = RNN(3, 5, 2, *words), theirs.RNN(3, 5, 2, *words)
        for name in (
            *("input_size", "hidden_size", "num_layers", "nonlinearity"),
            *("bias", "batch_first", "dropout", "bidirectional"),
        ):
            assert getattr(ours, name) == getattr(judge, name)
        assert repr(ours) == repr(judge)
        assert repr(RNN(3, 5)) == repr(theirs.RNN(3, 5))

    def test_two_biases_are_counted(self):
        """The number that everybody prints: 28 symbols, 256 units."""
        count = sum(p.numel() for p in RNN(28, 256).parameters())
        assert count == 256 * (28 + 256 + 2) == 73_216


@pytest.mark.parametrize("num_layers", [1, 3])
@pytest.mark.parametrize("bidirectional", [False, True])
@pytest.mark.parametrize("batch_first", [False, True])
@pytest.mark.parametrize("bias", [False, True])
@pytest.mark.parametrize("nonlinearity", ["tanh", "relu"])
@pytest.mark.parametrize("state", [False, True])
def test_every_form_equals_torch(
    num_layers, bidirectional, batch_first, bias, nonlinearity, state
):
    torch.manual_seed(0)
    options = {
        "num_layers": num_layers,
        "bidirectional": bidirectional,
        "batch_first": batch_first,
        "bias": bias,
        "nonlinearity": nonlinearity,
        "dtype": torch.float64,
    }
    ours, judge = RNN(3, 5, **options), theirs.RNN(3, 5, **options)
    judge.load_state_dict(ours.state_dict())
    shape = (2, 7, 3) if batch_first else (7, 2, 3)
    args = (torch.randn(shape, dtype=torch.float64),)
    if state:
        rows = num_layers * (2 if bidirectional else 1)
        args += (torch.randn(rows, 2, 5, dtype=torch.float64),)
    assert_close(ours(*args), judge(*args), **EXACT)
    assert_close(
        gradients(ours, args, *ours.parameters()),
        gradients(judge, args, *judge.parameters()),
        **EXACT,
    )


@pytest.mark.parametrize("batch_first", [False, True])
@pytest.mark.parametrize("bidirectional", [False, True])
def test_one_sequence_alone_equals_torch(batch_first, bidirectional):
    options = {"batch_first": batch_first, "bidirectional": bidirectional}
    ours, judge = RNN(3, 5, 2, **options), theirs.RNN(3, 5, 2, **options)
    judge.load_state_dict(ours.state_dict())
    x, h = torch.randn(7, 3), torch.randn(4 if bidirectional else 2, 5)
    assert_close(ours(x, h), judge(x, h))
    assert_close(ours(x), judge(x))


@pytest.mark.parametrize("num_layers", [1, 2])
@pytest.mark.parametrize("bidirectional", [False, True])
@pytest.mark.parametrize("batch_first", [False, True])
def test_lengths_equal_packed_sequences(num_layers, bidirectional, batch_first):
    """Outputs, last states and gradients; rows in any order."""
    torch.manual_seed(0)
    options = {
        "num_layers": num_layers,
        "bidirectional": bidirectional,
        "batch_first": batch_first,
        "dtype": torch.float64,
    }
    ours, judge = RNN(3, 5, **options), theirs.RNN(3, 5, **options)
    judge.load_state_dict(ours.state_dict())
    lengths = torch.tensor([4, 7, 1, 6])
    shape = (4, 7, 3) if batch_first else (7, 4, 3)
    x = torch.randn(shape, dtype=torch.float64)

    def packed(x):
        p = pack_padded_sequence(
            x, lengths, batch_first=batch_first, enforce_sorted=False
        )
        output, h_n = judge(p)
        output, _ = pad_packed_sequence(output, batch_first=batch_first)
        return output, h_n

    def padded(x):
        return ours(x, lengths=lengths)

    assert_close(padded(x), packed(x), **EXACT)
    assert_close(ours(x, lengths=lengths.tolist()), packed(x), **EXACT)
    assert_close(
        gradients(padded, (x,), *ours.parameters()),
        gradients(packed, (x,), *judge.parameters()),
        **EXACT,
    )


def test_what_stands_behind_the_end_of_a_row_does_not_matter():
    rnn = RNN(3, 5, 2, bidirectional=True, batch_first=True)
    x, lengths = torch.randn(2, 7, 3), [7, 4]
    changed = x.clone()
    changed[1, 4:] = 1e6
    a, b = rnn(x, lengths=lengths), rnn(changed, lengths=lengths)
    assert_close(a, b, rtol=0, atol=0)


@settings(max_examples=40, deadline=None)
@given(st.data())
def test_any_shape_equals_torch(data):
    sizes = [data.draw(st.integers(1, 6)) for _ in range(5)]
    i, h, layers, time, batch = sizes
    both = data.draw(st.booleans())
    torch.manual_seed(sum(sizes))
    ours = RNN(i, h, layers, bidirectional=both, dtype=torch.float64)
    judge = theirs.RNN(i, h, layers, bidirectional=both, dtype=torch.float64)
    judge.load_state_dict(ours.state_dict())
    x = torch.randn(time, batch, i, dtype=torch.float64)
    assert_close(ours(x), judge(x), **EXACT)


def plain_loop(cell, x, h):
    """The definition: one cell, step by step, differentiated by torch."""
    states = []
    for x_t in x.unbind(0):
        h = cell(x_t, h)
        states.append(h)
    return torch.stack(states), h[None]


@pytest.mark.parametrize("nonlinearity", ["tanh", "relu"])
def test_the_gradient_by_hand_equals_autograd_through_the_loop(nonlinearity):
    torch.manual_seed(0)
    cell = RNNCell(3, 5, nonlinearity=nonlinearity, dtype=torch.float64)
    rnn = RNN(3, 5, nonlinearity=nonlinearity, dtype=torch.float64)
    rnn.load_state_dict({f"{k}_l0": v for k, v in cell.state_dict().items()})
    x = torch.randn(11, 2, 3, dtype=torch.float64)
    h = torch.randn(2, 5, dtype=torch.float64)
    assert_close(
        gradients(lambda x, h: rnn(x, h[None]), (x, h), *rnn.parameters()),
        gradients(
            lambda x, h: plain_loop(cell, x, h), (x, h), *cell.parameters()
        ),
        **EXACT,
    )


@pytest.mark.parametrize("nonlinearity", ["tanh", "relu"])
def test_the_gradient_by_hand_equals_finite_differences(nonlinearity):
    torch.manual_seed(0)
    shapes = [(4, 2, 3), (2, 3), (3, 3)]
    args = [
        torch.randn(s, dtype=torch.float64, requires_grad=True) for s in shapes
    ]
    assert torch.autograd.gradcheck(
        lambda *a: Unroll.apply(*a, nonlinearity), args
    )


def test_a_second_derivative_is_refused_not_wrong():
    x = torch.randn(3, 1, 2, requires_grad=True)
    output, _ = RNN(2, 2)(x)
    with pytest.raises(PfsError, match="G01"):
        torch.autograd.grad(output.sum(), x, create_graph=True)


def test_the_state_can_be_handed_over():
    """Reading in two parts is reading in one: bit for bit."""
    rnn = RNN(3, 5, 2)
    x = torch.randn(7, 2, 3)
    output, h_n = rnn(x)
    first, h = rnn(x[:4])
    second, h = rnn(x[4:], h)
    assert_close(torch.cat([first, second]), output)
    assert_close(h, h_n)


def test_the_past_does_not_see_the_future():
    rnn = RNN(3, 5, 2)
    x = torch.randn(7, 2, 3)
    changed = x.clone()
    changed[4] += 1
    a, b = rnn(x)[0], rnn(changed)[0]
    assert torch.equal(a[:4], b[:4])
    assert not torch.equal(a[4:], b[4:])


def test_dropout_acts_between_layers_only():
    torch.manual_seed(0)
    rnn = RNN(3, 50, 2, dropout=1.0)
    x = torch.randn(7, 2, 3)
    rnn.train()
    output, h_n = rnn(x)
    second = theirs.RNN(50, 50)
    second.load_state_dict(
        {
            k.replace("l1", "l0"): v
            for k, v in rnn.state_dict().items()
            if "l1" in k
        }
    )
    assert_close(output, second(torch.zeros(7, 2, 50))[0])
    first = theirs.RNN(3, 50)
    first.load_state_dict(
        {k: v for k, v in rnn.state_dict().items() if "l0" in k}
    )
    assert_close(h_n[:1], first(x)[1])
    rnn.eval()
    assert_close(rnn(x), rnn(x), rtol=0, atol=0)
    assert float(rnn(x)[0].detach().sub(output).abs().max()) > 1e-3


def test_dropout_without_a_second_layer_warns_as_torch():
    with pytest.warns(UserWarning, match="between layers"):
        RNN(3, 5, dropout=0.5)


def test_it_exports_and_is_functional():
    rnn = RNN(3, 5)
    x = torch.randn(7, 2, 3)
    twice = {k: 2 * v for k, v in rnn.state_dict().items()}
    out = torch.func.functional_call(rnn, twice, (x,))
    rnn.load_state_dict(twice)
    assert_close(out, rnn(x))
