"""A stack equals torch's layers, one after the other; shortcuts and states."""

import warnings
from dataclasses import replace

import pytest
import torch
from contract import EXACT, ModuleContract, floats, gradients
from recurrent_contract import packed
from torch import nn as theirs
from torch.testing import assert_close
from torch.utils import _pytree as tree

import pfs
from pfs import ledger
from pfs.recurrent.stacked import (
    HANDWRITING_DEEP,
    HANDWRITING_WIDE,
    PENN_CHARACTERS,
    WIKIPEDIA,
    PredictionNetwork,
    Stack,
    StackedConfig,
)

F64 = torch.float64
JUDGES = {"rnn": theirs.RNN, "lstm": theirs.LSTM, "gru": theirs.GRU}


def layer_of(hx, n):
    """The first states of one layer."""
    return tree.tree_map(lambda s: s[n : n + 1].contiguous(), hx)


class Twin(theirs.Module):
    """Torch's layers of one; the loop around them is the paper's."""

    def __init__(self, inputs, units, count, cell="lstm", skip=True):
        super().__init__()
        self.skip = skip
        more = inputs if skip else 0
        sizes = [inputs] + [units + more] * (count - 1)
        self.layers = theirs.ModuleList(JUDGES[cell](s, units) for s in sizes)

    def forward(self, x, hx=None, **lengths):
        reads, outputs, ends = x, [], []
        for n, layer in enumerate(self.layers):
            start = None if hx is None else layer_of(hx, n)
            if lengths:
                output, end = packed(layer, reads, start, **lengths)
            else:
                output, end = layer(reads, start)
            outputs.append(output)
            ends.append(end)
            reads = torch.cat([x, output], 2) if self.skip else output
        last = tree.tree_map(lambda *parts: torch.cat(parts), *ends)
        return torch.cat(outputs, 2) if self.skip else outputs[-1], last


class TwinNetwork(theirs.Module):
    """The same with an output of its own for each layer, added up."""

    def __init__(self, config):
        super().__init__()
        sizes = config.input_size, config.hidden_size, config.num_layers
        self.stack = Twin(*sizes, config.cell, config.skip)
        width = config.hidden_size * (sizes[2] if config.skip else 1)
        self.output = theirs.Linear(width, config.output_size)

    def forward(self, x):
        h, state = self.stack(x.transpose(0, 1))
        parts = h.split(self.stack.layers[0].hidden_size, 2)
        weights = self.output.weight.split(parts[0].shape[2], 1)
        sums = [p @ w.T for p, w in zip(parts, weights, strict=True)]
        return (self.output.bias + sum(sums)).transpose(0, 1), state


def pair(batch):
    return torch.randn(7, batch, 3), (
        torch.randn(3, batch, 5),
        torch.randn(3, batch, 5),
    )


class TestStack(ModuleContract):
    module = staticmethod(lambda: Stack(3, 5, 3))
    twin = staticmethod(lambda: Twin(3, 5, 3))
    inputs = staticmethod(pair)
    parameters = 4 * 5 * ((3 + 5 + 2) + 2 * (3 + 5 + 5 + 2))
    batch_axis = 1
    signature = False


class TestStackWithoutShortcuts(TestStack):
    module = staticmethod(lambda: Stack(3, 5, 3, skip=False))
    twin = staticmethod(lambda: Twin(3, 5, 3, skip=False))
    parameters = 4 * 5 * ((3 + 5 + 2) + 2 * (5 + 5 + 2))


class TestStackOfGRU(ModuleContract):
    module = staticmethod(lambda: Stack(3, 5, 2, "gru"))
    twin = staticmethod(lambda: Twin(3, 5, 2, "gru"))
    inputs = staticmethod(
        lambda batch: (torch.randn(7, batch, 3), torch.randn(2, batch, 5))
    )
    parameters = 3 * 5 * ((3 + 5 + 2) + (3 + 5 + 5 + 2))
    batch_axis = 1
    signature = False


CONFIG = StackedConfig(
    input_size=3, hidden_size=5, num_layers=3, output_size=4, cell="lstm"
)


class TestPredictionNetwork(ModuleContract):
    module = staticmethod(lambda: PredictionNetwork(CONFIG))
    twin = staticmethod(lambda: TwinNetwork(CONFIG))
    inputs = staticmethod(lambda batch: (torch.randn(batch, 7, 3),))
    parameters = TestStack.parameters + 4 * (3 * 5 + 1)
    signature = False

    def test_rows_are_independent(self):
        """The batch is first in the outputs, second in the states."""
        ours, _, (x,) = self.case()
        y, (h, c) = ours(x)
        alone, (h_1, c_1) = ours(x[:1])
        assert_close((alone, h_1, c_1), (y[:1], h[:, :1], c[:, :1]), **EXACT)


