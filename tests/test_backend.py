"""Both backends give the same, value and gradient, for everything there is."""

import inspect
import os
import subprocess
import sys
import threading
from dataclasses import replace

import pytest
import torch

import pfs
from pfs import kernels, nn
from pfs.backend import fused
from pfs.data import story
from pfs.errors import PfsValueError
from pfs.recipes import char_rnn
from pfs.recurrent.gru import GRU
from pfs.recurrent.lstm import LSTM
from pfs.recurrent.rnn import RNN, RNNCell

pytestmark = pytest.mark.filterwarnings("ignore:LSTM with projections")
TOLERANCE = {torch.float64: 1e-10, torch.float32: 1e-5}


def rand(*shape, dtype):
    generator = torch.Generator().manual_seed(sum(shape) + len(shape))
    return torch.randn(shape, generator=generator, dtype=torch.float64).to(
        dtype
    )


def whole(high, *shape):
    return torch.randint(
        high, shape, generator=torch.Generator().manual_seed(high)
    )


def layouts(x):
    """The same numbers, laid out in other ways."""
    yield x
    yield x.mT.contiguous().mT if x.ndim > 1 else x.repeat(2)[::1][: len(x)]
    yield torch.stack([x, x], -1)[..., 0]


def cases(dtype):
    """For every operation: the call, and the tensors it is derived by."""
    r = lambda *shape: rand(*shape, dtype=dtype)
    x, w, b = r(5, 7), r(3, 7), r(3)
    ids, targets = whole(5, 4, 3), whole(7, 5)
    return {
        "linear": [(lambda x, w, b: nn.linear(x, w, b), (x, w, b))],
        "embedding": [
            (lambda w: nn.embedding(ids, w), (r(5, 7),)),
            (lambda w: nn.embedding(ids, w, padding_idx=-2), (r(5, 7),)),
        ],
        "softmax": [
            (lambda x, d=d: nn.softmax(x, d), (4 * x,)) for d in (0, -1)
        ],
        "log_softmax": [
            (lambda x, d=d: nn.log_softmax(x, d), (4 * x,)) for d in (0, -1)
        ],
        "cross_entropy": [
            (
                lambda x, kw=kw: nn.cross_entropy(x, targets, **kw),
                (4 * x,),
            )
            for kw in (
                {},
                {"reduction": "sum"},
                {"reduction": "none"},
                {"label_smoothing": 0.1},
                {"ignore_index": int(targets[0])},
            )
        ]
        + [
            (
                lambda x, w: nn.cross_entropy(x, targets, weight=w.exp()),
                (x, r(7)),
            ),
            (lambda x: nn.cross_entropy(x, nn.softmax(r(5, 7))), (x,)),
            (lambda x: nn.cross_entropy(x, whole(7, 5, 2)), (r(5, 7, 2),)),
        ],
        "layer_norm": [
            (lambda x, w, b: nn.layer_norm(x, (7,), w, b), (x, r(7), r(7) / 3)),
            (lambda x: nn.layer_norm(x, (5, 7)), (x,)),
        ],
        "gelu": [
            (lambda x, a=a: nn.gelu(x, a), (3 * x,)) for a in ("none", "tanh")
        ],
        "relu": [(nn.relu, (x,))],
        "scaled_dot_product_attention": attending(r),
        **seeing(r),
        "rnn": [
            (lambda x, h, m=m, kw=kw: m(x, h, **kw), (r(4, 6, 7), r(n, 4, 5)))
            for n, m, kw in recurrent(dtype)
        ]
        + [(RNNCell(7, 5, dtype=dtype), (x, r(5, 5)))],
        "gru": [
            (lambda x, h, m=m, kw=kw: m(x, h, **kw), (r(4, 6, 7), r(n, 4, 5)))
            for n, m, kw in gated(GRU, dtype)
        ],
        "lstm": [
            (
                lambda x, h, c, m=m, kw=kw: m(x, (h, c), **kw),
                (r(4, 6, 7), r(n, 4, m.proj_size or 5), r(n, 4, 5)),
            )
            for size in (0, 2)
            for n, m, kw in gated(LSTM, dtype, proj_size=size)
        ],
    }


