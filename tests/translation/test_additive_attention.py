"""The searching translator equals torch's layers, and the paper's equations."""

from dataclasses import replace

import pytest
import torch
from contract import EXACT, ModuleContract, gradients
from torch import nn as theirs
from torch.nn.utils.rnn import pack_padded_sequence, pad_packed_sequence
from torch.testing import assert_close
from translation_contract import TranslatorContract

from pfs import ledger
from pfs.translation.additive_attention import (
    RNNSEARCH,
    TINY,
    AdditiveAttention,
    AttentionTranslator,
)
from pfs.translation.batches import shift

PAPER = replace(TINY, reset="before", readout="previous")
FORMS = {"current": TINY, "previous": replace(TINY, readout="previous")}


class TestAttentionTranslator(TranslatorContract):
    model = staticmethod(lambda: AttentionTranslator(TINY))


class TestAttentionTranslatorOfThePaper(TranslatorContract):
    model = staticmethod(lambda: AttentionTranslator(PAPER))


class Search(theirs.Module):
    """The same layer: all of a row's weights in one formula of torch."""

    def __init__(self, query_size, key_size, attention_size):
        super().__init__()
        self.query = theirs.Linear(query_size, attention_size, bias=False)
        self.key = theirs.Linear(key_size, attention_size)
        self.score = theirs.Linear(attention_size, 1, bias=False)

    def forward(self, query, keys, mask=None):
        places = keys.shape[1]
        query = query[:, None].repeat(1, places, 1)
        hidden = torch.tanh(self.query(query) + self.key(keys))
        e = self.score(hidden).squeeze(-1)
        if mask is not None:
            e = torch.where(mask, e, -torch.inf)
        alpha = torch.softmax(e, 1)
        return torch.einsum("bj,bjk->bk", alpha, keys), alpha


def searched(batch):
    mask = torch.arange(4) < torch.tensor([4, 1, 3])[:batch, None]
    return torch.randn(batch, 5), torch.randn(batch, 4, 6), mask


class TestAdditiveAttention(ModuleContract):
    module = staticmethod(lambda: AdditiveAttention(5, 6, 3))
    twin = staticmethod(lambda: Search(5, 6, 3))
    inputs = staticmethod(searched)
    parameters = 3 * 5 + 3 * (6 + 1) + 3
    signature = False


def test_weights_sum_to_one_and_are_zero_where_masked():
    torch.manual_seed(0)
    attention = AdditiveAttention(5, 6, 3).double()
    with torch.no_grad():
        attention.score.weight.mul_(50)  # scores far from each other
    query, keys, mask = searched(3)
    query, keys = query.double(), keys.double()
    _, alpha = attention(query, keys, mask)
    assert_close(alpha.sum(1), torch.ones(3).double(), **EXACT)
    assert (alpha[~mask] == 0).all()
    assert (alpha[mask] > 0).all()
    c, alpha = attention(query, keys)
    assert_close(alpha.sum(1), torch.ones(3).double(), **EXACT)
    low, high = keys.amin(1), keys.amax(1)  # a mean lies between
    assert ((low <= c) & (c <= high)).all()


def test_a_row_that_may_read_nothing_reads_zero():
    attention = AdditiveAttention(5, 6, 3)
    query, keys, mask = searched(3)
    mask[1] = False
    c, alpha = attention(query, keys.requires_grad_(), mask)
    assert not c[1].any()
    assert not alpha[1].any()
    c.sum().backward()
    assert keys.grad.isfinite().all()
    assert not keys.grad[1].any()
    assert all(p.grad.isfinite().all() for p in attention.parameters())


def test_keys_that_are_known_are_not_mapped_again():
    torch.manual_seed(0)
    attention = AdditiveAttention(5, 6, 3)
    query, keys, mask = searched(3)
    want = attention(query, keys, mask)
    mapped = attention.map_keys(keys)
    attention.key.weight.data.zero_()
    got = attention(query, keys, mask, mapped=mapped)
    assert_close(got, want, rtol=0, atol=0)


def test_the_source_is_mapped_once_for_a_whole_target():
    model, calls = AttentionTranslator(TINY), []
    model.attention.key.register_forward_hook(lambda *_: calls.append(1))
    model(torch.full((2, 5), 3), torch.full((2, 6), 3))
    assert len(calls) == 1


