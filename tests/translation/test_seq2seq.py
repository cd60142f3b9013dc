"""The encoder and decoder equal those built of torch's own layers."""

from dataclasses import replace

import pytest
import torch
from contract import EXACT, gradients
from torch import nn as theirs
from torch.nn.utils.rnn import pack_padded_sequence
from torch.testing import assert_close
from translation_contract import TranslatorContract

from pfs import ledger
from pfs.translation.decoding import greedy
from pfs.translation.seq2seq import (
    CHO,
    SUTSKEVER,
    TINY,
    Seq2Seq,
    Seq2SeqConfig,
    reverse,
)

GRU = replace(TINY, cell="gru", num_layers=3)
SMALL_CHO = Seq2SeqConfig(
    source_vocab=7,
    target_vocab=6,
    embedding_size=4,
    hidden_size=5,
    cell="gru",
    context=True,
    maxout=3,
)
FORMS = {
    "lstm": TINY,
    "forward": replace(TINY, reverse_source=False),
    "one layer": replace(TINY, num_layers=1, bias=False),
    "gru": GRU,
    "cho": SMALL_CHO,
    "cho without": replace(SMALL_CHO, maxout=0, bias=False),
}


class TestSeq2Seq(TranslatorContract):
    model = staticmethod(lambda: Seq2Seq(TINY))


class TestSeq2SeqGRU(TranslatorContract):
    model = staticmethod(lambda: Seq2Seq(GRU))


class TestSeq2SeqCho(TranslatorContract):
    model = staticmethod(lambda: Seq2Seq(SMALL_CHO))


class Judge(theirs.Module):
    """The same model of torch's layers, with torch's packed sequences."""

    def __init__(self, c):
        super().__init__()
        self.config = c
        kind = theirs.LSTM if c.cell == "lstm" else theirs.GRU
        E, H = c.embedding_size, c.hidden_size
        more = {"num_layers": c.num_layers, "bias": c.bias, "batch_first": True}
        self.source_embedding = theirs.Embedding(c.source_vocab, E)
        self.target_embedding = theirs.Embedding(c.target_vocab, E)
        self.encoder = kind(E, H, **more)
        self.decoder = kind(E + H if c.context else E, H, **more)
        read = H
        if c.context:
            self.summary = theirs.Linear(H, H, c.bias)
            self.first = theirs.Linear(H, H, c.bias)
            read = H + E + H
        if c.maxout:
            self.readout = theirs.Linear(read, 2 * c.maxout, c.bias)
            read = c.maxout
        self.output = theirs.Linear(read, c.target_vocab, c.bias)

    def forward(self, source, target, lengths):
        rows = [row[:n] for row, n in zip(source, lengths, strict=True)]
        if self.config.reverse_source:
            rows = [row.flip(0) for row in rows]
        padded = theirs.utils.rnn.pad_sequence(rows, batch_first=True)
        packed = pack_padded_sequence(
            self.source_embedding(padded), lengths, True, enforce_sorted=False
        )
        _, state = self.encoder(packed)
        y = self.target_embedding(target)
        if self.config.context:
            c = torch.tanh(self.summary(state[-1]))
            state = torch.tanh(self.first(c))[None]
            y = torch.cat([y, c[:, None].repeat(1, y.shape[1], 1)], -1)
        s, _ = self.decoder(y, state)
        if self.config.context:
            s = torch.cat([s, y], -1)
        if self.config.maxout:
            pieces = self.readout(s)
            s = torch.maximum(pieces[..., ::2], pieces[..., 1::2])
        return self.output(s)


def pair(config):
    torch.manual_seed(0)
    ours = Seq2Seq(config, dtype=torch.float64)
    judge = Judge(config).double()
    with torch.no_grad():
        for parameter in judge.parameters():
            parameter.normal_(std=0.5)
    ours.load_state_dict(judge.state_dict())
    lengths = torch.tensor([5, 2, 4, 1])
    source = torch.randint(3, 7, (4, 5))
    target = torch.randint(1, 6, (4, 6))
    return ours, judge, (source, target, lengths)


@pytest.mark.parametrize("form", FORMS)
def test_every_form_equals_torch(form):
    """Values and gradients; the rows have different lengths."""
    ours, judge, args = pair(FORMS[form])
    assert list(ours.state_dict()) == list(judge.state_dict())
    assert_close(ours(*args), judge(*args), **EXACT)
    assert_close(
        gradients(ours, args, *ours.parameters()),
        gradients(judge, args, *judge.parameters()),
        **EXACT,
    )


def test_no_lengths_means_that_all_is_real():
    ours, judge, (source, target, _) = pair(TINY)
    want = judge(source, target, torch.full((4,), 5))
    assert_close(ours(source, target), want, **EXACT)


