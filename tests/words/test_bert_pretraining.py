"""Gaps and pairs have the shares of the paper; the loss is their sum."""

import math

import pytest
import torch
from contract import EXACT
from torch.nn import functional
from torch.testing import assert_close

from pfs.optim.adam import AdamW
from pfs.words.bert import BertConfig, BertForPreTraining
from pfs.words.bert_pairs import Pair, assemble, next_sentence_pairs
from pfs.words.bert_pretraining import (
    LEFT_OUT,
    decay_groups,
    mask_tokens,
    pretraining_loss,
)

CLS, SEP, PAD, MASK, WORDS = 1, 2, 0, 3, 500
CONFIG = BertConfig(
    vocab_size=WORDS,
    hidden_size=16,
    num_hidden_layers=1,
    num_attention_heads=2,
    intermediate_size=32,
    max_position_embeddings=16,
)


def big():
    """200,000 places, a tenth of them special."""
    chance = torch.Generator().manual_seed(0)
    ids = torch.randint(4, WORDS, (2000, 100), generator=chance)
    ids[:, 0], ids[:, 50], ids[:, 92:] = CLS, SEP, PAD
    return ids, chance


def inside(count, total, p):
    """Whether a count is within five deviations of a binomial one."""
    return abs(count - total * p) < 5 * math.sqrt(total * p * (1 - p))


def test_the_shares_are_those_of_the_paper():
    ids, chance = big()
    before = ids.clone()
    inputs, targets = mask_tokens(ids, (CLS, SEP, PAD), MASK, WORDS, chance)
    assert torch.equal(ids, before)
    ordinary = ~torch.isin(ids, torch.tensor([CLS, SEP, PAD]))
    chosen = targets != LEFT_OUT
    places, n = int(ordinary.sum()), int(chosen.sum())
    assert places == 2000 * 90
    assert inside(n, places, 0.15)
    masked = chosen & (inputs == MASK)
    same = chosen & (inputs == ids)
    random = chosen & (inputs != ids) & (inputs != MASK)
    assert inside(int(masked.sum()), n, 0.8 + 0.1 / WORDS)
    assert inside(int(same.sum()), n, 0.1 + 0.1 / WORDS)
    assert inside(int(random.sum()), n, 0.1 * (1 - 2 / WORDS))


def test_only_chosen_places_are_targets_and_none_is_special():
    ids, chance = big()
    inputs, targets = mask_tokens(ids, (CLS, SEP, PAD), MASK, WORDS, chance)
    chosen = targets != LEFT_OUT
    assert torch.equal(targets[chosen], ids[chosen])
    assert torch.equal(inputs[~chosen], ids[~chosen])
    special = torch.isin(ids, torch.tensor([CLS, SEP, PAD]))
    assert not (chosen & special).any()


def test_random_pieces_come_from_the_whole_vocabulary():
    """Evenly: every piece within five deviations."""
    ids = torch.full((1000, 1000), 7)
    chance = torch.Generator().manual_seed(1)
    inputs, _ = mask_tokens(ids, (), 3, 20, chance)
    counts = torch.bincount(inputs[(inputs != 7)], minlength=20).tolist()
    for piece in set(range(20)) - {3, 7}:
        assert inside(counts[piece], 1_000_000, 0.15 * 0.1 / 20)


def test_chance_comes_from_the_generator():
    ids, _ = big()

    def draw(seed):
        chance = torch.Generator().manual_seed(seed)
        return mask_tokens(ids, (CLS,), MASK, WORDS, chance).inputs

    assert torch.equal(draw(1), draw(1))
    assert not torch.equal(draw(1), draw(2))
    assert draw(1).dtype == ids.dtype


def documents():
    """Sentence 10 d + s of document d, each two pieces long."""
    return [[[10 * d + s, 100] for s in range(9)] for d in range(8)]


def test_half_of_the_pairs_are_random():
    chance = torch.Generator().manual_seed(0)
    pairs = [
        pair
        for _ in range(200)
        for pair in next_sentence_pairs(documents(), chance)
    ]
    assert len(pairs) == 200 * 8 * 8
    assert inside(sum(p.random for p in pairs), len(pairs), 0.5)
    for pair in pairs:
        first, second = pair.first[0], pair.second[0]
        if pair.random:
            assert first // 10 != second // 10  # from another document
        else:
            assert second == first + 1
    others = {p.second[0] for p in pairs if p.random and p.first[0] < 10}
    assert others == {10 * d + s for d in range(1, 8) for s in range(9)}


def test_a_row_is_as_in_figure_2():
    pairs = [Pair([7, 8], [9], True), Pair([5], [6, 5, 6, 5], False)]
    ids, types, padding, random = assemble(pairs, (CLS, SEP, PAD), 8)
    assert ids.tolist() == [
        [CLS, 7, 8, SEP, 9, SEP, PAD, PAD],
        [CLS, 5, SEP, 6, 5, 6, 5, SEP],
    ]
    assert types.tolist() == [[0] * 4 + [1, 1, 0, 0], [0] * 3 + [1] * 5]
    assert padding.tolist() == [[False] * 6 + [True] * 2, [False] * 8]
    assert random.tolist() == [1, 0]


