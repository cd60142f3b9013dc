"""Attention against torch's: masks, time, extremes, memory, draws."""

import itertools
import math

import hypothesis.strategies as st
import pytest
import torch
from contract import EXACT, gradients
from hypothesis import given, settings
from torch.nn import functional as theirs
from torch.testing import assert_close

import pfs
from pfs import nn
from pfs.errors import PfsError
from pfs.nn import online

D = torch.float64
attention = nn.scaled_dot_product_attention
judge = theirs.scaled_dot_product_attention


@pytest.fixture(autouse=True)
def _small_tiles(monkeypatch, request):
    """Many tiles for short sequences."""
    torch.manual_seed(0)
    if "as_they_are" not in request.fixturenames:
        monkeypatch.setattr(online, "ON_CPU", (3, 5, 30))


@pytest.fixture
def as_they_are():
    """The sizes of tiles that are used."""


def inputs(lead=(2, 3), queries=7, keys=11, d_k=4, d_v=6, dtype=D):
    sizes = ((queries, d_k), (keys, d_k), (keys, d_v))
    return tuple(torch.randn(*lead, *size, dtype=dtype) for size in sizes)


def mask_for(kind, lead, queries, keys):
    """No query is left without a key: torch differs there in old versions."""
    shape = {
        "table": (queries, keys),
        "all": (*lead, queries, keys),
        "keys": (*lead[:1], *(1 for _ in lead[1:]), 1, keys),
        "queries": (*lead[:1], *(1 for _ in lead[1:]), queries, 1),
    }[kind[5:]]
    if kind.startswith("bool "):
        mask = torch.rand(shape) > 0.4
        mask[..., 0] = True
        return mask
    return 2 * torch.randn(shape, dtype=D)


def merged(mask, causal, queries, keys):
    """The mask for torch, which takes one of both."""
    if mask is None or not causal:
        return mask
    past = torch.ones(queries, keys, dtype=torch.bool).tril()
    if mask.dtype == torch.bool:
        return mask & past
    return mask.masked_fill(~past, -math.inf)


def agree(ours, theirs, tensors):
    assert_close(ours(*tensors), theirs(*tensors), **EXACT)
    for a, b in zip(
        gradients(ours, tensors), gradients(theirs, tensors), strict=True
    ):
        # torch says None where we say 0: for what nothing depends on.
        assert_close(a, torch.zeros_like(a) if b is None else b, **EXACT)


MASKS = [
    f"{kind} {form}"
    for kind in ("bool", "numb")
    for form in ("table", "all", "keys", "queries")
]
LENGTHS = [(7, 11), (11, 7), (1, 9), (9, 1), (1, 1), (5, 5), (0, 3), (3, 0)]


@pytest.mark.parametrize("lengths", LENGTHS)
@pytest.mark.parametrize("lead", [(), (3,), (2, 3), (2, 1, 3), (0, 3)])
@pytest.mark.parametrize("causal", [False, True])
def test_equals_torch(lengths, lead, causal):
    """Causal with unequal lengths: query i sees keys up to i, as in torch."""
    tensors = inputs(lead, *lengths)
    agree(
        lambda q, k, v: attention(q, k, v, is_causal=causal),
        lambda q, k, v: judge(q, k, v, is_causal=causal),
        tensors,
    )


@pytest.mark.parametrize("kind", MASKS)
@pytest.mark.parametrize("lead", [(3,), (2, 3), (2, 2, 3)])
@pytest.mark.parametrize("causal", [False, True])
def test_masks_equal_torch(kind, lead, causal):
    """Numbers in a mask get their gradient, summed where it is shared."""
    mask = mask_for(kind, lead, 7, 11)
    given = inputs(lead) + ((mask,) if mask.is_floating_point() else ())
    agree(
        lambda q, k, v, m=mask: attention(q, k, v, m, is_causal=causal),
        lambda q, k, v, m=mask: judge(q, k, v, merged(m, causal, 7, 11)),
        given,
    )


