"""The recurrent network equals torch's, and its gradient is derived right."""

import inspect
import os
import subprocess
import sys
import warnings

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
        forward = inspect.signature(ours.forward).parameters
        assert list(forward)[:2] == ["input", "hx"]
        assert forward["lengths"].kind is inspect.Parameter.KEYWORD_ONLY

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
    assert list(ours.state_dict()) == list(judge.state_dict())
    ours.load_state_dict(judge.state_dict())
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


def packed(judge, x, hx, lengths):
    """Torch's way to say how long each row is, around `judge`."""
    batch_first = judge.batch_first
    rows = pack_padded_sequence(
        x, torch.tensor(lengths), batch_first, enforce_sorted=False
    )
    output, h_n = judge(rows, hx)
    return pad_packed_sequence(output, batch_first, 0.0, max(lengths))[0], h_n


@pytest.mark.parametrize("num_layers", [1, 2])
@pytest.mark.parametrize("bidirectional", [False, True])
@pytest.mark.parametrize("batch_first", [False, True])
@pytest.mark.parametrize("nonlinearity", ["tanh", "relu"])
@pytest.mark.parametrize("state", [False, True])
def test_lengths_equal_packed_sequences(
    num_layers, bidirectional, batch_first, nonlinearity, state
):
    """Outputs, last states and gradients; rows in any order."""
    torch.manual_seed(0)
    options = {
        "num_layers": num_layers,
        "bidirectional": bidirectional,
        "batch_first": batch_first,
        "nonlinearity": nonlinearity,
        "dtype": torch.float64,
    }
    ours, judge = RNN(3, 5, **options), theirs.RNN(3, 5, **options)
    judge.load_state_dict(ours.state_dict())
    lengths = [4, 11, 1, 6, 10, 2, 11]
    shape = (7, 11, 3) if batch_first else (11, 7, 3)
    x, hx = torch.randn(shape, dtype=torch.float64), None
    if state:
        rows = num_layers * (2 if bidirectional else 1)
        hx = torch.randn(rows, 7, 5, dtype=torch.float64)
    want = packed(judge, x, hx, lengths)
    assert_close(ours(x, hx, lengths=lengths), want, **EXACT)
    as_tensor = torch.tensor(lengths, dtype=torch.int32)
    assert_close(ours(x, hx, lengths=as_tensor), want, **EXACT)
    assert_close(
        gradients(
            lambda *a: ours(*a, lengths=lengths), (x, hx), *ours.parameters()
        ),
        gradients(
            lambda *a: packed(judge, *a, lengths), (x, hx), *judge.parameters()
        ),
        **EXACT,
    )


def test_full_lengths_are_no_lengths():
    rnn = RNN(3, 5, 2, bidirectional=True)
    x = torch.randn(7, 2, 3)
    assert_close(rnn(x, lengths=[7, 7]), rnn(x))
    assert_close(rnn(x[:, 0], lengths=[7]), rnn(x[:, 0]))


@pytest.mark.parametrize("rubbish", [1e6, float("inf"), float("nan")])
@pytest.mark.parametrize("nonlinearity", ["tanh", "relu"])
def test_what_stands_behind_the_end_of_a_row_does_not_matter(
    nonlinearity, rubbish
):
    torch.manual_seed(0)
    rnn = RNN(3, 5, 2, nonlinearity, batch_first=True, bidirectional=True)
    x = torch.randn(2, 7, 3)
    changed = x.clone()
    changed[1, 4:] = rubbish

    def read(x):
        return rnn(x, lengths=[7, 4])

    assert_close(read(x), read(changed), rtol=0, atol=0)
    assert_close(
        gradients(read, (x,), *rnn.parameters()),
        gradients(read, (changed,), *rnn.parameters()),
        rtol=0,
        atol=0,
    )
    assert_close(read(x)[0][1, :4], rnn(x[1, :4])[0])
    assert not read(changed)[0][1, 4:].any()


@settings(max_examples=60)
@given(st.data())
def test_any_shape_equals_torch(data):
    sizes = [data.draw(st.integers(1, 6)) for _ in range(5)]
    i, h, layers, time, batch = sizes
    options = {
        "nonlinearity": data.draw(st.sampled_from(["tanh", "relu"])),
        "bias": data.draw(st.booleans()),
        "batch_first": data.draw(st.booleans()),
        "bidirectional": data.draw(st.booleans()),
        "dtype": torch.float64,
    }
    steps = st.lists(st.integers(1, time), min_size=batch, max_size=batch)
    lengths = data.draw(steps | st.none())
    torch.manual_seed(sum(sizes))
    ours = RNN(i, h, layers, **options)
    judge = theirs.RNN(i, h, layers, **options)
    judge.load_state_dict(ours.state_dict())
    x = torch.randn(time, batch, i, dtype=torch.float64)
    rows = layers * (2 if options["bidirectional"] else 1)
    hx = torch.randn(rows, batch, h, dtype=torch.float64)
    if lengths:
        x = x[: max(lengths)]
    x = x.transpose(0, 1) if options["batch_first"] else x
    want = packed(judge, x, hx, lengths) if lengths else judge(x, hx)
    assert_close(ours(x, hx, lengths=lengths), want, **EXACT)


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
        lambda drive, *a: Unroll.apply(drive.clone(), *a, nonlinearity), args
    )


