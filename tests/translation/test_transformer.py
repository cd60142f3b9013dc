"""The Transformer: its layers against torch, the whole model against Marian."""

import dataclasses
import inspect
import itertools
import math
import random

import pytest
import torch
from contract import EXACT, ModuleContract, gradients, same_arguments
from torch import nn as theirs
from torch.testing import assert_close

import pfs
from pfs import ledger
from pfs.nn import GELU, gelu
from pfs.nn.cache import KeyValueCache
from pfs.translation.transformer import (
    TRANSFORMER_BASE,
    TRANSFORMER_BIG,
    PositionalEncoding,
    Transformer,
    TransformerConfig,
    TransformerDecoder,
    TransformerDecoderLayer,
    TransformerEncoder,
    TransformerEncoderLayer,
)

D = torch.float64
OURS = ("attention_bias", "attention_dropout", "inner_dropout")
TINY = TransformerConfig(
    vocab=11, d_model=8, num_heads=2, num_layers=2, d_ff=12
)
FORMS = [
    {"norm_first": False},
    {"norm_first": True},
    {"norm_first": True, "activation": "gelu"},
    {"activation": "gelu", "layer_norm_eps": 1e-3},
    {"bias": False},
    {"bias": False, "norm_first": True},
]


def places(batch, time=5):
    return torch.randn(batch, time, 8)


class Layers(ModuleContract):
    kind = ()
    given = {}

    def __init_subclass__(cls):
        ours, twin = cls.kind
        # Nothing is dropped: torch draws inside its kernels, in its order.
        options = {"dropout": 0.0, "batch_first": True, **cls.given}
        cls.module = staticmethod(lambda: ours(8, 2, 12, **options))
        cls.twin = staticmethod(lambda: twin(8, 2, 12, **options))

    def test_arguments_are_those_of_the_twin(self):
        ours, twin = self.kind
        a, b = inspect.signature(ours).parameters, inspect.signature(twin)
        assert list(a) == [*b.parameters, *OURS]
        for name, parameter in b.parameters.items():
            if name != "activation":  # torch says its function, we say its name
                assert a[name].default == parameter.default
                assert a[name].kind == parameter.kind
        assert a["activation"].default == "relu"
        assert all(a[n].kind == inspect.Parameter.KEYWORD_ONLY for n in OURS)
        a = inspect.signature(ours.forward).parameters
        b = inspect.signature(twin.forward).parameters
        assert list(a)[:-1] == list(b)
        assert all(a[name].default == b[name].default for name in b)
        module, oracle, _ = self.case()
        told = repr(oracle).replace("NonDynamicallyQuantizable", "")
        assert repr(module) == told


ENCODER = (TransformerEncoderLayer, theirs.TransformerEncoderLayer)
DECODER = (TransformerDecoderLayer, theirs.TransformerDecoderLayer)
ATTENTION, INNER = 4 * (8 * 8 + 8), 2 * 8 * 12 + 12 + 8


class TestEncoderLayer(Layers):
    kind = ENCODER
    inputs = staticmethod(lambda batch: (places(batch),))
    parameters = ATTENTION + INNER + 2 * 2 * 8


class TestPreNormEncoderLayer(Layers):
    kind = ENCODER
    given = {"norm_first": True, "activation": "gelu"}
    inputs = staticmethod(lambda batch: (places(batch),))
    parameters = ATTENTION + INNER + 2 * 2 * 8


class TestDecoderLayer(Layers):
    kind = DECODER
    inputs = staticmethod(lambda batch: (places(batch), places(batch, 7)))
    parameters = 2 * ATTENTION + INNER + 3 * 2 * 8


class TestPreNormDecoderLayer(Layers):
    kind = DECODER
    given = {"norm_first": True, "bias": False}
    inputs = staticmethod(lambda batch: (places(batch), places(batch, 7)))
    parameters = 2 * 4 * 8 * 8 + 2 * 8 * 12 + 3 * 8