class TestPredictionNetworkWithoutShortcuts(TestPredictionNetwork):
    config = replace(CONFIG, skip=False, cell="rnn")
    module = staticmethod(
        lambda: PredictionNetwork(replace(CONFIG, skip=False, cell="rnn"))
    )
    twin = staticmethod(
        lambda: TwinNetwork(replace(CONFIG, skip=False, cell="rnn"))
    )
    parameters = 5 * ((3 + 5 + 2) + 2 * (5 + 5 + 2)) + 4 * (5 + 1)

    def test_rows_are_independent(self):
        ours, _, (x,) = self.case()
        y, h = ours(x)
        assert_close(ours(x[:1]), (y[:1], h[:, :1]), **EXACT)


def states(cell, layers, batch):
    """First states of a stack with 5 units."""
    h = torch.randn(layers, *batch, 5, dtype=F64)
    return (h, torch.randn_like(h)) if "lstm" in cell else h


def shared(ours, judge):
    """Give torch's network of several layers the weights of a stack."""
    judge.load_state_dict(
        {
            name.split(".")[2].replace("l0", f"l{name.split('.')[1]}"): weight
            for name, weight in ours.state_dict().items()
        }
    )


@pytest.mark.parametrize("cell", JUDGES)
@pytest.mark.parametrize("layers", [1, 2, 3])
@pytest.mark.parametrize("batch_first", [False, True])
@pytest.mark.parametrize("bias", [False, True])
def test_without_shortcuts_it_is_torchs_network_of_several_layers(
    cell, layers, batch_first, bias
):
    torch.manual_seed(0)
    options = {"bias": bias, "batch_first": batch_first, "dtype": F64}
    ours = Stack(3, 5, layers, cell, skip=False, **options)
    judge = JUDGES[cell](3, 5, layers, **options)
    shared(ours, judge)
    x = torch.randn((2, 7, 3) if batch_first else (7, 2, 3), dtype=F64)
    hx = states(cell, layers, [2])
    weights = [p for _, p in sorted(judge.named_parameters())]
    order = sorted(
        (f"{n.split('.')[2][:-1]}{n.split('.')[1]}", p)
        for n, p in ours.named_parameters()
    )
    for args in ((x,), (x, hx)):
        assert_close(ours(*args), judge(*args), **EXACT)
        assert_close(
            gradients(ours, args, *(p for _, p in order)),
            gradients(judge, args, *weights),
            **EXACT,
        )


@pytest.mark.parametrize("cell", JUDGES)
@pytest.mark.parametrize("skip", [False, True])
@pytest.mark.parametrize("state", [False, True])
def test_lengths_equal_packed_sequences(cell, skip, state):
    """Outputs, last states and gradients; rubbish behind the ends."""
    torch.manual_seed(0)
    ours = Stack(3, 5, 3, cell, dtype=F64, skip=skip)
    judge = Twin(3, 5, 3, cell, skip).double()
    judge.load_state_dict(ours.state_dict())
    lengths = [4, 7, 1]
    x = torch.randn(7, 3, 3, dtype=F64)
    hx = states(cell, 3, [3]) if state else None

    def read(x, hx):
        return ours(x, hx, lengths=lengths)

    def judged(x, hx):
        return judge(x, hx, lengths=lengths)

    assert_close(read(x, hx), judged(x, hx), **EXACT)
    assert_close(
        gradients(read, (x, hx), *ours.parameters()),
        gradients(judged, (x, hx), *judge.parameters()),
        **EXACT,
    )
    changed = x.clone()
    changed[4:, 0] = torch.nan
    assert_close(read(changed, hx), read(x, hx), rtol=0, atol=0)


@pytest.mark.parametrize("cell", ["rnn", "lstm", "lstm-peephole", "gru"])
@pytest.mark.parametrize("skip", [False, True])
@pytest.mark.parametrize("batch_first", [False, True])
def test_reading_in_two_parts_is_reading_at_once(cell, skip, batch_first):
    torch.manual_seed(0)
    stack = Stack(3, 5, 3, cell, batch_first=batch_first, dtype=F64, skip=skip)
    x = torch.randn(7, 2, 3, dtype=F64)
    hx = states(cell, 3, [2])

    def read(x, hx):
        output, last = stack(x.transpose(0, 1) if batch_first else x, hx)
        return output.transpose(0, 1) if batch_first else output, last

    whole, end = read(x, hx)
    for k in (1, 4, 6):
        first, between = read(x[:k], hx)
        second, last = read(x[k:], between)
        assert_close(torch.cat([first, second]), whole, **EXACT)
        assert_close(last, end, **EXACT)