def test_a_second_derivative_is_refused_not_wrong():
    x = torch.randn(3, 1, 2, requires_grad=True)
    output, _ = RNN(2, 2)(x)
    with pytest.raises(PfsError, match="G01"):
        torch.autograd.grad(output.sum(), x, create_graph=True)


@pytest.mark.parametrize("k", range(1, 7))
def test_the_state_can_be_handed_over(k):
    """Reading in two parts is reading in one, gradients included."""
    torch.manual_seed(0)
    rnn = RNN(3, 5, 2, dtype=torch.float64)
    x = torch.randn(7, 2, 3, dtype=torch.float64)

    def in_two(x):
        first, h = rnn(x[:k])
        second, h = rnn(x[k:], h)
        return torch.cat([first, second]), h

    assert_close(in_two(x), rnn(x), **EXACT)
    assert_close(
        gradients(in_two, (x,), *rnn.parameters()),
        gradients(rnn, (x,), *rnn.parameters()),
        **EXACT,
    )


@pytest.mark.parametrize("k", range(7))
def test_the_past_does_not_see_the_future(k):
    """Bit for bit; a second direction sees it, as it must."""
    torch.manual_seed(0)
    x = torch.randn(7, 2, 3)
    changed = x.clone()
    changed[k] += 1
    rnn = RNN(3, 5, 2)
    a, b = rnn(x)[0], rnn(changed)[0]
    assert torch.equal(a[:k], b[:k])
    assert all((a[t] != b[t]).any() for t in range(k, 7))
    both = RNN(3, 5, 2, bidirectional=True)
    assert (both(x)[0][0] != both(changed)[0][0]).any()


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
    plain = RNN(3, 50, 2)
    plain.load_state_dict(rnn.state_dict())
    assert_close(rnn.eval()(x), plain(x), rtol=0, atol=0)


def test_dropout_without_a_second_layer_warns_as_torch():
    for library in (RNN, theirs.RNN):
        with warnings.catch_warnings(record=True) as caught:
            warnings.simplefilter("always")
            library(3, 5, dropout=0.5)
        assert [w.category for w in caught] == [UserWarning]


def test_the_weights_may_come_from_elsewhere():
    """As arguments (`functional_call`), or computed (`parametrize`)."""
    rnn = RNN(3, 5)
    x = torch.randn(7, 2, 3)
    twice = {k: 2 * v for k, v in rnn.state_dict().items()}
    out = torch.func.functional_call(rnn, twice, (x,))

    class Twice(theirs.Module):
        def forward(self, weight):
            return 2 * weight

    for name in twice:
        theirs.utils.parametrize.register_parametrization(rnn, name, Twice())
    assert_close(rnn(x), out)
    theirs.utils.parametrize.remove_parametrizations(rnn, "bias_ih_l0")
    assert_close(rnn(x), out)


def test_only_shapes_are_asked_of_lengths_on_the_meta_device():
    rnn = RNN(3, 5, bidirectional=True, device="meta")
    x = torch.empty(7, 2, 3, device="meta")
    for lengths in ([7, 4], torch.tensor([7, 4], device="meta")):
        output, h_n = rnn(x, lengths=lengths)
        assert (output.shape, h_n.shape) == ((7, 2, 10), (2, 2, 5))
    assert RNN(3, 5)(torch.empty(7, 0, 3), lengths=[])[0].shape == (7, 0, 5)


@pytest.mark.parametrize("bias", [False, True])
def test_mixed_precision_is_close(bias):
    torch.manual_seed(0)
    rnn = RNN(3, 5, 2, bias=bias, bidirectional=True)
    x, h = torch.randn(7, 2, 3), torch.randn(4, 2, 5)
    output, h_n = rnn(x, h)
    for args in ((x, h), (x.bfloat16(), h.bfloat16())):
        with torch.autocast("cpu", torch.bfloat16):
            a, b = rnn(*args)
        assert_close(a.float(), output, rtol=0.05, atol=0.05)
        assert_close(b.float(), h_n, rtol=0.05, atol=0.05)
        a.float().sum().backward()
    assert all(p.grad.dtype == torch.float32 for p in rnn.parameters())


def test_it_exports_for_use():
    rnn = RNN(3, 5, 2, bidirectional=True)
    x = torch.randn(7, 2, 3)
    for keywords in ({}, {"lengths": torch.tensor([7, 4])}):
        exported = torch.export.export(rnn, (x,), keywords).module()
        with torch.no_grad():
            assert_close(exported(x, **keywords), rnn(x, **keywords))


COMPILED = """
import torch
from pfs.recurrent.rnn import RNN

rnn, x = RNN(3, 5, 2, bidirectional=True), torch.randn(7, 2, 3)
other = torch.compile(rnn, fullgraph=True, backend="aot_eager")
for keywords in {}, {"lengths": torch.tensor([7, 4])}:
    want = torch.autograd.grad(rnn(x, **keywords)[0].sum(), rnn.parameters())
    got = torch.autograd.grad(other(x, **keywords)[0].sum(), rnn.parameters())
    torch.testing.assert_close(got, want)
"""


def test_it_compiles_in_one_piece():
    """In a process of its own: dynamo cannot read the shape checker."""
    env = os.environ | {"PFS_SHAPES": "0"}
    subprocess.run([sys.executable, "-c", COMPILED], env=env, check=True)


def test_the_twins_call_for_cuda_is_understood():
    RNN(3, 5).flatten_parameters()