class TestEncoder(ModuleContract):
    omitted = ("enable_nested_tensor", "mask_check")
    inputs = staticmethod(lambda batch: (places(batch),))
    parameters = 2 * (ATTENTION + INNER + 2 * 2 * 8)
    signature = False

    @staticmethod
    def module():
        layer = TransformerEncoderLayer(8, 2, 12, 0.0, batch_first=True)
        return TransformerEncoder(layer, 2)

    @staticmethod
    def twin():
        layer = theirs.TransformerEncoderLayer(8, 2, 12, 0.0, batch_first=True)
        return theirs.TransformerEncoder(layer, 2)

    def test_its_arguments_are_those_of_the_twin(self):
        twin = theirs.TransformerEncoder
        same_arguments(TransformerEncoder.__init__, twin.__init__, self.omitted)


class TestDecoder(ModuleContract):
    inputs = staticmethod(lambda batch: (places(batch), places(batch, 7)))
    parameters = 2 * (2 * ATTENTION + INNER + 3 * 2 * 8) + 2 * 8
    signature = False

    @staticmethod
    def module():
        layer = TransformerDecoderLayer(
            *(8, 2, 12, 0.0), batch_first=True, norm_first=True
        )
        return TransformerDecoder(layer, 2, pfs.nn.LayerNorm(8))

    @staticmethod
    def twin():
        layer = theirs.TransformerDecoderLayer(
            *(8, 2, 12, 0.0), batch_first=True, norm_first=True
        )
        return theirs.TransformerDecoder(layer, 2, theirs.LayerNorm(8))

    def test_its_arguments_are_those_of_the_twin(self):
        twin = theirs.TransformerDecoder
        same_arguments(TransformerDecoder.__init__, twin.__init__, ())


def drawn(ours):
    """Set every parameter to something that is neither 0 nor 1."""
    torch.manual_seed(0)
    with torch.no_grad():
        for parameter in ours.parameters():
            parameter.add_(torch.randn_like(parameter), alpha=0.3)
    return ours


def pair(kind, **options):
    """A layer and its twin in training mode: torch's fast path is off."""
    options = {"dropout": 0.0, "dtype": D, **options}
    ours, twin = (one(8, 2, 12, **options) for one in kind)
    twin.load_state_dict(drawn(ours).state_dict(), strict=True)
    return ours, twin


def agree(ours, twin, tensors, **how):
    call = lambda m: lambda *x: m(*x, **how)
    assert_close(ours(*tensors, **how), twin(*tensors, **how), **EXACT)
    assert_close(
        gradients(call(ours), tensors, *ours.parameters()),
        gradients(call(twin), tensors, *twin.parameters()),
        **EXACT,
    )


def tables(queries, keys, heads=2, batch=3):
    """Every form that a mask of attention has; each row sees its first key."""
    hidden = torch.rand(queries, keys) > 0.5
    each = torch.rand(batch * heads, queries, keys) > 0.5
    for mask in (hidden, each):
        mask[..., 0] = False
    forms = [None]
    for mask in (hidden, each):
        numbers = torch.randn(mask.shape, dtype=D)
        forms += [mask, numbers, numbers.masked_fill(mask, -math.inf)]
    return forms


@pytest.mark.parametrize("batch_first", [False, True])
@pytest.mark.parametrize("form", FORMS, ids=str)
def test_encoder_layers_and_every_mask_equal_torch(form, batch_first):
    ours, twin = pair(ENCODER, batch_first=batch_first, **form)
    x = torch.randn(*((3, 5) if batch_first else (5, 3)), 8, dtype=D)
    hidden = torch.arange(5) >= torch.tensor([5, 3, 1])[:, None]
    for table in tables(5, 5):
        for padding in (None, hidden):
            if table is not None and table.is_floating_point():
                padding = padding if padding is None else adding(padding)
            agree(
                *(ours, twin, (x,)),
                src_mask=table,
                src_key_padding_mask=padding,
            )


def adding(mask):
    """The same mask as numbers: torch wants one kind for both."""
    return torch.zeros(mask.shape, dtype=D).masked_fill(mask, -math.inf)


