"""BERT equals public implementations; its counts are the published ones."""

from dataclasses import replace
from functools import partial

import pytest
import torch
import transformers
from contract import EXACT, ModuleContract, gradients
from torch import nn as theirs
from torch.testing import assert_close

from pfs import ledger
from pfs.backend import backend
from pfs.words.bert import (
    BERT_BASE,
    BERT_CHINESE,
    BERT_LARGE,
    BERT_MINI,
    BERT_MULTILINGUAL,
    BERT_TINY,
    Bert,
    BertConfig,
    BertEmbeddings,
    BertForPreTraining,
    BertForQuestionAnswering,
)
from pfs.words.bert_config import CASED
from pfs.words.bert_heads import MaskedLanguageHead, initialize
from pfs.words.bert_names import from_hugging_face, to_hugging_face

SMALL = BertConfig(
    vocab_size=13,
    hidden_size=8,
    num_hidden_layers=2,
    num_attention_heads=2,
    intermediate_size=16,
    max_position_embeddings=7,
    hidden_dropout_prob=0.0,
    attention_probs_dropout_prob=0.0,
)


class PlainEmbeddings(theirs.Module):
    """The same from torch's bricks."""

    def __init__(self):
        super().__init__()
        self.tokens = theirs.Embedding(13, 8)
        self.segments = theirs.Embedding(2, 8)
        self.positions = theirs.Embedding(7, 8)
        self.norm = theirs.LayerNorm(8, 1e-12)

    def forward(self, ids, types):
        x = self.tokens(ids) + self.segments(types)
        return self.norm(x + self.positions.weight[: ids.shape[1]])


class PlainBert(theirs.Module):
    """torch's encoder layers, from `nn.TransformerEncoderLayer`."""

    def __init__(self):
        super().__init__()
        self.embeddings = PlainEmbeddings()
        layer = partial(
            theirs.TransformerEncoderLayer,
            *(8, 2, 16, 0.0, "gelu", 1e-12),
            batch_first=True,
        )
        self.layers = theirs.ModuleList(layer() for _ in range(2))
        self.pooler = theirs.Linear(8, 8)
        initialize(self)

    def forward(self, ids, types, padding):
        h = self.embeddings(ids, types)
        for layer in self.layers:
            h = layer(h, src_key_padding_mask=padding)
        return h, torch.tanh(self.pooler(h[:, 0]))


def sentences(batch, time=6):
    """Ids, types and padding; the last row has two places of padding."""
    chance = torch.Generator().manual_seed(4)
    ids = torch.randint(1, 13, (batch, time), generator=chance)
    types = (torch.arange(time) > 2).long().expand(batch, -1).clone()
    padding = torch.zeros(batch, time, dtype=torch.bool)
    padding[-1:, -2:] = True
    return ids, types, padding


class TestBertEmbeddings(ModuleContract):
    module = staticmethod(lambda: BertEmbeddings(SMALL))
    twin = staticmethod(lambda: PlainEmbeddings())
    inputs = staticmethod(lambda batch: sentences(batch)[:2])
    parameters = (13 + 2 + 7) * 8 + 2 * 8
    signature = False


class TestBert(ModuleContract):
    module = staticmethod(lambda: Bert(SMALL))
    twin = staticmethod(lambda: PlainBert())
    inputs = staticmethod(sentences)
    parameters = (
        (13 + 2 + 7) * 8
        + 2 * 8
        + 2 * (4 * (8 * 8 + 8) + 2 * 8 * 16 + 16 + 8 + 4 * 8)
        + (8 * 8 + 8)
    )
    signature = False

    def test_empty_batch(self):
        """torch's attention cannot view it; ours can."""
        h, pooled = Bert(SMALL)(*sentences(0))
        assert h.shape == (0, 6, 8)
        assert pooled.shape == (0, 8)

    def test_starts_like_the_twin(self):
        """torch draws more before: only what `initialize` draws is equal."""
        for model in (Bert(SMALL), PlainBert()):
            for name, p in model.named_parameters():
                if p.ndim > 1:
                    assert 0 < p.abs().max() <= 0.04
                else:
                    is_gain = "norm" in name and name.endswith("weight")
                    assert (p == float(is_gain)).all()