def gated(kind, dtype, **form):
    torch.manual_seed(0)
    for layers, both, bias in ((1, False, True), (2, True, False)):
        words = {"batch_first": True, "bidirectional": both, **form}
        model = kind(7, 5, layers, bias, dtype=dtype, **words)
        yield layers * (1 + both), model, {}
        yield layers * (1 + both), model, {"lengths": [3, 6, 1, 5]}


def seeing(r):
    """What reads images."""
    x, w, b = r(2, 4, 6, 5), r(6, 4, 3, 2), r(6)
    call = lambda f, *a, **kw: lambda *tensors: f(*tensors, *a, **kw)
    running = r(4), r(4).square() + 0.5
    norm = lambda train: (
        lambda x, g, b: nn.batch_norm(
            x, *(t.clone() for t in running), g, b, train
        )
    )
    return {
        "conv2d": [
            (call(nn.conv2d, **kw), (x, w, b))
            for kw in (
                {},
                {"padding": "same"},
                {"stride": (2, 1), "padding": (1, 2), "dilation": 2},
            )
        ]
        + [
            (call(nn.conv2d, groups=2), (x, r(6, 2, 3, 2))),
            (call(nn.conv2d, stride=2), (x, r(6, 4, 1, 1), b)),
            (call(nn.conv2d), (x[0], w)),
            (call(nn.conv2d, padding=1), (r(2, 8, 4, 5), r(3, 8, 3, 3), r(3))),
        ],
        "max_pool2d": [
            (call(nn.max_pool2d, 2), (x,)),
            (call(nn.max_pool2d, 3, 2, 1, ceil_mode=True), (x,)),
        ],
        "avg_pool2d": [
            (call(nn.avg_pool2d, 2), (x,)),
            (call(nn.avg_pool2d, 3, 2, 1, True, False), (x,)),
            (call(nn.avg_pool2d, 2, divisor_override=3), (x[0],)),
        ],
        "adaptive_avg_pool2d": [
            (call(nn.adaptive_avg_pool2d, n), (x,)) for n in (1, (4, 3))
        ],
        "adaptive_max_pool2d": [
            (call(nn.adaptive_max_pool2d, n), (x,)) for n in (1, (4, 3))
        ],
        "batch_norm": [
            *((norm(train), (x, r(4), r(4) / 3)) for train in (True, False)),
            (lambda x: nn.batch_norm(x, None, None, training=True), (r(5, 4),)),
        ],
    }


def attending(r):
    """Every kind of mask, time, and a query that sees nothing."""
    tensors = r(2, 3, 5, 7), r(2, 3, 6, 7), r(2, 3, 6, 4)
    seen = whole(2, 2, 1, 5, 6) > 0
    seen[0, 0, 2] = False
    call = nn.scaled_dot_product_attention
    return [
        (lambda q, k, v, kw=kw: call(q, k, v, **kw), tensors)
        for kw in (
            {},
            {"is_causal": True},
            {"attn_mask": seen, "scale": 0.2},
            {"attn_mask": seen, "is_causal": True},
        )
    ] + [(call, (*tensors, r(5, 6)))]


def recurrent(dtype):
    torch.manual_seed(0)
    for kind in ("tanh", "relu"):
        for layers, both, bias in ((1, False, True), (2, True, False)):
            model = RNN(
                *(7, 5, layers, kind, bias),
                batch_first=True,
                bidirectional=both,
                dtype=dtype,
            )
            yield layers * (1 + both), model, {}
            yield layers * (1 + both), model, {"lengths": [6, 1, 3, 5]}


PLAIN = {
    "dropout": "draws other units; tested on its own below",
    "l2_normalize": "a root and a quotient in both backends",
    "sigmoid": "one primitive of torch in both backends",
    "tanh": "one primitive of torch in both backends",
}
"""Functions without a comparison of numbers, and why."""


def offered():
    """Return the names of torch's kernels that we use."""
    return {
        name
        for name, function in vars(kernels).items()
        if inspect.isfunction(function)
        and function.__module__ == kernels.__name__
        and not name.startswith("_")
    }