@pytest.mark.parametrize("batch_first", [False, True])
@pytest.mark.parametrize("form", FORMS, ids=str)
def test_decoder_layers_and_every_mask_equal_torch(form, batch_first):
    torch.manual_seed(1)
    ours, twin = pair(DECODER, batch_first=batch_first, **form)
    first = lambda t: (3, t) if batch_first else (t, 3)
    x = torch.randn(*first(5), 8, dtype=D)
    memory = torch.randn(*first(7), 8, dtype=D)
    own = torch.arange(5) >= torch.tensor([5, 3, 1])[:, None]
    other = torch.arange(7) >= torch.tensor([2, 7, 4])[:, None]
    past = torch.ones(5, 5, dtype=torch.bool).triu(1)
    cases = [
        *zip(tables(5, 5), tables(5, 7), strict=True),
        (past, None),
        (past, torch.zeros(5, 7, dtype=torch.bool)),
    ]
    for table, cross in cases:
        numbers = table is not None and table.is_floating_point()
        form = adding if numbers else lambda mask: mask
        agree(
            *(ours, twin, (x, memory)),
            tgt_mask=table,
            memory_mask=cross,
            tgt_key_padding_mask=form(own),
            memory_key_padding_mask=(
                adding(other)
                if cross is not None and cross.is_floating_point()
                else other
            ),
        )


def test_causal_equals_torch_with_its_mask():
    """In torch `is_causal` is a hint about a mask that has to be there."""
    past = torch.ones(5, 5, dtype=torch.bool).triu(1)
    x = torch.randn(5, 3, 8, dtype=D)
    ours, twin = pair(ENCODER)
    for mask in (None, past):
        assert_close(ours(x, mask, is_causal=True), twin(x, past), **EXACT)
    ours, twin = pair(DECODER)
    memory = torch.randn(5, 3, 8, dtype=D)
    assert_close(
        ours(x, memory, tgt_is_causal=True, memory_is_causal=True),
        twin(x, memory, tgt_mask=past, memory_mask=past),
        **EXACT,
    )


@pytest.mark.parametrize("kind", [ENCODER, DECODER])
def test_one_sequence_without_a_batch_equals_torch(kind):
    ours, twin = pair(kind, batch_first=True)
    tensors = tuple(
        torch.randn(t, 8, dtype=D) for t in ((5,), (5, 7))[kind is DECODER]
    )
    agree(ours, twin, tensors)


@pytest.mark.parametrize("form", [gelu, GELU(), torch.tanh])
def test_the_activation_may_be_any_function(form):
    twins = {gelu: "gelu"}
    ours = TransformerEncoderLayer(8, 2, 12, 0.0, form, dtype=D)
    twin = theirs.TransformerEncoderLayer(
        *(8, 2, 12, 0.0, twins.get(form, form)), dtype=D
    )
    twin.load_state_dict(ours.state_dict())
    agree(ours, twin, (torch.randn(5, 3, 8, dtype=D),))


@pytest.mark.parametrize("norm_first", [False, True])
def test_stacks_equal_torch(norm_first):
    """With its masks, in both orders, with a norm at the end."""
    options = {"dropout": 0.0, "norm_first": norm_first, "batch_first": True}
    x, y = torch.randn(3, 5, 8, dtype=D), torch.randn(3, 7, 8, dtype=D)
    table = torch.ones(5, 5, dtype=torch.bool).triu(1)
    hidden = torch.arange(5) >= torch.tensor([5, 3, 1])[:, None]
    layer = TransformerEncoderLayer(8, 2, 12, **options)
    ours = drawn(TransformerEncoder(layer, 2, pfs.nn.LayerNorm(8))).double()
    layer = theirs.TransformerEncoderLayer(8, 2, 12, **options)
    twin = theirs.TransformerEncoder(
        *(layer, 2, theirs.LayerNorm(8)), enable_nested_tensor=False
    ).double()
    twin.load_state_dict(ours.state_dict(), strict=True)
    agree(ours, twin, (x,), mask=table, src_key_padding_mask=hidden)
    assert_close(
        ours(x, is_causal=True), twin(x, table, is_causal=True), **EXACT
    )
    layer = TransformerDecoderLayer(8, 2, 12, **options)
    ours = drawn(TransformerDecoder(layer, 2)).double()
    layer = theirs.TransformerDecoderLayer(8, 2, 12, **options)
    twin = theirs.TransformerDecoder(layer, 2).double()
    twin.load_state_dict(ours.state_dict(), strict=True)
    agree(
        *(ours, twin, (y, x)),
        tgt_mask=torch.ones(7, 7, dtype=torch.bool).triu(1),
        tgt_key_padding_mask=torch.arange(7) >= torch.tensor([[7], [3], [5]]),
        memory_mask=torch.rand(7, 5).argsort(-1) > 3,
        memory_key_padding_mask=None,
    )


