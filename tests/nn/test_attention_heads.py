"""Several heads against torch's class: options, masks, steps with a cache."""

import inspect
import itertools
import math

import hypothesis.strategies as st
import pytest
import torch
from contract import EXACT, ModuleContract, gradients, same_arguments
from hypothesis import given, settings
from torch import nn as theirs
from torch.testing import assert_close

import pfs
from pfs import nn
from pfs.nn.cache import KeyValueCache

D = torch.float64


def three(batch, width=8, kdim=8, vdim=8):
    """Query, key and value, the batch first."""
    return (
        torch.randn(batch, 5, width),
        torch.randn(batch, 7, kdim),
        torch.randn(batch, 7, vdim),
    )


class Heads(ModuleContract):
    options = {}
    inputs = staticmethod(three)
    parameters = 4 * 8 * 8 + 4 * 8

    def __init_subclass__(cls):
        options = {"batch_first": True, **cls.options}
        cls.module = staticmethod(
            lambda: nn.MultiheadAttention(8, 2, **options)
        )
        cls.twin = staticmethod(
            lambda: theirs.MultiheadAttention(8, 2, **options)
        )

    def test_arguments_are_those_of_the_twin(self):
        ours, theirs, _ = self.case()
        same_arguments(type(ours).__init__, type(theirs).__init__, ())
        # torch's inner map has a class of its own, for quantization.
        told = repr(theirs).replace("NonDynamicallyQuantizable", "")
        assert repr(ours) == told


class TestMultiheadAttention(Heads):
    def test_arguments_of_forward_are_those_of_the_twin(self):
        ours, theirs, _ = self.case()
        a, b = (inspect.signature(m.forward).parameters for m in (ours, theirs))
        assert list(a) == [*b, "cache"]
        assert all(a[name].default == b[name].default for name in b)
        assert a["cache"].kind == inspect.Parameter.KEYWORD_ONLY


class TestWithoutShifts(Heads):
    options = {"bias": False}
    parameters = 4 * 8 * 8


class TestOtherWidths(Heads):
    options = {"kdim": 6, "vdim": 10}
    inputs = staticmethod(lambda batch: three(batch, 8, 6, 10))
    parameters = 8 * (8 + 6 + 10 + 8) + 4 * 8


class TestMoreKeys(Heads):
    options = {"add_bias_kv": True, "add_zero_attn": True}
    parameters = TestMultiheadAttention.parameters + 2 * 8


class TestPadding(Heads):
    """The first key is seen by everybody, so torch has no NaN."""

    inputs = staticmethod(
        lambda batch: (
            *three(batch),
            (torch.arange(7) % 3 > 0)[None].repeat(batch, 1),
        )
    )


def pair(**options):
    torch.manual_seed(0)
    ours = nn.MultiheadAttention(8, 2, dtype=D, **options)
    with torch.no_grad():
        for parameter in ours.parameters():
            parameter.add_(torch.randn_like(parameter), alpha=0.3)
    twin = theirs.MultiheadAttention(8, 2, dtype=D, **options)
    twin.load_state_dict(ours.state_dict(), strict=True)
    return ours, twin


def past(queries, keys):
    return torch.ones(queries, keys, dtype=torch.bool).triu(1)


def agree(ours, twin, tensors, **how):
    call = lambda m: lambda *x: m(*x, **how)
    assert_close(ours(*tensors, **how), twin(*tensors, **how), **EXACT)
    assert_close(
        gradients(call(ours), tensors, *ours.parameters()),
        gradients(call(twin), tensors, *twin.parameters()),
        **EXACT,
    )