class Judge(theirs.Module):
    """The same model of torch's layers, with torch's packed sequences."""

    def __init__(self, c):
        super().__init__()
        self.config = c
        E, H = c.embedding_size, c.hidden_size
        self.source_embedding = theirs.Embedding(c.source_vocab, E)
        self.target_embedding = theirs.Embedding(c.target_vocab, E)
        self.encoder = theirs.GRU(E, H, batch_first=True, bidirectional=True)
        self.first = theirs.Linear(H, H)
        self.attention = Search(H, 2 * H, c.attention_size)
        self.decoder = theirs.GRUCell(E + 2 * H, H)
        self.readout = theirs.Linear(H + E + 2 * H, 2 * c.maxout_size)
        self.output = theirs.Linear(c.maxout_size, c.target_vocab)

    def forward(self, source, target, lengths):
        packed = pack_padded_sequence(
            self.source_embedding(source), lengths, True, enforce_sorted=False
        )
        h, last = self.encoder(packed)
        h, _ = pad_packed_sequence(h, batch_first=True)
        s = torch.tanh(self.first(last[1]))
        mask = torch.arange(source.shape[1]) < lengths[:, None]
        logits, rows = [], []
        for t in range(target.shape[1]):
            y = self.target_embedding(target[:, t])
            c, alpha = self.attention(s, h, mask)
            new = self.decoder(torch.cat([y, c], 1), s)
            seen = new if self.config.readout == "current" else s
            pieces = self.readout(torch.cat([seen, y, c], 1))
            best = torch.maximum(pieces[:, ::2], pieces[:, 1::2])
            logits.append(self.output(best))
            rows.append(alpha)
            s = new
        return torch.stack(logits, 1), torch.stack(rows, 1)


def pair(config):
    torch.manual_seed(0)
    ours = AttentionTranslator(config, dtype=torch.float64)
    judge = Judge(config).double()
    with torch.no_grad():
        for parameter in judge.parameters():
            parameter.normal_(std=0.7)
    ours.load_state_dict(judge.state_dict())
    lengths = torch.tensor([5, 2, 4, 1])
    source = torch.randint(3, 7, (4, 5))
    target = torch.randint(1, 6, (4, 6))
    return ours, judge, (source, target, lengths)


@pytest.mark.parametrize("form", FORMS)
def test_every_form_equals_torch(form):
    """Logits, weights and gradients; the rows have different lengths."""
    ours, judge, args = pair(FORMS[form])
    assert list(ours.state_dict()) == list(judge.state_dict())

    def both(*args):
        return ours(*args), ours.align(*args)

    assert_close(both(*args), judge(*args), **EXACT)
    assert_close(
        gradients(both, args, *ours.parameters()),
        gradients(judge, args, *judge.parameters()),
        **EXACT,
    )