def test_the_layers_of_a_stack_are_copies():
    layer = TransformerEncoderLayer(8, 2, 12)
    stack = TransformerEncoder(layer, 2)
    assert len({id(p) for p in stack.parameters()}) == 2 * 12
    assert_close(*(s.state_dict() for s in stack.layers), rtol=0, atol=0)


def dropped(layer):
    """What drops how much: sublayers, weights of attention, inside."""
    around = {m.p for n, m in layer.named_modules() if "dropout" in n[:-1]}
    weights = {m.dropout for m in layer.modules() if hasattr(m, "head_dim")}
    return around, weights, layer.dropout.p


@pytest.mark.parametrize("kind", [ENCODER[0], DECODER[0]])
def test_three_kinds_of_dropout_can_be_told_apart(kind):
    assert dropped(kind(8, 2, 12, 0.3)) == ({0.3}, {0.3}, 0.3)
    given = {"attention_dropout": 0.1, "inner_dropout": 0.2}
    assert dropped(kind(8, 2, 12, 0.3, **given)) == ({0.3}, {0.1}, 0.2)
    given = {"attention_dropout": 0.0, "inner_dropout": 0.0}
    assert dropped(kind(8, 2, 12, 0.3, **given)) == ({0.3}, {0.0}, 0.0)


@pytest.mark.parametrize("norm_first", [False, True])
def test_all_of_a_sublayer_is_dropped_and_the_path_around_it_is_not(norm_first):
    layer = TransformerDecoderLayer(8, 2, 12, 1.0, norm_first=norm_first)
    x, memory = torch.randn(5, 3, 8), torch.randn(7, 3, 8)
    y = layer(x, memory)
    wanted = x
    if not norm_first:
        for norm in (layer.norm1, layer.norm2, layer.norm3):
            wanted = norm(wanted)
    assert_close(y, wanted, rtol=0, atol=0)
    layer.eval()
    assert not torch.equal(layer(x, memory), wanted)


def test_inner_dropout_leaves_the_shift_only():
    layer = TransformerEncoderLayer(
        *(8, 2, 12, 0.0), norm_first=True, inner_dropout=1.0
    )
    drawn(layer)
    x = torch.randn(5, 3, 8)
    seen = x + layer.self_attn(*(layer.norm1(x),) * 3)[0]
    assert_close(layer(x), seen + layer.linear2.bias)


@pytest.mark.parametrize("backend", ["ours", "fused"])
@pytest.mark.parametrize("norm_first", [False, True])
def test_who_sees_nothing_gets_nothing_and_a_finite_gradient(
    norm_first, backend
):
    """A source of nothing but padding; torch gives NaN."""
    ours, _ = pair(DECODER, batch_first=True, norm_first=norm_first)
    x = torch.randn(2, 5, 8, dtype=D)
    memory = torch.randn(2, 7, 8, dtype=D)
    hidden = torch.zeros(2, 7, dtype=torch.bool)
    hidden[1] = True
    call = lambda x, m: ours(
        x, m, memory_key_padding_mask=hidden, tgt_is_causal=True
    )
    with pfs.backend(backend):
        y = call(x, memory)
        slopes = gradients(call, (x, memory), *ours.parameters())
        other = call(x, memory + 1)
    assert y.isfinite().all()
    assert all(s.isfinite().all() for s in slopes)
    assert (slopes[1][1] == 0).all()
    assert torch.equal(y[1], other[1])
    assert not torch.equal(y[0], other[0])