@settings(max_examples=60)
@given(st.data())
def test_options_equal_torch(data):
    """Every option and every mask, together."""
    pick = lambda *values: data.draw(st.sampled_from(values))
    options = {
        "bias": pick(True, False),
        "add_bias_kv": pick(False, True),
        "add_zero_attn": pick(False, True),
        "kdim": pick(None, 6),
        "vdim": pick(None, 3),
        "batch_first": pick(False, True),
    }
    ours, twin = pair(**options)
    batch, queries, keys = (data.draw(st.integers(1, 4)) for _ in range(3))
    alone = pick(False, True)
    batch = 1 if alone else batch
    sizes = ((queries, 8), (keys, ours.kdim), (keys, ours.vdim))
    tensors = []
    for time, width in sizes:
        axes = (batch, time) if options["batch_first"] else (time, batch)
        axes = (time,) if alone else axes
        tensors.append(torch.randn(*axes, width, dtype=D))
    numbers = pick(False, True)

    def form(mask):
        """The same as numbers, some of them neither 0 nor infinite."""
        if not numbers:
            return mask
        drawn = torch.randn(mask.shape, dtype=D)
        return drawn.masked_fill(mask, -math.inf)

    how = {"average_attn_weights": pick(True, False)}
    how["need_weights"] = pick(True, False)
    if pick(True, False):
        hidden = torch.rand(batch, keys) > 0.6
        hidden[:, 0] = False
        how["key_padding_mask"] = form(hidden[0] if alone else hidden)
    if table := pick(None, "one", "each"):
        axes = (queries, keys)
        axes = (batch * 2, *axes) if table == "each" else axes
        hidden = torch.rand(axes) > 0.6
        hidden[..., 0] = False
        how["attn_mask"] = form(hidden)
    agree(ours, twin, tuple(tensors), **how)


@pytest.mark.parametrize("need_weights", [False, True])
@pytest.mark.parametrize("mask", [False, True])
@pytest.mark.parametrize("more", [False, True])
def test_causal_equals_torch_with_its_mask(need_weights, mask, more):
    """With or without the mask, which torch wants and we do not."""
    ours, twin = pair(batch_first=True, add_bias_kv=more, add_zero_attn=more)
    x = torch.randn(3, 5, 8, dtype=D)
    hidden = past(5, 5)
    padding = torch.arange(5)[None] >= torch.tensor([5, 3, 1])[:, None]
    how = {"need_weights": need_weights, "key_padding_mask": padding}
    given = {"attn_mask": hidden} if mask else {}
    a = ours(x, x, x, is_causal=True, **given, **how)
    assert_close(a, twin(x, x, x, attn_mask=hidden, **how), **EXACT)


def test_one_input_or_three_equal_ones():
    """The map of self-attention is one product; of three inputs, three."""
    ours, twin = pair()
    x = torch.randn(5, 3, 8, dtype=D)
    agree(ours, twin, (x, x.clone(), x.clone()))
    one = lambda m: lambda x: m(x, x, x)
    assert_close(ours(x, x, x), ours(x, x.clone(), x.clone()), **EXACT)
    assert_close(
        gradients(one(ours), (x,), *ours.parameters()),
        gradients(one(twin), (x,), *twin.parameters()),
        **EXACT,
    )


@pytest.mark.parametrize("backend", ["ours", "fused"])
@pytest.mark.parametrize("need_weights", [False, True])
@pytest.mark.parametrize("by", ["padding", "table"])
def test_a_query_that_sees_nothing_gets_the_shift(backend, need_weights, by):
    """0 from every head, so the output is the map's shift; torch has NaN."""
    ours, _ = pair(batch_first=True)
    hidden = torch.zeros(3, 7, dtype=torch.bool)
    hidden[1] = True
    how = {"key_padding_mask": hidden}
    if by == "table":
        table = hidden[:, None].expand(3, 5, 7).repeat_interleave(2, 0)
        how = {"attn_mask": table}
    call = lambda *x: ours(*x, need_weights=need_weights, **how)
    tensors = tuple(x.double() for x in three(3))
    with pfs.backend(backend):
        y, p = call(*tensors)
        slopes = gradients(call, tensors, *ours.parameters())
    assert_close(y[1], ours.out_proj.bias.expand(5, 8), **EXACT)
    assert y.isfinite().all()
    assert all(s.isfinite().all() for s in slopes)
    assert (slopes[1][1] == 0).all()
    if need_weights:
        assert (p[1] == 0).all()
        assert_close(p[0].sum(-1), torch.ones(5, dtype=D))


