"""Searching and sampling, with models whose probabilities are known."""

import math

import pytest
import torch
from torch.testing import assert_close

from pfs.text import Vocabulary
from pfs.translation.batches import (
    BOS,
    EOS,
    PAD,
    Codec,
    Padded,
    Words,
    pair_batches,
    sequence_loss,
    shift,
)
from pfs.translation.decoding import beam_search, greedy, reorder, sample

A, B = 3, 4


class Table:
    """A model whose next token depends on what was written, by a table.

    The source chooses the table; the state is what was written so far, so a
    beam that does not reorder it writes nonsense.
    """

    def __init__(self, *tables):
        self.tables = tables

    def start(self, source, lengths=None):
        return {"table": source[:, 0], "written": [source[:, :0], None]}

    def step(self, token, state):
        written = torch.cat([state["written"][0], token[:, None]], 1)
        rows = []
        for row, table in zip(
            written.tolist(), state["table"].tolist(), strict=True
        ):
            assert row[0] == BOS
            chances = self.tables[table].get(tuple(row[1:]), {EOS: 1.0})
            if EOS in row:  # nobody may listen to what comes behind the end
                chances = {A: 0.6, EOS: 0.4}
            p = torch.full((5,), 1e-30, dtype=torch.float64)
            for one, chance in chances.items():
                p[one] = chance
            rows.append(p.log())
        state = {"table": state["table"], "written": [written, None]}
        return torch.stack(rows), state

    def forward(self, source, target, lengths=None):
        raise NotImplementedError


# Greedy goes to A, .6; the best sequence begins with B: .4 * .9.
GARDEN = Table(
    {
        (): {A: 0.6, B: 0.4},
        (A,): {A: 0.5, B: 0.5},
        (B,): {A: 0.1, EOS: 0.9},
    }
)
ZERO = torch.zeros(1, 1, dtype=torch.long)
ENDS = {"bos": BOS, "eos": EOS, "max_length": 5}


def test_a_beam_finds_what_greedy_misses():
    found = greedy(GARDEN, ZERO, **ENDS)
    assert found.tokens[0, 0] == A
    assert_close(found.log_probs.exp().item(), 0.3)
    best = beam_search(GARDEN, ZERO, width=2, **ENDS)
    assert best.tokens[0, 0].tolist()[:2] == [B, EOS]
    assert best.lengths[0, 0] == 2
    assert_close(best.log_probs[0].exp().tolist(), [0.36, 0.3])


def test_rows_end_independently():
    tables = Table(
        {(): {A: 1.0}, (A,): {EOS: 1.0}},
        {(): {B: 1.0}, (B,): {B: 1.0}, (B, B): {A: 1.0}},
        {(): {EOS: 1.0}},
    )
    source = torch.tensor([[0], [1], [2]])
    for found in (
        greedy(tables, source, **ENDS),
        sample(tables, source, **ENDS),
    ):
        assert found.tokens.tolist() == [
            [A, EOS, EOS, EOS],
            [B, B, A, EOS],
            [EOS, EOS, EOS, EOS],
        ]
        assert found.lengths.tolist() == [2, 4, 1]
        assert_close(found.log_probs, torch.zeros(3, dtype=torch.float64))
    best = beam_search(tables, source, width=3, **ENDS)
    assert best.tokens[1, 0].tolist()[:4] == [B, B, A, EOS]
    assert best.lengths[:, 0].tolist() == [2, 4, 1]


def test_what_has_not_ended_is_cut():
    loop = Table({(A,) * n: {A: 0.9, EOS: 0.1} for n in range(9)})
    found = greedy(loop, ZERO, bos=BOS, eos=EOS, max_length=3)
    assert found.tokens.tolist() == [[A, A, A]]
    assert found.lengths.tolist() == [3]
    best = beam_search(loop, ZERO, bos=BOS, eos=EOS, max_length=3, width=2)
    assert_close(best.log_probs[0].exp().tolist(), [0.9**3, 0.1])
    assert best.lengths.tolist() == [[3, 1]]