@pytest.mark.parametrize("chunks", [[1] * 6, [4, 2]])
def test_a_layer_goes_on_with_a_cache(chunks):
    """What GPT does: an encoder layer that does not see the future."""
    ours, _ = pair(ENCODER, batch_first=True)
    x, cache = torch.randn(3, 6, 8, dtype=D), KeyValueCache()
    parts = [
        ours(part, is_causal=True, cache=cache) for part in x.split(chunks, 1)
    ]
    assert_close(torch.cat(parts, 1), ours(x, is_causal=True), **EXACT)
    stack = TransformerEncoder(ours, 2)
    caches = [KeyValueCache(), KeyValueCache()]
    parts = [
        stack(part, is_causal=True, caches=caches)
        for part in x.split(chunks, 1)
    ]
    assert_close(torch.cat(parts, 1), stack(x, is_causal=True), **EXACT)


# Positions


def test_positions_equal_marian():
    """Its table has all sines before all cosines."""
    from transformers.models.marian import modeling_marian

    table = modeling_marian.MarianSinusoidalPositionalEmbedding(50, 16)
    want = table.create_weight()
    got = PositionalEncoding(16)(torch.zeros(50, 16))
    assert_close(torch.cat([got[:, ::2], got[:, 1::2]], 1), want)


def test_positions_are_the_equation():
    got = PositionalEncoding(6)(torch.zeros(3, 9, 6, dtype=D), 4)
    for pos, i in itertools.product(range(9), range(3)):
        angle = (pos + 4) / 10_000 ** (2 * i / 6)
        assert_close(got[1, pos, 2 * i].item(), math.sin(angle))
        assert_close(got[2, pos, 2 * i + 1].item(), math.cos(angle))


def test_a_shift_is_the_same_rotation_everywhere():
    """The paper's hope: PE(pos + k) is a linear function of PE(pos)."""
    table = PositionalEncoding(16)(torch.zeros(200, 16, dtype=D))
    for k in (1, 7, 50):
        angle = k / 10_000 ** (torch.arange(0, 16, 2, dtype=D) / 16)
        s, c = table[:-k, ::2], table[:-k, 1::2]
        turned = torch.stack(
            [
                s * angle.cos() + c * angle.sin(),
                c * angle.cos() - s * angle.sin(),
            ],
            -1,
        )
        assert_close(table[k:], turned.flatten(-2), **EXACT)


def test_positions_of_far_places_are_exact():
    """In float32 the angle itself would be off by up to a hundredth."""
    far = PositionalEncoding(4)(torch.zeros(1, 4), 200_001)
    angle = torch.tensor(200_001.0, dtype=D)
    assert_close(far[0, 0].item(), angle.sin().item(), rtol=0, atol=1e-7)
    half = PositionalEncoding(4)(torch.zeros(3, 4, dtype=torch.bfloat16), 300)
    assert half.dtype == torch.bfloat16
    assert_close(half[1, 0].item(), math.sin(301), rtol=0, atol=4e-3)


# The whole model


def small(**changes):
    torch.manual_seed(0)
    config = dataclasses.replace(TINY, **changes)
    return drawn(Transformer(config, dtype=D)).eval()


SOURCE = torch.tensor(
    [[3, 4, 5, 6, 7, 2], [8, 9, 2, 0, 0, 0], [5, 2] + [0] * 4]
)
LENGTHS = torch.tensor([6, 3, 2])
TARGET = torch.tensor([[1, 6, 4, 9], [1, 3, 10, 5], [1, 7, 7, 8]])


def marian(ours):
    """A Marian of the same weights; its table of positions is ours."""
    from transformers import MarianConfig, MarianMTModel

    config = MarianConfig(
        vocab_size=11,
        d_model=8,
        encoder_layers=2,
        decoder_layers=2,
        encoder_attention_heads=2,
        decoder_attention_heads=2,
        encoder_ffn_dim=12,
        decoder_ffn_dim=12,
        dropout=0.0,
        activation_function="relu",
        scale_embedding=True,
        pad_token_id=0,
        eos_token_id=2,
        decoder_start_token_id=1,
        max_position_embeddings=32,
        attn_implementation="eager",
    )
    model = MarianMTModel(config).double().eval()
    table = PositionalEncoding(8)(torch.zeros(32, 8, dtype=D))
    with torch.no_grad():
        model.model.shared.weight.copy_(ours.embedding.weight)
        for side in ("encoder", "decoder"):
            theirs, own = getattr(model.model, side), getattr(ours, side)
            theirs.embed_positions.weight.copy_(table)
            for a, b in zip(theirs.layers, own.layers, strict=True):
                copy_layer(a, b, side)
    return model


