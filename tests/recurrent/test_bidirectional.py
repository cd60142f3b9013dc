"""Two directions equal torch's, and the gap filler never sees its answer."""

import pytest
import torch
from contract import EXACT, ModuleContract, gradients
from recurrent_contract import LENGTHS, packed
from torch import nn as theirs
from torch.testing import assert_close

from pfs.optim import SGD
from pfs.recurrent.bidirectional import (
    CELLS,
    Bidirectional,
    GapFiller,
    Tagger,
    around,
)
from pfs.recurrent.gru import GRU
from pfs.recurrent.lstm import LSTM
from pfs.recurrent.pairs import MERGES, ReaderConfig
from pfs.recurrent.rnn import RNN

F64 = torch.float64
JUDGES = {"rnn": theirs.RNN, "lstm": theirs.LSTM, "gru": theirs.GRU}
KINDS = ["rnn", "lstm", "gru"]


def sizes(cell="gru", num_layers=1, dropout=0.0):
    return ReaderConfig(
        embedding_size=3,
        hidden_size=5,
        num_layers=num_layers,
        cell=cell,
        dropout=dropout,
    )


class Both(theirs.Module):
    """Torch's networks, one from each end, without lengths."""

    def __init__(self, ahead, back):
        super().__init__()
        self.ahead, self.back = ahead, back
        self.time = int(ahead.batch_first)

    def forward(self, x):
        h, last = self.ahead(x)
        g, end = self.back(x.flip(self.time))
        return torch.cat([h, g.flip(self.time)], -1), (last, end)


class Gaps(theirs.Module):
    """The definition: for every gap two networks that stop before it."""

    def __init__(self, num_symbols, kind, layers):
        super().__init__()
        self.embedding = theirs.Embedding(num_symbols, 3)
        one, two = (kind(3, 5, layers, batch_first=True) for _ in range(2))
        self.reader = Both(one, two)
        self.output = theirs.Linear(10, num_symbols)

    def forward(self, ids):
        x, logits = self.embedding(ids), []
        nothing = x.new_zeros(len(x), 5)
        for t in range(ids.shape[1]):
            left, right = x[:, :t], x[:, t + 1 :].flip(1)
            h = self.reader.ahead(left)[0][:, -1] if t else nothing
            far = right.shape[1]
            g = self.reader.back(right)[0][:, -1] if far else nothing
            logits.append(self.output(torch.cat([h, g], -1)))
        return torch.stack(logits, 1)


class Labels(theirs.Module):
    """Two bidirectional layers of torch's LSTM, cut into single ones."""

    def __init__(self):
        super().__init__()
        self.embedding = theirs.Embedding(7, 3)
        pairs = [
            [theirs.LSTM(n, 5, batch_first=True) for _ in range(2)]
            for n in (3, 10)
        ]
        self.layers = theirs.ModuleList(Both(*pair) for pair in pairs)
        self.output = theirs.Linear(10, 4)

    def forward(self, ids):
        x = self.embedding(ids)
        for layer in self.layers:
            x, _ = layer(x)
        return self.output(x)


class TestBidirectional(ModuleContract):
    module = staticmethod(lambda: Bidirectional(GRU(3, 5), GRU(3, 5)))
    twin = staticmethod(lambda: Both(theirs.GRU(3, 5), theirs.GRU(3, 5)))
    inputs = staticmethod(lambda batch: (torch.randn(7, batch, 3),))
    parameters = 2 * 3 * 5 * (3 + 5 + 2)
    batch_axis = 1
    signature = False


class TestGapFiller(ModuleContract):
    module = staticmethod(lambda: GapFiller(7, sizes("gru", 2)))
    twin = staticmethod(lambda: Gaps(7, theirs.GRU, 2))
    inputs = staticmethod(lambda batch: (torch.randint(7, (batch, 6)),))
    # table, two directions of two layers, and a map from both states
    parameters = 7 * 3 + 2 * 15 * (3 + 5 + 2 + 5 + 5 + 2) + 7 * (2 * 5 + 1)
    signature = False


class TestTagger(ModuleContract):
    module = staticmethod(lambda: Tagger(7, 4, sizes("lstm", 2)))
    twin = staticmethod(Labels)
    inputs = staticmethod(lambda batch: (torch.randint(7, (batch, 6)),))
    # the second layer reads both directions of the first
    parameters = 7 * 3 + 2 * 20 * (3 + 5 + 2 + 10 + 5 + 2) + 4 * (2 * 5 + 1)
    signature = False