@pytest.mark.parametrize("cell", ["rnn", "lstm", "gru"])
def test_the_states_of_no_layer_may_be_left_out(cell):
    """Each layer's first state counts, in each of its parts."""
    torch.manual_seed(0)
    stack, x = Stack(3, 5, 3, cell, dtype=F64), torch.randn(4, 3, dtype=F64)
    hx = states(cell, 3, [])
    output, _ = stack(x, hx)
    for layer in range(3):
        for part in range(len(floats(hx))):
            other = tree.tree_map(torch.clone, hx)
            floats(other)[part][layer] += 1
            changed = (stack(x, other)[0] - output).abs().amax(0).view(3, 5)
            assert (changed[layer] > 0).all()
            assert not changed[:layer].any()  # those below do not see it


@pytest.mark.parametrize("skip", [False, True])
@pytest.mark.parametrize("batch_first", [False, True])
def test_one_sequence_alone_is_a_batch_of_one(skip, batch_first):
    stack = Stack(3, 5, 2, batch_first=batch_first, skip=skip)
    x, hx = torch.randn(7, 3), (torch.randn(2, 5), torch.randn(2, 5))
    alone, last = stack(x, hx)
    axis = 0 if batch_first else 1
    both = stack(x.unsqueeze(axis), tuple(h[:, None] for h in hx))
    assert_close(alone, both[0].squeeze(axis))
    assert_close(last, tuple(h[:, 0] for h in both[1]))


@pytest.mark.parametrize("skip", [False, True])
@pytest.mark.parametrize("k", [1, 3, 6])
def test_the_future_does_not_reach_the_past(skip, k):
    """Not one bit, in any layer: no state of an end starts a layer."""
    torch.manual_seed(0)
    x = torch.randn(7, 2, 3)
    changed = x.clone()
    changed[k] += 1
    stack = Stack(3, 5, 3, skip=skip)
    a, b = stack(x)[0], stack(changed)[0]
    assert torch.equal(a[:k], b[:k])
    assert (a[k] != b[k]).all()  # a layer above needs no further step


@pytest.mark.parametrize("skip", [False, True])
def test_what_goes_up_is_h_and_not_c(skip):
    """With closed output gates nothing goes up, whatever the cells hold."""
    stack = Stack(3, 5, 2, dtype=F64, skip=skip)
    with torch.no_grad():
        stack.layers[0].bias_ih_l0[15:] = -1e9
    x, hx = torch.randn(7, 2, 3, dtype=F64), states("lstm", 2, [2])
    silent = torch.zeros(7, 2, 5, dtype=F64)
    reads = torch.cat([x, silent], 2) if skip else silent
    above = stack.layers[1](reads, tuple(h[1:] for h in hx))[0]
    output, (_, c_n) = stack(x, hx)
    assert_close(output[..., -5:], above, **EXACT)
    assert c_n[0].abs().min() > 0


@pytest.mark.parametrize("cell", ["rnn", "lstm", "gru"])
@pytest.mark.parametrize("skip", [False, True])
def test_dropout_acts_between_layers_only(cell, skip):
    """All of it dropped: the layers above see the shortcut, or nothing."""
    torch.manual_seed(0)
    stack = Stack(3, 5, 3, cell, dropout=1.0, dtype=F64, skip=skip)
    x, hx = torch.randn(7, 2, 3, dtype=F64), states(cell, 3, [2])
    nothing = torch.zeros(7, 2, 5, dtype=F64)
    reads = torch.cat([x, nothing], 2) if skip else nothing
    wanted, ends = [], []
    for n, layer in enumerate(stack.layers):
        output, end = layer(reads if n else x, layer_of(hx, n))
        wanted.append(output)
        ends.append(floats(end))
    output, last = stack.train()(x, hx)
    assert_close(output, torch.cat(wanted, 2) if skip else wanted[-1])
    assert_close(floats(last), [torch.cat(e) for e in zip(*ends, strict=True)])
    plain = Stack(3, 5, 3, cell, dtype=F64, skip=skip)
    plain.load_state_dict(stack.state_dict())
    assert_close(stack.eval()(x, hx), plain(x, hx), rtol=0, atol=0)