def published(config, heads, **more):
    """The model of `transformers` with our sizes and random weights."""
    words = {
        "gelu_tanh": "gelu_pytorch_tanh",
        "gelu": "gelu",
        "relu": "relu",
    }
    given = vars(config) | {"hidden_act": words[config.hidden_act]}
    settings = transformers.BertConfig(**given, pad_token_id=None, **more)
    model = heads(settings).double().eval()
    with torch.no_grad():
        for parameter in model.parameters():
            parameter.add_(torch.randn_like(parameter), alpha=0.2)
    return model


CONFIGS = [
    SMALL,
    replace(SMALL, num_attention_heads=4, num_hidden_layers=1),
    replace(SMALL, hidden_act="gelu_tanh", hidden_size=12),
    replace(SMALL, hidden_act="relu", num_attention_heads=1),
    replace(SMALL, type_vocab_size=3, intermediate_size=5, vocab_size=31),
    replace(SMALL, num_hidden_layers=3, layer_norm_eps=1e-3),
]


@pytest.mark.parametrize("config", CONFIGS)
@pytest.mark.parametrize("padded", [False, True])
def test_pretraining_equals_transformers(config, padded):
    """Values, and gradients by every parameter, tied table included."""
    torch.manual_seed(0)
    judge = published(config, transformers.BertForPreTraining)
    ours = BertForPreTraining(config).double().eval()
    ours.load_state_dict(from_hugging_face(judge.state_dict()), strict=True)
    ids, types, padding = sentences(3)

    def call():
        mask = (~padding).long() if padded else None
        out = judge(ids, attention_mask=mask, token_type_ids=types)
        return out.prediction_logits, out.seq_relationship_logits

    def mine():
        return ours(ids, types, padding if padded else None)

    assert_close(mine(), call(), **EXACT)
    names = [n for n, _ in judge.named_parameters()]
    slopes = gradients(call, (), *judge.parameters())
    wanted = from_hugging_face(dict(zip(names, slopes, strict=True)))
    names = [n for n, _ in ours.named_parameters()]
    got = gradients(mine, (), *ours.parameters())
    assert_close(dict(zip(names, got, strict=True)), wanted, **EXACT)


@pytest.mark.parametrize("config", CONFIGS)
def test_question_answering_equals_transformers(config):
    torch.manual_seed(0)
    judge = published(config, transformers.BertForQuestionAnswering)
    ours = BertForQuestionAnswering(config).double().eval()
    ours.load_state_dict(from_hugging_face(judge.state_dict()), strict=True)
    ids, types, padding = sentences(3)

    def call():
        mask = (~padding).long()
        out = judge(ids, attention_mask=mask, token_type_ids=types)
        return out.start_logits, out.end_logits

    def mine():
        return ours(ids, types, padding)

    assert_close(mine(), call(), **EXACT)
    names = [n for n, _ in judge.named_parameters()]
    slopes = gradients(call, (), *judge.parameters())
    wanted = from_hugging_face(dict(zip(names, slopes, strict=True)))
    names = [n for n, _ in ours.named_parameters()]
    got = gradients(mine, (), *ours.parameters())
    assert_close(dict(zip(names, got, strict=True)), wanted, **EXACT)


def test_dropout_acts_where_transformers_has_it():
    """The same draws while training: not behind the activation."""
    config = replace(
        SMALL, hidden_dropout_prob=0.3, attention_probs_dropout_prob=0.2
    )
    torch.manual_seed(0)
    eager = {"attn_implementation": "eager"}
    judge = published(config, transformers.BertModel, **eager).float().train()
    ours = Bert(config).train()
    state = from_hugging_face(judge.state_dict())
    ours.load_state_dict({k.removeprefix("bert."): v for k, v in state.items()})
    ids, types, _ = sentences(3)
    torch.manual_seed(1)
    want = judge(ids, token_type_ids=types)
    torch.manual_seed(1)
    with backend("fused"):  # torch's own draws
        got = ours(ids, types)
    assert_close(got, (want.last_hidden_state, want.pooler_output))
    assert (got[0] != ours(ids, types)[0]).any()