def pair(cell, layers=1, batch_first=False, **options):
    """Ours, and torch's bidirectional network with the same weights."""
    torch.manual_seed(0)
    judge = JUDGES[cell](
        *(3, 5, layers),
        batch_first=batch_first,
        bidirectional=True,
        dtype=F64,
        **options,
    )
    nets = []
    for layer in range(layers):
        one, two = (
            CELLS[cell](
                3 if layer == 0 else 10,
                5,
                batch_first=batch_first,
                dtype=F64,
                **options,
            )
            for _ in range(2)
        )
        net = Bidirectional(one, two)
        net.load_state_dict(
            {
                name.replace(f"_l{layer}", "_l0"): value
                for name, value in judge.state_dict().items()
                if f"_l{layer}" in name
            }
        )
        nets.append(net)
    return nets, judge


def stacked(last, end):
    """Last states as torch lays them out: direction after direction."""
    if isinstance(last, tuple):
        return tuple(torch.cat(s) for s in zip(last, end, strict=True))
    return torch.cat([last, end])


@pytest.mark.parametrize("cell", KINDS)
@pytest.mark.parametrize("batch_first", [False, True])
@pytest.mark.parametrize("bias", [False, True])
@pytest.mark.parametrize("state", [False, True])
@pytest.mark.parametrize("given", [False, True])
def test_one_layer_equals_torch(cell, batch_first, bias, state, given):
    """Outputs, last states, gradients; with lengths as a packed sequence."""
    (net,), judge = pair(cell, 1, batch_first, bias=bias)
    shape = (7, 11, 3) if batch_first else (11, 7, 3)
    x, hx = torch.randn(shape, dtype=F64), None
    if state:
        hx = torch.randn(2, 7, 5, dtype=F64)
        hx = (hx, torch.randn(2, 7, 5, dtype=F64)) if cell == "lstm" else hx
    lengths = LENGTHS if given else None

    def ours(x, hx):
        halves = (None, None)
        if hx is not None:
            parts = hx if isinstance(hx, tuple) else (hx,)
            halves = tuple(tuple(h[n : n + 1] for h in parts) for n in range(2))
            if cell != "lstm":
                halves = tuple(half[0] for half in halves)
        output, last = net(x, halves, lengths=lengths)
        return output, stacked(*last)

    def torchs(x, hx):
        if lengths:
            return packed(judge, x, hx, lengths)
        return judge(x, hx)

    assert_close(ours(x, hx), torchs(x, hx), **EXACT)
    mine = {n: p for n, p in net.named_parameters()}
    names = [n for n, _ in judge.named_parameters()]
    in_order = [
        mine[
            f"back.{n.removesuffix('_reverse')}"
            if n.endswith("_reverse")
            else f"ahead.{n}"
        ]
        for n in names
    ]
    assert_close(
        gradients(ours, (x, hx), *in_order),
        gradients(torchs, (x, hx), *judge.parameters()),
        **EXACT,
    )


@pytest.mark.parametrize("cell", KINDS)
@pytest.mark.parametrize("given", [False, True])
def test_one_on_top_of_the_other_equals_two_layers_of_torch(cell, given):
    nets, judge = pair(cell, 2)
    x = torch.randn(11, 7, 3, dtype=F64)
    lengths = LENGTHS if given else None

    def ours(x):
        ends = []
        for net in nets:
            x, last = net(x, lengths=lengths)
            ends.append(stacked(*last))
        if cell == "lstm":
            return x, tuple(torch.cat(s) for s in zip(*ends, strict=True))
        return x, torch.cat(ends)

    def torchs(x):
        return packed(judge, x, None, lengths) if given else judge(x)

    assert_close(ours(x), torchs(x), **EXACT)
    assert_close(gradients(ours, (x,)), gradients(torchs, (x,)), **EXACT)


@pytest.mark.parametrize("cell", KINDS)
@pytest.mark.parametrize("batch_first", [False, True])
def test_one_sequence_alone_equals_torch(cell, batch_first):
    (net,), judge = pair(cell, 1, batch_first)
    x = torch.randn(7, 3, dtype=F64)
    want, last = judge(x)
    for lengths in (None, [7]):
        output, ends = net(x, lengths=lengths)
        assert_close(output, want, **EXACT)
        assert_close(stacked(*ends), last, **EXACT)


def test_layers_of_one_direction_keep_to_themselves():
    """As two networks of torch's, which meet at the top only."""
    ahead, back = (LSTM(3, 5, 2, dtype=F64) for _ in range(2))
    one, two = (theirs.LSTM(3, 5, 2, dtype=F64) for _ in range(2))
    one.load_state_dict(ahead.state_dict())
    two.load_state_dict(back.state_dict())
    x = torch.randn(11, 7, 3, dtype=F64)
    output, (last, end) = Bidirectional(ahead, back)(x, lengths=LENGTHS)
    h, last_1 = packed(one, x, None, LENGTHS)
    turned = x.clone()
    for row, n in enumerate(LENGTHS):
        turned[:n, row] = x[:n, row].flip(0)
    g, last_2 = packed(two, turned, None, LENGTHS)
    assert_close(output[..., :5], h, **EXACT)
    for row, n in enumerate(LENGTHS):
        assert_close(output[:n, row, 5:], g[:n, row].flip(0), **EXACT)
    assert_close((last, end), (last_1, last_2), **EXACT)