@settings(max_examples=60)
@given(st.data())
def test_any_sizes_equal_torch(data):
    """Tiles of every size, over whatever length, with whatever mask."""
    draw = data.draw
    torch.manual_seed(draw(st.integers(0, 99)))
    lead = tuple(draw(st.lists(st.integers(1, 3), max_size=3)))
    queries, keys = draw(st.integers(1, 14)), draw(st.integers(1, 14))
    tensors = inputs(
        lead, queries, keys, draw(st.integers(1, 5)), draw(st.integers(1, 5))
    )
    kind = draw(st.sampled_from([None, *MASKS]))
    mask = None if kind is None else mask_for(kind, lead, queries, keys)
    causal = draw(st.booleans())
    scale = draw(st.none() | st.floats(-2, 2))
    tile = tuple(draw(st.integers(1, 9)) for _ in range(3))
    before, online.ON_CPU = online.ON_CPU, tile
    try:
        agree(
            lambda q, k, v: attention(
                q, k, v, mask, is_causal=causal, scale=scale
            ),
            lambda q, k, v: judge(
                *(q, k, v),
                merged(mask, causal, queries, keys),
                is_causal=causal and mask is None,
                scale=scale,
            ),
            tensors,
        )
    finally:
        online.ON_CPU = before


@pytest.mark.parametrize("form", [None, "bool table", "numb keys"])
@pytest.mark.parametrize("p", [0.0, 0.4])
def test_gradients_equal_finite_differences(form, p):
    mask = None if form is None else mask_for(form, (2,), 5, 7)
    tensors = inputs((2,), 5, 7)
    if form == "numb keys":
        tensors = (*tensors, mask)

    def call(q, k, v, m=mask):
        torch.manual_seed(1)
        return attention(q, k, v, m, p, is_causal=form is None)

    leaves = tuple(t.requires_grad_() for t in tensors)
    assert torch.autograd.gradcheck(call, leaves)


def test_equals_the_formula_by_hand():
    """Two keys, one twice as long: softmax of 1/2 and 1, in numbers."""
    q = torch.tensor([[1.0, 0.0, 0.0, 0.0]], dtype=D)
    k = torch.tensor([[1.0, 0, 0, 0], [2.0, 0, 0, 0]], dtype=D)
    v = torch.tensor([[0.0], [1.0]], dtype=D)
    p = 1 / (1 + math.exp(0.5 - 1.0))
    assert_close(attention(q, k, v).item(), p, rtol=1e-12, atol=0)


@pytest.mark.parametrize("backend", ["ours", "fused"])
@pytest.mark.parametrize("kind", ["bool", "float"])
def test_a_query_that_sees_nothing_gets_0(backend, kind):
    """And a gradient that is finite, 0 for what nobody looked at."""
    seen = torch.rand(2, 3, 7, 11) > 0.3
    seen[0, 1] = seen[1, 2, 4:] = False
    mask = seen
    if kind == "float":
        mask = torch.zeros(seen.shape, dtype=D).masked_fill(~seen, -math.inf)
    call = lambda q, k, v: attention(q, k, v, mask)
    with pfs.backend(backend):
        y = call(*inputs())
        slopes = gradients(call, inputs())
    nothing = ~seen.any(-1)
    assert nothing.sum() >= 10
    assert (y[nothing] == 0).all()
    assert (y[~nothing] != 0).all()
    assert all(s.isfinite().all() for s in slopes)
    assert (slopes[0][nothing] == 0).all()
    assert (slopes[1][0, 1] == 0).all()
    assert (slopes[2][0, 1] == 0).all()


def test_a_hidden_key_has_no_weight_at_all():
    """Whatever its numbers are: the result is the same to the last bit."""
    q, k, v = inputs(dtype=torch.float32)
    mask = torch.rand(2, 1, 1, 11) > 0.4
    mask[..., 0] = True
    hidden = ~mask.mT
    wild = attention(
        q, k.masked_fill(hidden, 1e4), v.masked_fill(hidden, 1e30), mask
    )
    assert_close(wild, attention(q, k, v, mask), rtol=0, atol=0)


def test_the_past_does_not_see_the_future():
    """Equal prefixes, to the last bit, also where the future overflows."""
    q, k, v = inputs(queries=11, dtype=torch.float32)
    y = attention(q, k, v, is_causal=True)
    for step in (1, 4, 10):
        k2, v2 = k.clone(), v.clone()
        k2[..., step:, :] = 3e38
        v2[..., step:, :] = 1e30
        changed = attention(q, k2, v2, is_causal=True)
        same = slice(None, step)
        assert_close(changed[..., same, :], y[..., same, :], rtol=0, atol=0)