@pytest.mark.parametrize(
    ("model", "heads"),
    [
        (BertForPreTraining, transformers.BertForPreTraining),
        (BertForQuestionAnswering, transformers.BertForQuestionAnswering),
        (Bert, transformers.BertModel),
    ],
)
def test_names_go_both_ways(model, heads):
    judge, ours = published(SMALL, heads), model(SMALL).double()
    judge.load_state_dict(to_hugging_face(ours.state_dict()), strict=True)
    back = from_hugging_face(judge.state_dict())
    own = ours.state_dict()
    if model is Bert:
        back = {k.removeprefix("bert."): v for k, v in back.items()}
    assert set(back) == set(own)
    for name in own:
        assert torch.equal(back[name], own[name])


def test_chosen_places_are_those_of_the_whole():
    torch.manual_seed(0)
    model = BertForPreTraining(SMALL).eval()
    ids, types, padding = sentences(3)
    chosen = torch.rand(ids.shape) < 0.4
    words, order = model(ids, types, padding)
    few, same = model(ids, types, padding, chosen)
    assert_close(few, words[chosen])
    assert_close(same, order, rtol=0, atol=0)


def count(model):
    return sum(p.numel() for p in model.parameters())


@pytest.mark.parametrize(
    ("form", "config", "wanted"),
    [
        (Bert, BERT_BASE, "bert-base-parameters"),
        (partial(Bert, pooler=False), BERT_BASE, 108_891_648),
        (BertForQuestionAnswering, BERT_BASE, "bert-base-parameters-qa"),
        (BertForPreTraining, BERT_BASE, "bert-base-parameters-pretraining"),
        (Bert, BERT_LARGE, "bert-large-parameters"),
        (partial(Bert, pooler=False), BERT_LARGE, 334_092_288),
        (BertForPreTraining, BERT_LARGE, 336_226_108),
        (Bert, BERT_CHINESE, "bert-chinese-parameters"),
        (Bert, BERT_MULTILINGUAL, "bert-multilingual-parameters"),
        (Bert, replace(BERT_BASE, vocab_size=CASED), 108_310_272),
        (Bert, BERT_TINY, 4_385_920),
        (Bert, BERT_MINI, 11_170_560),
    ],
)
def test_counts_are_the_published_ones(form, config, wanted):
    """On the meta device: nothing is allocated."""
    if isinstance(wanted, str):
        wanted = ledger.load()[wanted].value
    assert count(form(config, device="meta")) == wanted


def test_the_presets_are_the_rows_of_the_paper():
    for config, sizes in (
        (BERT_BASE, (12, 768, 12, 3072)),
        (BERT_LARGE, (24, 1024, 16, 4096)),
    ):
        assert sizes == (
            config.num_hidden_layers,
            config.hidden_size,
            config.num_attention_heads,
            config.intermediate_size,
        )
        assert config.max_position_embeddings == 512
        assert config.layer_norm_eps == 1e-12
        assert config.hidden_dropout_prob == 0.1
        assert config.attention_probs_dropout_prob == 0.1
        assert config.hidden_act == "gelu"
    assert vars(BERT_BASE).items() >= vars(BERT_CHINESE).items() - {
        ("vocab_size", 21_128)
    }


def test_the_table_is_tied():
    """One table: read forwards at the bottom, backwards at the top."""
    model = BertForPreTraining(SMALL)
    assert not [n for n in model.state_dict() if "decoder" in n]
    table = model.bert.embeddings.tokens.weight
    with torch.no_grad():
        table[9] += 1
    before, _ = model(torch.ones(1, 3).long())
    with torch.no_grad():
        table[9] += 1  # not read below: no place has this id
    after, _ = model(torch.ones(1, 3).long())
    assert (before[..., 9] != after[..., 9]).all()
    others = [i for i in range(13) if i != 9]
    assert_close(before[..., others], after[..., others], rtol=0, atol=0)
    head = MaskedLanguageHead(13, 8)
    assert count(head) == 8 * 8 + 8 + 2 * 8 + 13


def test_positions_and_segments_learn():
    """Every table gets a gradient, at the rows that were used and no other."""
    model = Bert(SMALL)
    ids, types, _ = sentences(2, time=5)
    model(ids, types * 0)[0].square().sum().backward()
    positions = model.embeddings.positions.weight.grad.abs().sum(1)
    segments = model.embeddings.segments.weight.grad.abs().sum(1)
    assert (positions[:5] > 0).all()
    assert (positions[5:] == 0).all()
    assert segments[0] > 0 == segments[1]
    assert model.embeddings.positions.weight.requires_grad