# Every step costs: the empty sentence is the likeliest of all.
SHORT = Table(
    {
        (): {A: 0.7, EOS: 0.3},
        (A,): {A: 0.6, EOS: 0.4},
        (A, A): {A: 0.5, EOS: 0.5},
        (A, A, A): {EOS: 1.0},
    }
)


@pytest.mark.parametrize(
    ("alpha", "length", "probability"),
    [(0.0, 1, 0.3), (0.4, 4, 0.21), (1.0, 4, 0.21), (2.0, 4, 0.21)],
)
def test_the_length_penalty_prefers_longer_sequences(
    alpha, length, probability
):
    found = beam_search(SHORT, ZERO, width=4, length_penalty=alpha, **ENDS)
    assert found.lengths[0, 0] == length
    assert_close(found.log_probs[0, 0].exp().item(), probability)
    scores = found.log_probs[0] / found.lengths[0] ** alpha
    assert (scores.diff() <= 1e-12).all()


def test_the_length_penalty_is_a_power_of_the_length():
    table = {(): {EOS: 0.36} | dict.fromkeys((PAD, BOS, A, B), 0.16)}
    for one in (PAD, BOS, A, B):
        table[one,] = dict.fromkeys((PAD, BOS, A, B), 0.25)
        for two in (PAD, BOS, A, B):
            table[one, two] = dict.fromkeys((PAD, BOS, A, B), 0.25)
    given = {"width": 60, "length_penalty": 2.0}
    found = beam_search(Table(table), ZERO, **given, **ENDS)
    assert found.lengths[0, 0] == 4  # ln .01 / 16 is above ln .36, not / 9 : 3


def test_a_finished_sequence_waits_in_the_beam():
    """A place taken by it is not free for another beginning."""
    table = {
        (): {EOS: 0.5, A: 0.3, B: 0.2},
        (A,): {A: 0.5, EOS: 0.5},
        (B,): {EOS: 1.0},
    }
    narrow = beam_search(Table(table), ZERO, width=2, **ENDS)
    assert narrow.log_probs[0].exp().tolist() == pytest.approx([0.5, 0.15])
    wide = beam_search(Table(table), ZERO, width=3, **ENDS)
    assert wide.log_probs[0].exp().tolist() == pytest.approx([0.5, 0.2, 0.15])
    assert wide.tokens[0, 1, :2].tolist() == [B, EOS]


def test_places_that_are_left_over_are_marked():
    only = Table({(): {A: 1.0}})
    p = 1e-30
    found = beam_search(only, ZERO, bos=BOS, eos=EOS, max_length=1, width=7)
    assert found.log_probs[0, 0].item() == pytest.approx(0.0)
    assert found.log_probs[0, 4].exp().item() == pytest.approx(p)
    assert found.log_probs[0, 5:].tolist() == [float("-inf")] * 2
    assert found.lengths[0].tolist() == [1] * 5 + [0] * 2


def test_sampling_follows_the_probabilities():
    chance = torch.Generator().manual_seed(0)
    source = torch.zeros(4000, 1, dtype=torch.long)
    found = sample(GARDEN, source, generator=chance, **ENDS)
    share = (found.tokens[:, 0] == A).double().mean().item()
    assert abs(share - 0.6) < 0.03
    cold = sample(GARDEN, source, temperature=0.1, generator=chance, **ENDS)
    share = (cold.tokens[:, 0] == A).double().mean().item()
    want = 0.6**10 / (0.6**10 + 0.4**10)
    assert abs(share - want) < 0.02
    first = cold.tokens[:, 0] == B
    straight = first & (cold.tokens[:, 1] == EOS)
    assert_close(  # the model's own, whatever the temperature was
        cold.log_probs[straight].exp().unique().tolist(), [0.36]
    )
    again = torch.Generator().manual_seed(5)
    one = sample(GARDEN, source, generator=again, **ENDS)
    again.manual_seed(5)
    two = sample(GARDEN, source, generator=again, **ENDS)
    assert torch.equal(one.tokens, two.tokens)