def test_every_operation_is_compared():
    functions = {n for n in nn.__all__ if inspect.isfunction(getattr(nn, n))}
    compared = set(cases(torch.float64))
    assert functions | {"rnn", "gru", "lstm"} == compared | set(PLAIN)
    assert offered() == compared | {"dropout"}


def flat(output):
    parts = torch.utils._pytree.tree_leaves(output)
    return torch.cat([part.flatten() for part in parts])


def value_and_gradients(call, tensors, name):
    inputs = [t.detach().clone().requires_grad_() for t in tensors]
    with pfs.backend(name):
        output = flat(call(*inputs))
        cotangent = rand(len(output), dtype=output.dtype)
        gradients = torch.autograd.grad(output, inputs, cotangent)
    return [output.detach(), *gradients]


@pytest.mark.parametrize("dtype", TOLERANCE)
@pytest.mark.parametrize("operation", cases(torch.float64))
def test_values_and_gradients_are_equal(operation, dtype):
    for call, tensors in cases(dtype)[operation]:
        ours = value_and_gradients(call, tensors, "ours")
        theirs = value_and_gradients(call, tensors, "fused")
        for one, two in zip(ours, theirs, strict=True):
            size = max(1.0, float(one.abs().max()))
            assert one.shape == two.shape
            assert one.dtype == two.dtype
            assert (one - two).abs().max() <= TOLERANCE[dtype] * size


@pytest.mark.parametrize("operation", cases(torch.float64))
def test_layouts_and_empty_batches_are_equal(operation):
    for call, tensors in cases(torch.float64)[operation]:
        for version in layouts(tensors[0]):
            outputs = []
            for name in ("ours", "fused"):
                with pfs.backend(name):
                    outputs.append(flat(call(version, *tensors[1:])))
            assert (outputs[0] - outputs[1]).abs().max() < 1e-10


@pytest.mark.parametrize("operation", cases(torch.float64))
def test_autocast_gives_the_same_kind_of_numbers(operation):
    for call, tensors in cases(torch.float32)[operation]:
        outputs = []
        for name in ("ours", "fused"):
            with pfs.backend(name), torch.autocast("cpu", torch.bfloat16):
                outputs.append(flat(call(*tensors)))
        one, two = outputs
        assert one.dtype == two.dtype
        torch.testing.assert_close(one, two, rtol=0.05, atol=0.05)


def test_the_kernels_are_used_and_only_inside(monkeypatch):
    calls = []
    names = offered()
    for name in names:
        kernel = getattr(kernels, name)
        told = lambda *a, n=name, k=kernel: (calls.append(n), k(*a))[1]
        monkeypatch.setattr(kernels, name, told)
    for backend in ("ours", "fused"):
        for operations in cases(torch.float32).values():
            for call, tensors in operations:
                with pfs.backend(backend):
                    call(*tensors)
                    nn.dropout(tensors[0])
        if backend == "ours":
            assert not calls
    assert set(calls) == names


@pytest.mark.parametrize("name", ["ours", "fused"])
def test_dropout_keeps_its_share_and_its_mean(name):
    x = torch.ones(100_000)
    torch.manual_seed(0)
    with pfs.backend(name):
        y = nn.dropout(x, 0.3)
    assert (y == 0).float().mean().item() == pytest.approx(0.3, abs=0.01)
    assert y.mean().item() == pytest.approx(1.0, abs=0.01)
    assert y.max().item() == pytest.approx(1 / 0.7)


def test_the_switch_is_put_back():
    assert not fused()
    with pfs.backend("fused"):
        assert fused()
        with pfs.backend("ours"):
            assert not fused()
        assert fused()
    with pytest.raises(ZeroDivisionError), pfs.backend("fused"):
        raise ZeroDivisionError
    assert not fused()

    @pfs.backend("fused")
    def inside():
        return fused()

    assert inside()
    assert not fused()


def test_the_switch_holds_for_all_threads():
    seen = []
    with pfs.backend("fused"):
        thread = threading.Thread(target=lambda: seen.append(fused()))
        thread.start()
        thread.join()
    assert seen == [True]