def copy_layer(theirs, ours, side):
    copy_attention(theirs.self_attn, ours.self_attn)
    norms = [theirs.self_attn_layer_norm, theirs.final_layer_norm]
    if side == "decoder":
        copy_attention(theirs.encoder_attn, ours.multihead_attn)
        norms.insert(1, theirs.encoder_attn_layer_norm)
    theirs.fc1.load_state_dict(ours.linear1.state_dict())
    theirs.fc2.load_state_dict(ours.linear2.state_dict())
    for i, norm in enumerate(norms, 1):
        norm.load_state_dict(getattr(ours, f"norm{i}").state_dict())


def copy_attention(theirs, ours):
    maps = (theirs.q_proj, theirs.k_proj, theirs.v_proj)
    weights, biases = ours.in_proj_weight.chunk(3), ours.in_proj_bias.chunk(3)
    for linear, weight, bias in zip(maps, weights, biases, strict=True):
        linear.weight.copy_(weight)
        linear.bias.copy_(bias)
    theirs.out_proj.load_state_dict(ours.out_proj.state_dict())


def test_the_model_equals_marian():
    """Embedding, its factor, positions, tying, both stacks, both masks."""
    ours = small(attention_bias=True, dropout=0.0)
    theirs = marian(ours)
    mask = (torch.arange(6) < LENGTHS[:, None]).long()
    want = theirs(SOURCE, attention_mask=mask, decoder_input_ids=TARGET).logits
    got = ours(SOURCE, TARGET, LENGTHS)
    assert_close(got, want, **EXACT)
    mix = torch.randn(got.shape, dtype=D)
    (got * mix).sum().backward()
    (want * mix).sum().backward()
    assert_close(
        ours.embedding.weight.grad, theirs.model.shared.weight.grad, **EXACT
    )
    layer, other = ours.decoder.layers[0], theirs.model.decoder.layers[0]
    for a, b in (
        (layer.linear1.weight, other.fc1.weight),
        (layer.norm2.weight, other.encoder_attn_layer_norm.weight),
        (
            layer.multihead_attn.out_proj.weight,
            other.encoder_attn.out_proj.weight,
        ),
    ):
        assert_close(a.grad, b.grad, **EXACT)


@pytest.mark.parametrize("backend", ["ours", "fused"])
@pytest.mark.parametrize(
    "changes",
    [{}, {"norm_first": True}, {"attention_bias": True}, {"source_vocab": 10}],
    ids=str,
)
def test_step_by_step_equals_all_at_once(changes, backend):
    model = small(**changes)
    with pfs.backend(backend):
        whole = model(SOURCE, TARGET, LENGTHS)
        state = model.start(SOURCE, LENGTHS)
        for t in range(TARGET.shape[1]):
            logits, state = model.step(TARGET[:, t], state)
            assert_close(logits, whole[:, t], **EXACT)


def test_a_state_is_not_changed_and_can_be_reordered():
    """What beam search does: rows of the state are taken anew."""
    from pfs.translation.translator import Translator, reorder

    model = small()
    assert isinstance(model, Translator)
    state = model.start(SOURCE, LENGTHS)
    first, after = model.step(TARGET[:, 0], state)
    again, _ = model.step(TARGET[:, 0], state)
    assert torch.equal(first, again)
    rows = torch.tensor([2, 0, 0])
    second, _ = model.step(TARGET[rows, 1], reorder(after, rows))
    assert_close(second, model(SOURCE, TARGET, LENGTHS)[rows, 1], **EXACT)