def test_a_share_is_dropped_anew_at_every_step():
    """What layer 2 reads: half of the ones are 0 and half are 2."""
    torch.manual_seed(0)
    stack = Stack(1, 1000, 2, "rnn", dropout=0.5, skip=False)
    with torch.no_grad():
        for p in stack.parameters():
            p.zero_()
        stack.layers[0].bias_ih_l0.fill_(20.0)  # a state of 1
        stack.layers[1].weight_ih_l0.copy_(torch.eye(1000))
    output = stack(torch.zeros(2, 1, 1))[0].detach()
    kept = output > 0
    assert_close(output, kept * torch.tensor(2.0).tanh())
    assert 0.45 < kept.float().mean() < 0.55
    assert (kept[0] != kept[1]).any()


def test_dropout_without_a_second_layer_warns():
    with pytest.warns(UserWarning, match="between layers"):
        Stack(3, 5, dropout=0.5)
    with warnings.catch_warnings():
        warnings.simplefilter("error")
        Stack(3, 5, 2, dropout=0.5)
        Stack(3, 5)


@pytest.mark.parametrize("skip", [False, True])
def test_every_layer_sees_the_input_directly_or_none_does(skip):
    """All weights from below at 0: only shortcuts lead upwards."""
    torch.manual_seed(0)
    stack = Stack(3, 5, 4, skip=skip)
    with torch.no_grad():
        for layer in stack.layers[1:]:
            layer.weight_ih_l0[:, -5:] = 0
    x = torch.randn(1, 2, 3)
    moved = (stack(x)[0] - stack(x + 1)[0])[0].abs().amax(0)
    if skip:
        assert (moved.view(4, 5).amax(1) > 0).all()
    else:
        assert not moved.any()


@pytest.mark.parametrize("skip", [False, True])
def test_every_layer_reaches_the_output_directly_or_only_the_last(skip):
    network = PredictionNetwork(replace(CONFIG, skip=skip))
    with torch.no_grad():
        for layer in network.stack.layers[1:]:
            layer.weight_ih_l0[:, -5:] = 0
    y, _ = network(torch.randn(2, 7, 3))
    below = network.stack.layers[0].weight_ih_l0
    (slope,) = torch.autograd.grad(y.sum(), below, materialize_grads=True)
    assert slope.any() == skip


@pytest.mark.parametrize("cell", ["rnn", "lstm", "lstm-peephole", "gru"])
def test_both_backends_say_the_same(cell):
    stack = Stack(3, 5, 3, cell)
    x = torch.randn(7, 2, 3)
    here = stack(x, lengths=[7, 3])
    with pfs.backend("fused"):
        assert_close(stack(x, lengths=[7, 3]), here)


def test_one_layer_is_that_layer():
    """`skip` is nothing then: there is no layer to pass by."""
    torch.manual_seed(0)
    x = torch.randn(7, 2, 3)
    for skip in (False, True):
        stack = Stack(3, 5, skip=skip)
        assert_close(stack(x), stack.layers[0](x), rtol=0, atol=0)


def test_what_torch_does_not_have_is_printed():
    stack = repr(Stack(3, 5, 2, dropout=0.5))
    assert "skip=True, dropout=0.5" in stack
    assert "LSTM(8, 5)" in stack


def weights_of_the_paper(config):
    """Parameters with one bias a gate, as the paper writes them."""
    with torch.device("meta"):
        network = PredictionNetwork(config)
    return sum(
        p.numel()
        for name, p in network.named_parameters()
        if "bias_hh" not in name
    )


@pytest.mark.parametrize(
    ("config", "id"),
    [
        (PENN_CHARACTERS, "stacked-penn-characters-parameters"),
        (WIKIPEDIA, "stacked-wikipedia-seven-parameters"),
        (
            replace(WIKIPEDIA, num_layers=5),
            "stacked-wikipedia-five-parameters",
        ),
        (HANDWRITING_DEEP, "stacked-handwriting-deep-parameters"),
        (HANDWRITING_WIDE, "stacked-handwriting-wide-parameters"),
    ],
)
def test_the_papers_networks_have_their_size(config, id):
    assert weights_of_the_paper(config) == ledger.value(id)


def test_seven_layers_of_the_wikipedia_network_are_not_what_was_counted():
    """The paper: seven layers and about 21.3 M; that is what five have."""
    said = ledger.value("stacked-wikipedia-parameters-said")
    five, seven = (
        weights_of_the_paper(replace(WIKIPEDIA, num_layers=n)) / 1e6
        for n in (5, 7)
    )
    assert round(five, 1) == said < seven - 9