def by_the_paper(model, source, target):
    """Appendix A.2 for one pair, with its own letters and its own sign of z.

    Biases are added where the paper leaves them out.
    """
    w = dict(model.named_parameters())

    def gates(part, end=""):
        names = ("weight_ih", "weight_hh", "bias_ih", "bias_hh")
        read, state, b, c = (w[f"{part}.{n}{end}"] for n in names)
        b_r, b_z, b_n = (b + c).chunk(3)
        W_r, W_z, W = read.chunk(3)
        U_r, U_z, U = state.chunk(3)
        # our z keeps the old state, the paper's takes the new one
        return (W, -W_z, W_r), (U, -U_z, U_r), (b_n, -b_z, b_r)

    def unit(weights, x, old):
        (W, W_z, W_r), (U, U_z, U_r), (b, b_z, b_r) = weights
        z = torch.sigmoid(W_z @ x + U_z @ old + b_z)
        r = torch.sigmoid(W_r @ x + U_r @ old + b_r)
        new = torch.tanh(W @ x + U @ (r * old) + b)
        return (1 - z) * old + z * new

    n = w["first.weight"].shape[0]
    E_x, E_y = w["source_embedding.weight"], w["target_embedding.weight"]
    forward, h = [], torch.zeros(n, dtype=torch.float64)
    for i in source:
        h = unit(gates("encoder", "_l0"), E_x[i], h)
        forward.append(h)
    backward, h = [], torch.zeros(n, dtype=torch.float64)
    for i in reversed(source):
        h = unit(gates("encoder", "_l0_reverse"), E_x[i], h)
        backward.insert(0, h)
    h = [torch.cat(two) for two in zip(forward, backward, strict=True)]

    W_a, U_a = w["attention.query.weight"], w["attention.key.weight"]
    b_a, v_a = w["attention.key.bias"], w["attention.score.weight"][0]
    W_o, b_o = w["output.weight"], w["output.bias"]
    sizes, b_t = [n, E_y.shape[1], 2 * n], w["readout.bias"]
    U_o, V_o, C_o = w["readout.weight"].split(sizes, 1)
    s = torch.tanh(w["first.weight"] @ backward[0] + w["first.bias"])
    logits, weights = [], []
    for i in target:
        y = E_y[i]
        e = [v_a @ torch.tanh(W_a @ s + U_a @ h_j + b_a) for h_j in h]
        total = sum(torch.exp(e_j) for e_j in e)
        alpha = [torch.exp(e_j) / total for e_j in e]
        c = sum(a * h_j for a, h_j in zip(alpha, h, strict=True))
        t = U_o @ s + V_o @ y + C_o @ c + b_t
        t = torch.stack(
            [max(t[2 * j], t[2 * j + 1]) for j in range(len(t) // 2)]
        )
        logits.append(W_o @ t + b_o)
        weights.append(torch.stack(alpha))
        s = unit(gates("decoder"), torch.cat([y, c]), s)
    return torch.stack(logits), torch.stack(weights)


def test_a_pair_alone_equals_the_equations_of_the_appendix():
    ours, _, (source, target, lengths) = pair(PAPER)
    logits = ours(source, target, lengths)
    weights = ours.align(source, target, lengths)
    for row, n in enumerate(lengths.tolist()):
        ids = source[row, :n].tolist()
        want, alpha = by_the_paper(ours, ids, target[row].tolist())
        assert_close(logits[row], want, **EXACT)
        assert_close(weights[row, :, :n], alpha, **EXACT)
    slopes = gradients(
        lambda: [ours(source[:1], target[:1])[0]], (), *ours.parameters()
    )
    want = gradients(
        lambda: by_the_paper(ours, source[0].tolist(), target[0].tolist())[0],
        (),
        *ours.parameters(),
    )
    assert_close(slopes, want, **EXACT)


def test_no_lengths_means_that_all_is_real():
    ours, judge, (source, target, _) = pair(TINY)
    want, alpha = judge(source, target, torch.full((4,), 5))
    assert_close(ours(source, target), want, **EXACT)
    assert_close(ours.align(source, target), alpha, **EXACT)


def test_an_alignment_is_a_distribution_over_the_real_source():
    ours, _, args = pair(TINY)
    weights = ours.align(*args)
    assert weights.shape == (4, 6, 5)
    assert_close(weights.sum(2), torch.ones(4, 6).double(), **EXACT)
    behind = torch.arange(5) >= args[2][:, None]
    assert (weights.mT[behind] == 0).all()
    assert (weights[3, :, 0] == 1).all()  # one token: nothing to choose


def test_with_one_context_for_every_step_it_is_an_encoder_decoder():
    """The remark of appendix A.2.2: fix the context, and no search is left."""
    ours, _, (source, target, _) = pair(TINY)
    with torch.no_grad():
        ours.attention.score.weight.zero_()
    first, _, mapped, real = ours.start(source)
    h = torch.randn(4, 1, 10, dtype=torch.float64)
    state = first, h.expand(-1, 5, -1), mapped, real
    s = first
    for token in target.unbind(1):
        logits, state = ours.step(token, state)
        y = ours.target_embedding(token)
        s = ours.decoder(torch.cat([y, h[:, 0]], 1), s)
        parts = torch.cat([s, y, h[:, 0]], 1)
        want = ours.output(ours.readout(parts).unflatten(1, (-1, 2)).amax(2))
        assert_close(logits, want, **EXACT)


def test_the_number_of_parameters_of_the_paper_s_model():
    model = AttentionTranslator(RNNSEARCH, device="meta")
    assert model.encoder.reset == model.decoder.reset == "before"
    assert (RNNSEARCH.readout, RNNSEARCH.init) == ("previous", None)
    names = ("embedding", "hidden", "maxout", "vocab")
    m, n, k, V = (ledger.value(f"additive-attention-{name}") for name in names)
    biases = 0
    for name, parameter in model.named_parameters():
        biases += parameter.numel() if parameter.ndim == 1 else 0
        assert "bias" in name or parameter.ndim == 2
    encoder, decoder = 2 * 3 * n * (m + n), 3 * n * (m + 2 * n + n)
    search = n * n + n * 2 * n + n
    output = 2 * k * (n + m + 2 * n) + k * V
    want = 2 * V * m + encoder + n * n + search + decoder + output
    assert want == ledger.value("additive-attention-parameters")
    assert sum(p.numel() for p in model.parameters()) == want + biases


def test_parameters_start_small_and_even():
    torch.manual_seed(0)
    config = replace(TINY, hidden_size=40, embedding_size=30)
    for name, parameter in AttentionTranslator(config).named_parameters():
        assert parameter.abs().max() <= 0.08, name
        if parameter.numel() > 1000:
            assert abs(parameter.std().item() - 0.08 / 3**0.5) < 0.003, name
    wide = AttentionTranslator(replace(config, init=0.5))
    assert max(p.max().item() for p in wide.parameters()) > 0.4


def test_parameters_start_as_in_the_paper():
    torch.manual_seed(0)
    config = replace(
        RNNSEARCH,
        source_vocab=50,
        target_vocab=50,
        embedding_size=40,
        hidden_size=30,
        attention_size=50,
        maxout_size=20,
    )
    count = 0
    for name, p in AttentionTranslator(config).named_parameters():
        if p.ndim == 1 or name == "attention.score.weight":
            assert not p.any(), name
        elif "weight_hh" in name:
            for U in p.chunk(3):
                assert_close(U @ U.T, torch.eye(30), rtol=0, atol=1e-5)
                count += 1
        else:
            small = name in ("attention.query.weight", "attention.key.weight")
            std = 0.001 if small else 0.01
            assert abs(p.std().item() / std - 1) < 0.15, name
            assert abs(p.mean().item()) < 0.1 * std, name
    assert count == 9


def test_dropout_acts_in_training_only():
    torch.manual_seed(0)
    model = AttentionTranslator(replace(TINY, dropout=0.5))
    plain = AttentionTranslator(TINY)
    plain.load_state_dict(model.state_dict())
    source, target = torch.randint(3, 7, (2, 4)), torch.randint(1, 6, (2, 3))
    assert (model(source, target) != plain(source, target)).any()
    model.eval()
    assert_close(model(source, target), plain(source, target), rtol=0, atol=0)


def test_dropout_of_everything_leaves_the_biases():
    """With a share of 1 neither source nor target is seen."""
    torch.manual_seed(0)
    model = AttentionTranslator(replace(TINY, dropout=1.0))
    source, target = torch.randint(3, 7, (2, 4)), torch.randint(1, 6, (2, 3))
    logits = model(source, target)
    assert_close(logits, model.output.bias.expand_as(logits))


def test_dropout_reaches_both_embeddings():
    """With a share of 1 two sources are one, and so are two targets."""
    torch.manual_seed(0)
    model = AttentionTranslator(replace(TINY, dropout=1.0, init=1.0))
    source, target = torch.randint(3, 7, (2, 4)), torch.randint(1, 6, (2, 5))
    other = 3 + (source - 2) % 4, 1 + target % 5

    def seen():
        first, second = model.start(source), model.start(other[0])
        yield first[1], second[1]
        yield model.align(source, target), model.align(source, other[1])

    assert all(torch.equal(a, b) for a, b in seen())
    model.eval()
    assert not any(torch.equal(a, b) for a, b in seen())


def test_what_is_read_is_moved_by_one():
    """The first row of weights belongs to the first token that is written."""
    ours, _, (source, target, lengths) = pair(TINY)
    other = target.clone()
    other[:, -1] = 1 + other[:, -1] % 5
    a = ours.align(source, shift(target), lengths)
    b = ours.align(source, shift(other), lengths)
    assert_close(a, b, rtol=0, atol=0)