def test_a_state_of_any_form_is_put_in_order():
    h = torch.arange(3)[:, None]
    rows = torch.tensor([2, 0, 0, 1])
    nest = {"a": (h, None), "b": [Padded(h, h[:, 0]), 7]}
    moved = reorder(nest, rows)
    assert moved["a"][0][:, 0].tolist() == [2, 0, 0, 1]
    assert moved["a"][1] is None
    assert moved["b"][1] == 7
    assert isinstance(moved["b"][0], Padded)
    assert isinstance(moved["b"], list)
    assert moved["b"][0].lengths.tolist() == [2, 0, 0, 1]


def test_sentences_are_ended_and_padded():
    codec = Codec(Vocabulary("abc"))
    padded = codec.encode(["ab", "", "cab"])
    assert padded.ids.tolist() == [
        [3, 4, EOS, PAD],
        [EOS, PAD, PAD, PAD],
        [5, 3, 4, EOS],
    ]
    assert padded.lengths.tolist() == [3, 1, 4]
    assert codec.decode(padded.ids) == ["ab", "", "cab"]
    assert codec.decode(torch.tensor([[BOS, 3, 4], [3, EOS, 4]])) == ["ab", "a"]
    assert len(codec) == 6
    empty = codec.encode([])
    assert empty.ids.shape == (0, 0)
    assert empty.lengths.shape == (0,)


def test_words_are_numbered():
    words = Words.from_texts(["b a b", " c  b"], unknown="?", least=2)
    assert words.words == ("?", "b")
    assert words.encode("a b\tc").tolist() == [0, 1, 0]
    assert words.decode([1, 0]) == "b ?"
    every = Words.from_texts(["b a b", "c b"])
    assert every.decode(every.encode("c a b")) == "c a b"
    assert len(every) == 3


def test_every_pair_comes_once_and_stays_a_pair():
    codec = Codec(Vocabulary("ab"))
    texts = ["a" * n for n in range(1, 8)]
    source = codec.encode(texts)
    target = codec.encode([t.replace("a", "b") for t in texts])
    chance = torch.Generator().manual_seed(0)
    seen = []
    for batch in pair_batches(source, target, 3, chance):
        assert batch.source.shape[1] == batch.lengths.max()
        assert batch.target.shape == batch.source.shape
        left, right = codec.decode(batch.source), codec.decode(batch.target)
        assert [t.replace("a", "b") for t in left] == right
        assert [len(t) + 1 for t in left] == batch.lengths.tolist()
        seen += left
    assert sorted(seen) == sorted(texts)
    assert seen != texts


def test_the_decoder_reads_what_comes_before():
    target = torch.tensor([[A, B, EOS], [B, EOS, PAD]])
    assert shift(target).tolist() == [[BOS, A, B], [BOS, B, EOS]]
    assert shift(target, bos=9)[:, 0].tolist() == [9, 9]


def test_the_loss_is_the_mean_over_real_tokens():
    torch.manual_seed(0)
    logits = torch.randn(2, 3, 5, dtype=torch.float64)
    target = torch.tensor([[A, B, EOS], [EOS, PAD, PAD]])
    log_p = torch.log_softmax(logits, -1)
    real = [(0, 0, A), (0, 1, B), (0, 2, EOS), (1, 0, EOS)]
    losses = [-log_p[place].item() for place in real]
    assert sequence_loss(logits, target).item() == pytest.approx(
        sum(losses) / 4
    )
    assert sequence_loss(
        logits, target, reduction="sum"
    ).item() == pytest.approx(sum(losses))
    each = sequence_loss(logits, target, reduction="none")
    assert each.shape == (2, 3)
    assert each[1].tolist() == pytest.approx([losses[3], 0, 0])
    assert sequence_loss(
        logits, target, label_smoothing=1.0
    ).item() == pytest.approx(
        -sum(log_p[r, t].mean().item() for r, t, _ in real) / 4
    )
    moved = logits.clone()
    moved[1, 1:] += torch.randn(2, 5)
    assert sequence_loss(moved, target) == sequence_loss(logits, target)
    assert sequence_loss(
        torch.zeros(1, 2, 8), torch.tensor([[4, 2]])
    ).item() == (pytest.approx(math.log(8)))