@pytest.mark.parametrize("dtype", [torch.float32, torch.float64])
@pytest.mark.parametrize("size", [1.0, 1e2, 1e4, 1e15])
def test_large_scores_stay_finite(size, dtype):
    q, k, v = inputs(dtype=dtype)
    call = lambda q, k, v: attention(q * size, k * size, v)
    told = lambda q, k, v: judge(q * size, k * size, v)
    near = {"rtol": 1e-4, "atol": 1e-4}
    assert_close(call(q, k, v), told(q, k, v), **near)
    assert_close(gradients(call, (q, k, v))[2], gradients(told, (q, k, v))[2])
    assert all(g.isfinite().all() for g in gradients(call, (q, k, v)))


@pytest.mark.parametrize("dtype", [torch.float16, torch.bfloat16])
@pytest.mark.parametrize("backend", ["ours", "fused"])
def test_half_precision_masks_and_does_not_overflow(dtype, backend):
    """40 * 40 * 64 is above 65,504, an eighth of it is not."""
    near = {"rtol": 2e-2, "atol": 2e-2}
    x = torch.full((1, 2, 64), 40.0, dtype=dtype)
    x[:, 1] /= 2
    seen = torch.tensor([[True, False], [True, True]])
    with pfs.backend(backend):
        y = attention(x, x, x, seen)
        q, k, v = inputs(dtype=dtype)
        wanted = judge(q.double(), k.double(), v.double())
        assert_close(attention(q, k, v).double(), wanted, **near)
    assert y.dtype == dtype
    assert_close(y, torch.full_like(y, 40.0), **near)


def test_autocast_gives_what_torch_gives():
    q, k, v = inputs(dtype=torch.float32)
    with torch.autocast("cpu", torch.bfloat16):
        ours, wanted = attention(q, k, v), judge(q, k, v)
        mixed = attention(q.bfloat16(), k, v)
    assert ours.dtype == wanted.dtype == mixed.dtype == torch.bfloat16
    assert_close(ours, wanted, rtol=2e-2, atol=2e-2)
    assert_close(ours, mixed)


def strided(x, form):
    if form == "heads last":
        return x.transpose(1, 2).contiguous().transpose(1, 2)
    if form == "transposed":
        return x.mT.contiguous().mT
    return x[..., :1].expand(x.shape)


@pytest.mark.parametrize("form", ["heads last", "transposed", "repeated"])
def test_layout_does_not_matter(form):
    q, k, v = (strided(x, form) for x in inputs())
    agree(attention, judge, (q, k, v))
    before = q.clone(), k.clone(), v.clone()
    y = attention(q, k, v)
    assert_close((q, k, v), before, rtol=0, atol=0)
    plain = attention(*(x.contiguous() for x in (q, k, v)))
    assert_close(y, plain, rtol=0, atol=0)
    # The incoming gradient too may be laid out in any way.
    leaves = [x.clone().requires_grad_() for x in (q, k, v)]
    slope = torch.randn_like(y)
    a = torch.autograd.grad(attention(*leaves), leaves, slope)
    b = torch.autograd.grad(
        attention(*leaves), leaves, slope.mT.contiguous().mT
    )
    assert_close(a, b, **EXACT)


@pytest.mark.parametrize("causal", [False, True])
def test_only_shapes(causal):
    """On the meta device nothing is computed, drawn or asked for."""
    q, k, v = (x.to("meta") for x in inputs())
    mask = torch.ones(7, 11, dtype=torch.bool, device="meta")
    for p in (0.0, 0.5):
        y = attention(q, k, v, mask, p, is_causal=causal)
        assert y.is_meta
        assert y.shape == (2, 3, 7, 6)


def test_the_order_of_keys_does_not_matter():
    q, k, v = inputs()
    order = torch.randperm(11)
    mixed = attention(q, k[..., order, :], v[..., order, :])
    assert_close(mixed, attention(q, k, v), **EXACT)