@pytest.mark.parametrize("k", range(4))
def test_the_past_does_not_see_the_future(k):
    """Bit for bit; what is there from `k` on does see the change."""
    model = small()
    changed = TARGET.clone()
    changed[:, k] = 2
    a, b = (model(SOURCE, t, LENGTHS) for t in (TARGET, changed))
    assert torch.equal(a[:, :k], b[:, :k])
    assert (a[:, k:] != b[:, k:]).flatten(2).any(-1).all()


def test_padding_changes_nothing():
    """Its tokens, and how much there is of it."""
    model = small()
    wanted = model(SOURCE, TARGET, LENGTHS)
    hidden = torch.arange(6) >= LENGTHS[:, None]
    other = SOURCE.masked_fill(hidden, 9)
    assert torch.equal(model(other, TARGET, LENGTHS), wanted)
    longer = torch.cat([SOURCE, SOURCE], 1)
    assert_close(model(longer, TARGET, LENGTHS), wanted, **EXACT)
    for row, n in enumerate(LENGTHS.tolist()):
        alone = model(SOURCE[row, None, :n], TARGET[row, None])
        assert_close(alone[0], wanted[row], **EXACT)
    assert not torch.equal(model(SOURCE, TARGET), wanted)


def test_a_source_of_padding_alone_is_finite():
    model = small()
    logits = model(SOURCE, TARGET, torch.tensor([6, 0, 2]))
    slopes = torch.autograd.grad(logits.sum(), [*model.parameters()])
    assert logits.isfinite().all()
    assert all(s.isfinite().all() for s in slopes)


def test_without_positions_the_order_of_the_source_is_invisible():
    model = small()
    order = torch.randperm(6)
    source = torch.tensor([[3, 4, 5, 6, 7, 2]])
    e = model.embedding(source)
    a, b = model.encoder(e), model.encoder(e[:, order])
    assert_close(a[:, order], b, **EXACT)
    a, b = model(source, TARGET[:1]), model(source[:, order], TARGET[:1])
    assert not torch.allclose(a, b)
    model.positions = theirs.Identity()
    model.positions.forward = lambda x, start=0: x
    a, b = model(source, TARGET[:1]), model(source[:, order], TARGET[:1])
    assert_close(a, b, **EXACT)


def test_one_matrix_reads_and_writes():
    model = small()
    names = [name for name, _ in model.named_parameters()]
    assert [n for n in names if "embed" in n] == ["embedding.weight"]
    before = model(SOURCE, TARGET)
    with torch.no_grad():
        model.embedding.weight[10] += 1.0  # a token of the target only
    changed = model(SOURCE, TARGET) - before
    rest = torch.arange(11) != 10
    assert (changed[0][:, rest] == 0).all()  # nothing reads it in this row
    assert (changed[0][:, 10] != 0).all()  # as a row of the softmax it counts
    assert (changed[1][2:, rest] != 0).any()  # and as an embedding
    two = small(source_vocab=10)
    names = [n for n, _ in two.named_parameters() if "embed" in n]
    assert names == ["embedding.weight", "source_embedding.weight"]
    before = two(SOURCE, TARGET)
    assert before.shape == (3, 4, 11)
    with torch.no_grad():
        two.source_embedding.weight[5] += 1.0
    assert (two(SOURCE, TARGET) - before).flatten(1).any(1).tolist() == [
        *(True, False, True)
    ]


def test_embeddings_are_enlarged_and_positions_are_not():
    model = small()
    e = model._embed(SOURCE, model.embedding, 2)
    pe = PositionalEncoding(8)(torch.zeros(6, 8, dtype=D), 2)
    assert_close(e, model.embedding.weight[SOURCE] * math.sqrt(8) + pe, **EXACT)


def test_dropout_acts_where_the_paper_says():
    """On embedding plus position, and on what every sublayer says."""
    torch.manual_seed(0)
    model = Transformer(dataclasses.replace(TINY, dropout=1.0))
    ids = torch.randint(11, (3, 4))
    assert (model._embed(ids, model.embedding) == 0).all()
    model = Transformer(TINY)
    ps = {n: m.p for n, m in model.named_modules() if hasattr(m, "p")}
    inner = {n for n in ps if n.endswith(".dropout")}
    assert {ps[n] for n in inner} == {0.0}
    assert {ps[n] for n in set(ps) - inner} == {0.1}
    attentions = [m for m in model.modules() if hasattr(m, "head_dim")]
    assert {m.dropout for m in attentions} == {0.0}
    model = Transformer(
        dataclasses.replace(TINY, attention_dropout=0.2, inner_dropout=0.3)
    )
    attentions = [m for m in model.modules() if hasattr(m, "head_dim")]
    assert {m.dropout for m in attentions} == {0.2}
    assert {m.dropout.p for m in model.encoder.layers} == {0.3}