@pytest.mark.parametrize("merge", MERGES)
@pytest.mark.parametrize("batch_first", [False, True])
def test_merges_equal_their_definition(merge, batch_first):
    (net,), judge = pair("gru", 1, batch_first)
    net.merge = merge
    h, g = judge(x := torch.randn(7, 7, 3, dtype=F64))[0].chunk(2, -1)
    joined = torch.cat([h, g], -1)
    want = {"concat": joined, "sum": h + g, "mean": (h + g) / 2}[merge]
    assert_close(net(x)[0], want, **EXACT)
    assert Bidirectional(net.ahead, net.back, merge).merge == merge


def test_two_different_networks_may_be_joined():
    net = Bidirectional(RNN(3, 5), LSTM(3, 2))
    output, (h, (g, c)) = net(torch.randn(7, 2, 3))
    assert output.shape == (7, 2, 7)
    assert (h.shape, g.shape, c.shape) == ((1, 2, 5), (1, 2, 2), (1, 2, 2))


@pytest.mark.parametrize("cell", KINDS)
@pytest.mark.parametrize("rubbish", [1e6, float("inf"), float("nan")])
def test_a_row_is_read_as_if_it_were_alone(cell, rubbish):
    """What stands behind its end does not matter, to either direction."""
    torch.manual_seed(0)
    one, two = (CELLS[cell](3, 5, batch_first=True) for _ in range(2))
    net = Bidirectional(one, two)
    x = torch.randn(2, 7, 3)
    x[1, 4:] = rubbish
    output, (last, end) = net(x, lengths=[7, 4])
    alone, ends = net(x[1:, :4])
    assert_close(output[1:, :4], alone)
    assert not output[1, 4:].any()
    if cell != "lstm":
        assert_close((last[:, 1:], end[:, 1:]), ends)


@pytest.mark.parametrize("batch_first", [False, True])
def test_the_last_states_are_those_of_the_two_ends(batch_first):
    """Ahead at the last true step, back at the first."""
    one, two = (GRU(3, 5, batch_first=batch_first) for _ in range(2))
    x = torch.randn((3, 6, 3) if batch_first else (6, 3, 3))
    output, (last, end) = Bidirectional(one, two)(x, lengths=[6, 2, 4])
    rows = output if batch_first else output.transpose(0, 1)
    for row, n in enumerate([6, 2, 4]):
        assert_close(last[0, row], rows[row, n - 1, :5], rtol=0, atol=0)
        assert_close(end[0, row], rows[row, 0, 5:], rtol=0, atol=0)


def test_weights_load_by_the_names_of_torch_and_by_our_own():
    judge = theirs.LSTM(3, 5, bidirectional=True)
    net = Bidirectional(LSTM(3, 5), LSTM(3, 5))
    model = theirs.Sequential(theirs.Identity(), net)
    inside = {f"1.{name}": w for name, w in judge.state_dict().items()}
    model.load_state_dict(inside)
    assert_close(net.back.weight_hh_l0, judge.weight_hh_l0_reverse)
    assert_close(net.ahead.bias_ih_l0, judge.bias_ih_l0)
    assert "1.weight_ih_l0" in inside  # theirs is left as it was
    fresh = Bidirectional(LSTM(3, 5), LSTM(3, 5))
    fresh.load_state_dict(net.state_dict())
    x = torch.randn(7, 2, 3)
    assert_close(fresh(x)[0], judge(x)[0])
    with pytest.raises(RuntimeError, match="back"):
        fresh.load_state_dict(theirs.LSTM(3, 5).state_dict())


def test_parameters_double():
    """And torch counts the same."""
    count = lambda net: sum(p.numel() for p in net.parameters())
    net = Bidirectional(GRU(28, 256), GRU(28, 256))
    assert count(net) == 2 * count(GRU(28, 256))
    assert count(net) == count(theirs.GRU(28, 256, bidirectional=True))


def test_around_joins_the_neighbours():
    states = torch.randn(2, 5, 6)
    c = around(states)
    for t in range(5):
        before = states[:, t - 1, :3] if t else torch.zeros(2, 3)
        after = states[:, t + 1, 3:] if t < 4 else torch.zeros(2, 3)
        assert torch.equal(c[:, t], torch.cat([before, after], -1))
    assert not around(states[:, :1]).any()