@pytest.mark.parametrize(("a", "b"), [(9, 2), (2, 9), (9, 9), (5, 4)])
def test_the_longer_text_is_cut(a, b):
    pair = Pair([50] * a, [60] * b, False)
    ids, types, *_ = assemble([pair], (CLS, SEP, PAD), 11)
    left = int((ids == 50).sum()), int((ids == 60).sum())
    assert sum(left) == min(8, a + b)
    assert left == (min(a, max(4, 8 - b)), min(b, max(4, 8 - a)))
    assert len(pair.first) == a  # what came in stays whole
    assert int(types.sum()) == left[1] + 1


def test_the_loss_is_the_sum_of_two_means():
    """Over the chosen places and over the pairs, as torch computes it."""
    torch.manual_seed(0)
    words = torch.randn(12, 9, dtype=torch.float64, requires_grad=True)
    order = torch.randn(4, 2, dtype=torch.float64, requires_grad=True)
    targets = torch.randint(9, (12,))
    targets[3:8] = LEFT_OUT
    random = torch.tensor([0, 1, 1, 0])
    loss = pretraining_loss(words, targets, order, random)
    wanted = functional.cross_entropy(words, targets)
    wanted = wanted + functional.cross_entropy(order, random)
    assert_close(loss, wanted, **EXACT)
    got = torch.autograd.grad(loss, [words, order])
    assert_close(got, torch.autograd.grad(wanted, [words, order]), **EXACT)
    assert (got[0][3:8] == 0).all()


def test_an_untrained_model_guesses_evenly():
    """ln V for the words and ln 2 for the order."""
    torch.manual_seed(0)
    model = BertForPreTraining(CONFIG).eval()
    ids, chance = big()
    ids = ids[:50, :16]
    inputs, targets = mask_tokens(ids, (CLS, SEP, PAD), MASK, WORDS, chance)
    words, order = model(inputs, chosen=targets != LEFT_OUT)
    loss = functional.cross_entropy(words, targets[targets != LEFT_OUT])
    assert abs(loss.item() - math.log(WORDS)) < 0.02
    even = functional.cross_entropy(order, torch.arange(50) % 2)
    assert abs(even.item() - math.log(2)) < 0.02


def test_shifts_and_gains_do_not_decay():
    model = BertForPreTraining(CONFIG)
    decayed, kept = decay_groups(model, 0.01)
    assert (decayed["weight_decay"], kept["weight_decay"]) == (0.01, 0.0)
    names = {id(p): n for n, p in model.named_parameters()}
    kept = {names[id(p)] for p in kept["params"]}
    assert kept == {n for n in names.values() if "norm" in n or "bias" in n}
    assert len(kept) + len(decayed["params"]) == len(names)


def test_the_released_optimizer_takes_its_step():
    """`optimization.py`: no correction, epsilon 1e-6, decay beside it."""
    torch.manual_seed(0)
    theta = torch.nn.Parameter(torch.randn(5, 4, dtype=torch.float64))
    model = torch.nn.ParameterList([theta])
    optimizer = AdamW(
        decay_groups(model), lr=0.01, eps=1e-6, bias_correction=False
    )
    p, m, v = theta.detach().clone(), 0.0, 0.0
    for _ in range(5):
        theta.grad = torch.randn_like(theta)
        m = 0.9 * m + 0.1 * theta.grad
        v = 0.999 * v + 0.001 * theta.grad**2
        p = p - 0.01 * (m / (v.sqrt() + 1e-6) + 0.01 * p)
        optimizer.step()
    assert_close(theta.detach(), p, **EXACT)


def test_it_learns_a_text_by_heart():
    """A few steps on few sentences: the loss falls far below ln V."""
    torch.manual_seed(0)
    model = BertForPreTraining(CONFIG)
    optimizer = AdamW(decay_groups(model), lr=3e-3)
    chance = torch.Generator().manual_seed(0)
    pairs = next_sentence_pairs(documents(), chance)
    batch = assemble(pairs, (CLS, SEP, PAD), 8)
    for _ in range(150):
        inputs, targets = mask_tokens(
            batch.ids, (CLS, SEP, PAD), MASK, WORDS, chance
        )
        chosen = targets != LEFT_OUT
        words, order = model(inputs, batch.types, batch.padding, chosen)
        loss = pretraining_loss(words, targets[chosen], order, batch.random)
        optimizer.zero_grad()
        loss.backward()
        optimizer.step()
    assert loss.item() < 0.7 * (math.log(WORDS) + math.log(2))