def test_a_norm_ends_the_stacks_in_pre_norm_only():
    assert small().encoder.norm is None
    assert small().decoder.norm is None
    model = small(norm_first=True)
    assert all(s.norm is not None for s in (model.encoder, model.decoder))


def test_weights_start_at_unit_size():
    torch.manual_seed(0)
    model = Transformer(
        TransformerConfig(
            vocab=1000, d_model=256, num_heads=4, num_layers=2, d_ff=512
        )
    )
    x = model.embedding.weight * math.sqrt(256)
    assert x.std().item() == pytest.approx(1, abs=0.01)
    ids = torch.randint(1000, (4, 8))
    logits = model.eval()(ids, ids)
    assert logits.std().item() == pytest.approx(1, abs=0.1)
    a, b = (s.linear1.weight for s in model.encoder.layers)
    assert not torch.equal(a, b)
    assert a.abs().max().item() == pytest.approx(math.sqrt(6 / 768), rel=1e-2)


BIG_SIZES = {"d_model": 1024, "num_heads": 16, "d_ff": 4096}


def count(config):
    model = Transformer(config, device="meta")
    return sum(p.numel() for p in model.parameters())


@pytest.mark.parametrize(
    ("config", "entry"),
    [
        (TRANSFORMER_BASE, "transformer-base-parameters-no-shift"),
        (TRANSFORMER_BIG, "transformer-big-parameters-no-shift"),
        ({}, "transformer-base-parameters"),
        (BIG_SIZES, "transformer-big-parameters"),
    ],
)
def test_parameter_counts_are_those_of_the_ledger(config, entry):
    if isinstance(config, dict):
        config = TransformerConfig(attention_bias=True, **config)
    assert count(config) == ledger.value(entry)


def test_presets_are_the_rows_of_the_table():
    base = TRANSFORMER_BASE
    assert base == TransformerConfig()
    assert (base.num_layers, base.d_model, base.d_ff) == (6, 512, 2048)
    assert (base.num_heads, base.dropout, base.vocab) == (8, 0.1, 37_000)
    assert not base.norm_first
    assert not base.attention_bias
    big = dataclasses.replace(
        base, d_model=1024, d_ff=4096, num_heads=16, dropout=0.3
    )
    assert big == TRANSFORMER_BIG


def test_only_shapes_on_the_meta_device():
    model = Transformer(TINY, device="meta")
    out = model(SOURCE.to("meta"), TARGET.to("meta"), LENGTHS.to("meta"))
    assert out.shape == (3, 4, 11)
    assert out.is_meta


@pytest.mark.parametrize("seed", range(8))
def test_any_sizes_and_lengths_step_by_step(seed):
    chance = random.Random(seed)
    heads, layers = chance.choice([1, 2, 3]), chance.choice([1, 2])
    torch.manual_seed(seed)
    config = TransformerConfig(
        vocab=chance.randint(3, 9),
        d_model=2 * heads * chance.randint(1, 3),
        num_heads=heads,
        num_layers=layers,
        d_ff=chance.randint(1, 9),
        norm_first=chance.random() < 0.5,
    )
    model = drawn(Transformer(config, dtype=D)).eval()
    batch, s, t = (chance.randint(1, 5) for _ in range(3))
    source = torch.randint(config.vocab, (batch, s))
    target = torch.randint(config.vocab, (batch, t))
    lengths = torch.randint(1, s + 1, (batch,))
    whole, state = model(source, target, lengths), model.start(source, lengths)
    for i in range(t):
        logits, state = model.step(target[:, i], state)
        assert_close(logits, whole[:, i], **EXACT)