@pytest.mark.parametrize("backend", ["ours", "fused"])
@pytest.mark.parametrize("causal", [False, True])
def test_dropout_drops_its_share_and_keeps_the_mean(backend, causal):
    """Values that tell the keys apart: the output is the row of weights."""
    n, p = 64, 0.3
    q = k = torch.zeros(40, n, 2)
    v = torch.eye(n).expand(40, n, n)
    with pfs.backend(backend):
        y = attention(q, k, v, None, p, causal)
    seen = torch.ones(n, n).tril() if causal else torch.ones(n, n)
    plain = (seen / seen.sum(-1, keepdim=True)).expand(40, n, n)
    places = seen.bool().expand(40, n, n)
    kept = (y != 0)[places].double().mean().item()
    assert kept == pytest.approx(1 - p, abs=0.01)
    assert_close(y[y != 0], (plain / (1 - p))[y != 0])
    assert (y[~places] == 0).all()
    rows = y.sum(-1).mean().item()
    assert rows == pytest.approx(1.0, abs=0.02)


def test_dropout_draws_anew_and_from_the_seed():
    q, k, v = inputs()
    torch.manual_seed(3)
    a, b = attention(q, k, v, None, 0.5), attention(q, k, v, None, 0.5)
    torch.manual_seed(3)
    again = attention(q, k, v, None, 0.5)
    assert not torch.equal(a, b)
    assert_close(a, again, rtol=0, atol=0)
    assert (attention(q, k, v, None, 1.0) == 0).all()
    slopes = gradients(lambda *x: attention(*x, None, 1.0), (q, k, v))
    assert all((s == 0).all() for s in slopes)


def test_heads_draw_on_their_own():
    q = k = torch.zeros(2, 3, 30, 2)
    v = torch.eye(30).expand(2, 3, 30, 30)
    drawn = (attention(q, k, v, None, 0.5) != 0).flatten(0, 1)
    for a, b in itertools.combinations(drawn, 2):
        assert 0.4 < (a == b).float().mean() < 0.6


class Meter:
    """Counts the bytes that are kept for the way back, each tensor once."""

    def __init__(self):
        self.kept = {}

    def pack(self, x):
        self.kept[x.untyped_storage().data_ptr()] = x.untyped_storage().nbytes()
        return x


def saved_bytes(length, **options):
    meter = Meter()
    q, k, v = (x.requires_grad_() for x in inputs((1, 2), length, length))
    hooks = torch.autograd.graph.saved_tensors_hooks(meter.pack, lambda x: x)
    with hooks:
        attention(q, k, v, **options)
    return sum(meter.kept.values())


def peak_bytes(length, **options):
    """The most that torch's allocator has given out, forward and backward."""
    from torch.profiler import ProfilerActivity, profile

    q, k, v = (x.requires_grad_() for x in inputs((1, 2), length, length))
    with profile(
        activities=[ProfilerActivity.CPU], profile_memory=True
    ) as told:
        attention(q, k, v, **options).sum().backward()
    # A row of the record is an allocation, or its end with a minus sign.
    events = told.profiler.kineto_results.events()
    steps = [
        (e.start_ns(), e.nbytes()) for e in events if e.name() == "[memory]"
    ]
    held = list(itertools.accumulate(n for _, n in sorted(steps)))
    return max(held)


OPTIONS = [{}, {"is_causal": True}, {"dropout_p": 0.1}]


@pytest.mark.parametrize("options", OPTIONS)
@pytest.mark.parametrize("measured", [saved_bytes, peak_bytes])
def test_memory_grows_with_the_length(options, measured, monkeypatch):
    """Twice the length, twice the memory; the table would be four times."""
    monkeypatch.setattr(online, "ON_CPU", (32, 64, 2**12))
    few, many = (measured(n, **options) for n in (256, 512))
    assert few > 0
    assert many <= 2.1 * few
    assert many < 2 * 512 * 512 * 8


@pytest.mark.usefixtures("as_they_are")
@pytest.mark.parametrize("causal", [False, True])
def test_long_sequences_in_tiles_as_they_are(causal):
    """The sizes that are used: several blocks of queries and of keys."""
    tensors = inputs((1, 2), 300, 1100)
    agree(
        lambda *x: attention(*x, is_causal=causal),
        lambda *x: judge(*x, is_causal=causal),
        tensors,
    )


def test_a_second_derivative_is_refused_not_wrong():
    q, k, v = (x.requires_grad_() for x in inputs())
    with pytest.raises(PfsError, match="G01"):
        torch.autograd.grad(attention(q, k, v).sum(), q, create_graph=True)