@pytest.mark.parametrize("backend", ["ours", "fused"])
@pytest.mark.parametrize("need_weights", [False, True])
@pytest.mark.parametrize("more", [False, True])
@pytest.mark.parametrize("batch_first", [False, True])
@pytest.mark.parametrize("chunks", [[1] * 6, [4, 1, 1], [3, 3], [1, 5]])
def test_steps_with_a_cache_equal_the_whole(
    backend, need_weights, more, batch_first, chunks
):
    """One at a time, after a prompt, or in pieces of any length."""
    ours, _ = pair(
        batch_first=batch_first, add_bias_kv=more, add_zero_attn=more
    )
    x = torch.randn(3, 6, 8, dtype=D)
    axis = 1 if batch_first else 0
    x = x if batch_first else x.transpose(0, 1)
    how = {"is_causal": True, "need_weights": need_weights}
    with pfs.backend(backend):
        whole, p = ours(x, x, x, **how)
        cache, parts = KeyValueCache(), []
        for piece in x.split(chunks, axis):
            y, step = ours(piece, piece, piece, cache=cache, **how)
            parts.append(y)
    assert len(cache) == 6
    assert_close(torch.cat(parts, axis), whole, **EXACT)
    if need_weights:
        assert_close(step[..., -chunks[-1] :, :], p[:, -chunks[-1] :], **EXACT)


def test_a_cache_keeps_padding_out_and_passes_gradients():
    ours, _ = pair(batch_first=True)
    x = torch.randn(2, 5, 8, dtype=D)
    padding = torch.tensor([[False] * 5, [True, True, False, False, False]])

    def steps(x):
        cache, parts = KeyValueCache(), []
        for t in range(5):
            now = x[:, t : t + 1]
            seen = padding[:, : t + 1]
            y, _ = ours(now, now, now, seen, cache=cache, is_causal=True)
            parts.append(y)
        return torch.cat(parts, 1)

    whole = lambda x: ours(x, x, x, padding, is_causal=True)[0]
    assert_close(steps(x), whole(x), **EXACT)
    assert_close(
        gradients(steps, (x,), *ours.parameters()),
        gradients(whole, (x,), *ours.parameters()),
        **EXACT,
    )


def test_a_wrong_mask_leaves_the_cache_as_it_was():
    ours, _ = pair()
    x, cache = torch.randn(5, 3, 8, dtype=D), KeyValueCache()
    with pytest.raises(ValueError, match="S14"):
        ours(x, x, x, attn_mask=past(4, 4), cache=cache)
    assert len(cache) == 0


def test_the_future_is_not_seen():
    ours, _ = pair(batch_first=True, add_bias_kv=True)
    x = torch.randn(2, 6, 8, dtype=D)
    y, p = ours(x, x, x, is_causal=True, average_attn_weights=False)
    changed = x.clone()
    changed[:, 4:] = 100.0
    y2, _ = ours(changed, changed, changed, is_causal=True, need_weights=False)
    assert_close(y2[:, :4], y[:, :4], **EXACT)
    assert (p[..., :6].masked_select(past(6, 6)) == 0).all()
    assert (p[..., 6] > 0).all()