def test_another_word_is_refused():
    with pytest.raises(PfsValueError) as caught, pfs.backend("cuda"):
        pass
    assert caught.value.code == "A01"
    assert callable(pfs.backend)


COMPILED = """
import torch
import pfs
from pfs.nn import cross_entropy, gelu, layer_norm, linear, log_softmax
from pfs.nn import MultiheadAttention, scaled_dot_product_attention
from pfs.nn import adaptive_avg_pool2d, adaptive_max_pool2d, avg_pool2d
from pfs.nn import batch_norm, conv2d, max_pool2d
from pfs.nn import relu, sigmoid, softmax, tanh

torch.manual_seed(0)
x = torch.randn(4, 7)
heads = [MultiheadAttention(7, 1), MultiheadAttention(7, 1, device="meta")]
FUNCTIONS = [relu, sigmoid, tanh, gelu, softmax, log_softmax]
FUNCTIONS += [
    lambda x: gelu(x, "tanh"),
    lambda x: linear(x, x, x[:, 0]),
    lambda x: layer_norm(x, (7,), x[0], x[1]),
    lambda x: scaled_dot_product_attention(x, x, x),
    lambda x: scaled_dot_product_attention(x, x, x, x @ x.T > 0, 0.0, True),
    lambda x: scaled_dot_product_attention(x, x, x, x @ x.T),
    lambda x: heads[x.is_meta](x, x, x)[0],
    lambda x: heads[x.is_meta](x, x, x, None, False, is_causal=True)[0],
    lambda x: cross_entropy(x, softmax(x), label_smoothing=0.1),
    lambda x: conv2d(x[None], x[None, None, :3, :3], x[0, :1], padding="same"),
    lambda x: conv2d(x[None], x[None, None, :3, :3], x[0, :1], stride=2),
    lambda x: conv2d(x[None], x[:2, :1, None, None]),
    lambda x: conv2d(
        x.repeat(2, 1)[:, None], x.repeat(2, 1)[None, :, None, :3]
    ),
    lambda x: max_pool2d(x[None], 3, 2, 1),
    lambda x: avg_pool2d(x[None], 3, 2, 1, count_include_pad=False),
    lambda x: adaptive_avg_pool2d(x[None], (3, 1)),
    lambda x: adaptive_max_pool2d(x[None], 3),
    lambda x: batch_norm(x, None, None, x[0], x[1], training=True),
    lambda x: batch_norm(x, x[0].detach(), x[1].detach() ** 2, x[0], x[1]),
]
norm = torch.compile(
    lambda x: layer_norm(x, (7,)), fullgraph=True, backend="aot_eager"
)
for name in "ours", "fused", "ours":
    with pfs.backend(name):
        torch.testing.assert_close(norm(x), layer_norm(x, (7,)))
for function in FUNCTIONS:
    compiled = torch.compile(function, fullgraph=True, backend="aot_eager")
    for name in "ours", "fused":
        with pfs.backend(name):
            assert function(x.to("meta")).is_meta
            y = x.clone().requires_grad_()
            outputs = function(y), compiled(y)
        torch.testing.assert_close(*outputs)
        one, two = (torch.autograd.grad(z.sum(), y) for z in outputs)
        torch.testing.assert_close(one, two)
"""


def test_a_compiled_model_follows_the_switch():
    """In a process of its own: dynamo cannot read the shape checker."""
    env = os.environ | {"PFS_SHAPES": "0"}
    subprocess.run([sys.executable, "-c", COMPILED], env=env, check=True)


def test_a_recipe_learns_the_same_in_both():
    config = replace(
        char_rnn.CHAR_RNN,
        dropout=0.0,
        hidden_size=23,
        steps=5,
        evaluations=5,
        precision="float64",
    )
    curves = [
        char_rnn.train(story("ko"), replace(config, backend=name)).result[
            "metrics"
        ]["curve"]
        for name in ("ours", "fused")
    ]
    for one, two in zip(*curves, strict=True):
        assert one == pytest.approx(two, rel=1e-9)