def test_the_decoder_goes_on_from_every_layer():
    """Each layer's last state changes what is written first."""
    ours, _, (source, target, lengths) = pair(TINY)
    state = ours.start(source, lengths)
    first, _ = ours.step(target[:, 0], state)
    for part in range(2):
        assert state[part].shape == (4, TINY.num_layers, TINY.hidden_size)
        for layer in range(TINY.num_layers):
            moved = [s.clone() for s in state]
            moved[part][:, layer] += 0.1
            other, _ = ours.step(target[:, 0], tuple(moved))
            assert (other != first).any(-1).all()


def test_the_context_reaches_every_step():
    """Also with a state that knows nothing of the source."""
    ours, _, (source, target, lengths) = pair(SMALL_CHO)
    _, c = ours.start(source, lengths)
    h = torch.zeros(4, 1, 5, dtype=torch.float64)
    first, _ = ours.step(target[:, 0], (h, c))
    assert (first[0] - first[1]).abs().max() > 1e-3


@pytest.mark.parametrize("lengths", [None, torch.tensor([5, 2, 4, 1])])
def test_rows_are_turned_within_their_length(lengths):
    source = torch.arange(20).view(4, 5)
    turned = reverse(source, lengths)
    for row, got, n in zip(
        source, turned, [5] * 4 if lengths is None else lengths, strict=True
    ):
        assert got.tolist() == row[:n].tolist()[::-1] + row[n:].tolist()
    assert torch.equal(reverse(turned, lengths), source)


def test_a_reversed_source_is_read_from_its_end():
    """The same weights with and without, on turned sources."""
    ours, _, (source, target, lengths) = pair(TINY)
    forward = Seq2Seq(FORMS["forward"], dtype=torch.float64)
    forward.load_state_dict(ours.state_dict())
    turned = reverse(source, lengths)
    assert_close(
        ours(source, target, lengths),
        forward(turned, target, lengths),
        rtol=0,
        atol=0,
    )
    unturned = forward(source, target, lengths)
    assert (ours(source, target, lengths) != unturned).any()


def count(config):
    model = Seq2Seq(config, device="meta")
    return sum(p.numel() for p in model.parameters())


def test_the_paper_s_number_of_parameters():
    want = ledger.value("seq2seq-parameters")
    assert count(SUTSKEVER) == want == 384_000_000
    model = Seq2Seq(SUTSKEVER, device="meta")
    recurrent = (model.encoder, model.decoder)
    assert [sum(p.numel() for p in m.parameters()) for m in recurrent] == [
        32_000_000,
        32_000_000,
    ]
    # with torch's two biases for each gate, and one in the output
    biased = replace(SUTSKEVER, bias=True)
    assert count(biased) == want + 2 * 4 * 2 * 4000 + 80_000


def test_the_number_of_parameters_of_the_gru():
    E, H, V, M = 100, 1000, 15_000, 500
    tables = 2 * V * E
    encoder, decoder = 3 * H * (E + H), 3 * H * (E + H + H)
    output = 2 * M * (H + E + H) + M * V
    assert count(CHO) == tables + encoder + decoder + 2 * H * H + output


@pytest.mark.parametrize("form", FORMS)
def test_parameters_start_small_and_even(form):
    torch.manual_seed(0)
    config = replace(FORMS[form], hidden_size=40, embedding_size=30)
    for name, parameter in Seq2Seq(config).named_parameters():
        assert parameter.abs().max() <= 0.08, name
        if parameter.numel() > 1000:
            assert abs(parameter.std().item() - 0.08 / 3**0.5) < 0.003, name
    wide = Seq2Seq(replace(config, init=0.5))
    assert max(p.max().item() for p in wide.parameters()) > 0.4


def test_dropout_acts_in_training_only():
    config = replace(TINY, dropout=0.5)
    torch.manual_seed(0)
    model, plain = Seq2Seq(config), Seq2Seq(TINY)
    plain.load_state_dict(model.state_dict())
    source, target = torch.randint(3, 7, (2, 4)), torch.randint(1, 6, (2, 3))
    assert (model(source, target) != plain(source, target)).any()
    model.eval()
    assert_close(model(source, target), plain(source, target), rtol=0, atol=0)


@pytest.mark.parametrize("num_layers", [1, 2])
def test_dropout_of_everything_leaves_the_biases(num_layers):
    """With a share of 1 neither source nor target is seen."""
    torch.manual_seed(0)
    model = Seq2Seq(replace(TINY, dropout=1.0, num_layers=num_layers))
    source, target = torch.randint(3, 7, (2, 4)), torch.randint(1, 6, (2, 3))
    logits = model(source, target)
    assert_close(logits, model.output.bias.expand_as(logits))


def test_nothing_is_dropped_while_a_sequence_is_written():
    torch.manual_seed(0)
    model = Seq2Seq(replace(TINY, dropout=0.9, init=2.0)).train()
    source = torch.randint(3, 7, (20, 4))
    ends = {"bos": 1, "eos": 2, "max_length": 4}
    written = greedy(model, source, **ends)
    assert_close(greedy(model.eval(), source, **ends), written)