def test_order_and_segment_matter():
    """Without the tables a bag of words would be read."""
    torch.manual_seed(0)
    model = Bert(SMALL).eval()
    with torch.no_grad():
        for p in model.parameters():
            p.add_(torch.randn_like(p), alpha=0.3)
    ids, types, _ = sentences(1)
    turned = ids.flip(1)
    assert not torch.allclose(model(ids, types)[0], model(turned, types)[0])
    assert not torch.allclose(model(ids, types)[0], model(ids)[0])
    assert_close(model(ids)[0], model(ids, types * 0)[0], rtol=0, atol=0)


def test_every_place_sees_every_place():
    """Both sides: a change anywhere is felt everywhere."""
    torch.manual_seed(0)
    model = Bert(SMALL).double().eval()
    with torch.no_grad():
        for p in model.parameters():
            p.add_(torch.randn_like(p), alpha=0.3)
    ids, types, _ = sentences(1)
    before = model(ids, types)[0]
    for place in range(6):
        changed = ids.clone()
        changed[0, place] = (ids[0, place] + 1) % 13
        after = model(changed, types)[0]
        assert (before != after).any(-1).all()


def test_padding_is_not_read():
    torch.manual_seed(0)
    model = Bert(SMALL).double().eval()
    with torch.no_grad():
        for p in model.parameters():
            p.add_(torch.randn_like(p), alpha=0.3)
    ids, types, _ = sentences(2, time=4)
    short = model(ids, types)
    ids, types = (torch.nn.functional.pad(t, (0, 3)) for t in (ids, types))
    padding = torch.arange(7).expand(2, -1) >= 4
    long = model(ids, types, padding)
    assert_close(long[0][:, :4], short[0], **EXACT)
    assert_close(long[1], short[1], **EXACT)
    assert not torch.allclose(model(ids, types)[1], short[1])


def test_first_weights_are_normal_without_tails():
    """Cut at two standard deviations, 0.88 of the width is left."""
    torch.manual_seed(0)
    config = replace(SMALL, vocab_size=2000, hidden_size=64)
    model = BertForPreTraining(config)
    for name, p in model.named_parameters():
        if p.ndim > 1:
            assert p.abs().max() <= 0.04
        elif name.endswith("bias"):
            assert (p == 0).all()
        else:
            assert (p == 1).all()
    std = model.bert.embeddings.tokens.weight.std()
    assert_close(std, torch.tensor(0.02 * 0.8796), rtol=0.02, atol=0)


def test_the_two_forms_of_gelu_differ_a_little():
    torch.manual_seed(0)
    exact = Bert(replace(SMALL, hidden_act="gelu")).double().eval()
    with torch.no_grad():
        for p in exact.parameters():
            p.add_(torch.randn_like(p), alpha=0.5)
    by_tanh = Bert(replace(SMALL, hidden_act="gelu_tanh")).double().eval()
    by_tanh.load_state_dict(exact.state_dict())
    ids, types, _ = sentences(3)
    apart = (exact(ids, types)[0] - by_tanh(ids, types)[0]).abs().max()
    assert 0 < apart < 0.05


def test_with_the_norms_first_a_last_one_follows():
    """As torch's encoder with `norm_first`: the same weights, its names."""
    torch.manual_seed(0)
    config = replace(BERT_TINY, vocab_size=31, norm_first=True)
    model = Bert(config, dtype=torch.float64).eval()
    width, heads = config.hidden_size, config.num_attention_heads
    layer = torch.nn.TransformerEncoderLayer(
        *(width, heads, config.intermediate_size, 0.0, "gelu"),
        layer_norm_eps=config.layer_norm_eps,
        batch_first=True,
        norm_first=True,
        dtype=torch.float64,
    )
    norm = torch.nn.LayerNorm(width, config.layer_norm_eps).double()
    judge = torch.nn.TransformerEncoder(
        layer, config.num_hidden_layers, norm, enable_nested_tensor=False
    ).eval()
    parts = ("layers.", "norm.")
    state = {k: v for k, v in model.state_dict().items() if k.startswith(parts)}
    judge.load_state_dict(state)
    ids = torch.randint(config.vocab_size, (2, 7))
    h = model(ids)[0]
    assert_close(h, judge(model.embeddings(ids, None)), rtol=1e-9, atol=1e-9)