@pytest.mark.parametrize("need_weights", [False, True])
@pytest.mark.parametrize("backend", ["ours", "fused"])
def test_dropout_while_training_only(need_weights, backend):
    torch.manual_seed(0)
    layer = nn.MultiheadAttention(8, 2, dropout=0.5, batch_first=True)
    x = torch.randn(2, 6, 8)
    with pfs.backend(backend):
        call = lambda: layer(x, x, x, need_weights=need_weights)[0]
        assert not torch.equal(call(), call())
        mean = torch.stack([call() for _ in range(3000)]).mean(0)
        layer.eval()
        assert torch.equal(call(), call())
    assert_close(mean, call(), rtol=0.1, atol=0.05)


def test_weights_are_those_after_the_dropout():
    """As in torch: what is returned is what the values were mixed by."""
    torch.manual_seed(0)
    layer = nn.MultiheadAttention(8, 2, dropout=0.5, batch_first=True)
    x = torch.randn(2, 60, 8)
    _, p = layer(x, x, x, average_attn_weights=False)
    assert (p == 0).float().mean().item() == pytest.approx(0.5, abs=0.05)


def test_both_ways_draw_by_the_same_law():
    """With and without weights the draws differ, their share does not."""
    torch.manual_seed(0)
    layer = nn.MultiheadAttention(4, 1, dropout=0.25, bias=False)
    with torch.no_grad():
        layer.in_proj_weight.zero_()
        layer.in_proj_weight[8:] = torch.eye(4)
        layer.out_proj.weight.copy_(torch.eye(4))
    x = torch.ones(400, 20, 4)
    for need_weights in (False, True):
        y, _ = layer(x, x, x, need_weights=need_weights)
        assert y.mean().item() == pytest.approx(1.0, abs=0.01)
        spread = y.var().item()
        assert spread == pytest.approx(0.25 / 0.75 / 400, rel=0.2)


def test_heads_can_be_exchanged():
    """With their maps: the order of the heads is a matter of names."""
    ours, _ = pair(batch_first=True)
    x = torch.randn(2, 5, 8, dtype=D)
    other = nn.MultiheadAttention(8, 2, batch_first=True, dtype=D)
    swap = [4, 5, 6, 7, 0, 1, 2, 3]
    rows = [8 * part + i for part in range(3) for i in swap]
    state = dict(ours.state_dict())
    state["in_proj_weight"] = state["in_proj_weight"][rows]
    state["in_proj_bias"] = state["in_proj_bias"][rows]
    state["out_proj.weight"] = state["out_proj.weight"][:, swap]
    other.load_state_dict(state)
    a, p = ours(x, x, x, average_attn_weights=False)
    b, q = other(x, x, x, average_attn_weights=False)
    assert_close(a, b, **EXACT)
    assert_close(p, q.flip(1), **EXACT)


@pytest.mark.parametrize("dtype", [torch.float16, torch.bfloat16])
@pytest.mark.parametrize(
    ("need_weights", "backend"),
    list(itertools.product([False, True], ["ours", "fused"])),
)
def test_half_precision_with_masks(dtype, need_weights, backend):
    """A mask of -1e9 could not be written in float16."""
    ours, _ = pair(batch_first=True)
    x = torch.randn(3, 5, 8, dtype=D)
    padding = torch.arange(5)[None] >= torch.tensor([5, 3, 0])[:, None]
    wanted, _ = ours(x, x, x, padding)
    ours.to(dtype)
    x = x.to(dtype)
    with pfs.backend(backend):
        y, p = ours(x, x, x, padding, need_weights)
    assert y.dtype == dtype
    assert p is None or p.dtype == dtype
    assert_close(y.double(), wanted, rtol=5e-2, atol=5e-2)


def test_parameters_are_drawn_anew():
    for options in ({}, {"kdim": 3, "add_bias_kv": True}):
        layer = nn.MultiheadAttention(8, 2, **options)
        with torch.no_grad():
            for parameter in layer.parameters():
                parameter.fill_(9.0)
        layer.reset_parameters()
        for value in layer.state_dict().values():
            assert not (value == 9.0).any()
        for name in ("in_proj_bias", "out_proj.bias"):
            assert (layer.get_parameter(name) == 0).all()