@pytest.mark.parametrize("cell", KINDS)
@pytest.mark.parametrize("num_layers", [1, 2, 3])
@pytest.mark.parametrize("given", [False, True])
def test_nothing_leaks(cell, num_layers, given):
    """Another symbol at t: the guess at t stays, bit for bit; others move."""
    torch.manual_seed(0)
    model = GapFiller(7, sizes(cell, num_layers)).double()
    ids = torch.randint(7, (2, 6))
    lengths = [6, 4] if given else None
    logits = model(ids, lengths)
    for t in range(6):
        changed = ids.clone()
        changed[:, t] = (ids[:, t] + 3) % 7
        other = model(changed, lengths)
        for row, end in enumerate(lengths or [6, 6]):
            for place in range(end):
                same = torch.equal(logits[row, place], other[row, place])
                assert same == (place == t or t >= end), (row, place, t)


def test_the_derivative_of_a_guess_by_its_own_symbol_is_zero():
    """And by no other symbol."""
    torch.manual_seed(0)
    model = GapFiller(7, sizes("lstm", 2)).double()
    ids = torch.randint(7, (1, 5))
    x = model.embedding(ids).detach()
    model.embedding = theirs.Identity()

    def guess(x):
        states, _ = model.reader(x)
        return model.output(around(states))[0]

    slopes = torch.autograd.functional.jacobian(guess, x)[:, :, 0]
    size = slopes.abs().amax((1, 3))
    assert torch.equal(size == 0, torch.eye(5, dtype=torch.bool))


@pytest.mark.parametrize("depth", [1, 2])
def test_a_second_layer_over_both_directions_would_leak(depth):
    """One layer may read both, a second may not: it saw the symbol below."""
    torch.manual_seed(0)
    judge = theirs.GRU(3, 5, depth, batch_first=True, bidirectional=True)
    x = torch.randn(1, 6, 3)
    changed = x.clone()
    changed[:, 2] += 1
    a, b = around(judge(x)[0]), around(judge(changed)[0])
    assert torch.equal(a[:, 2], b[:, 2]) == (depth == 1)


@pytest.mark.parametrize("cell", KINDS)
def test_rows_of_a_padded_batch_are_guessed_as_alone(cell):
    torch.manual_seed(0)
    model = GapFiller(7, sizes(cell, 2)).double()
    tagger = Tagger(7, 4, sizes(cell, 2)).double()
    ids = torch.randint(7, (3, 6))
    for net in (model, tagger):
        together = net(ids, [6, 2, 5])
        for row, n in enumerate([6, 2, 5]):
            alone = net(ids[row : row + 1, :n])
            assert_close(together[row, :n], alone[0], **EXACT)


@pytest.mark.parametrize("kind", [GapFiller, Tagger])
def test_dropout_acts_while_training_only(kind):
    torch.manual_seed(0)
    labels = (4,) if kind is Tagger else ()
    model = kind(7, *labels, sizes("gru", 2, dropout=1.0))
    ids = torch.randint(7, (2, 6))
    assert_close(model(ids), model.output.bias.expand_as(model(ids)))
    plain = kind(7, *labels, sizes("gru", 2))
    plain.load_state_dict(model.state_dict())
    assert_close(model.eval()(ids), plain(ids), rtol=0, atol=0)


def learn(rule):
    """Train on triples of a bit, `rule` of both bits, and another bit."""
    torch.manual_seed(0)
    one, two = torch.randint(2, (2, 64, 8))
    ids = torch.stack([one, 2 + two, 4 + rule(one, two)], -1)[..., [0, 2, 1]]
    ids = ids.flatten(1)
    model = GapFiller(8, sizes())
    optimizer = SGD(model.parameters(), lr=2.0)
    for _ in range(150):
        optimizer.zero_grad()
        logits = model(ids)[:, 1::3].flatten(0, 1)
        middle = ids[:, 1::3].flatten()
        loss = theirs.functional.cross_entropy(logits, middle)
        loss.backward()
        optimizer.step()
    return loss.item()


def test_the_gap_filler_learns_what_neither_side_alone_could():
    """Four symbols, of which each side leaves two."""
    assert learn(lambda one, two: 2 * one + two) < 0.05


def test_the_opinions_of_the_two_sides_are_added():
    """So an exclusive or cannot be learned: the map (5) is linear."""
    assert abs(learn(torch.bitwise_xor) - 0.693) < 0.02


def test_a_symbol_outside_the_vocabulary_is_named():
    for model in (GapFiller(7, sizes()), Tagger(7, 4, sizes())):
        with pytest.raises(IndexError, match="S09"):
            model(torch.tensor([[1, 7]]))
