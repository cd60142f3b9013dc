import torch
from torch import nn

from pfs.homework.battery import Battery, run_module

ATTENTION = (
    *("in_proj_weight", "in_proj_bias"),
    *("out_proj.weight", "out_proj.bias"),
)
NETWORK = ("0.weight", "0.bias", "2.weight", "2.bias")
NORM = ("norm.weight", "norm.bias")
TORCH = (
    *(f"self_attn.{name}" for name in ATTENTION),
    *("norm1.weight", "norm1.bias"),
    *("linear1.weight", "linear1.bias", "linear2.weight", "linear2.bias"),
    *("norm2.weight", "norm2.bias"),
)


class SelfAttention(nn.MultiheadAttention):
    def forward(self, x, padding=None):
        return super().forward(x, x, x, key_padding_mask=padding)[0]


def named(names, weights):
    keys = *(f"sublayer.{name}" for name in names), *NORM
    return dict(zip(keys, weights, strict=True))


def adapt(Residual):
    def run(x, padding, norm_first, heads, *weights):
        width, d_ff = x.shape[2], weights[6].shape[0]
        options = {} if norm_first is None else {"norm_first": norm_first}
        attention = SelfAttention(width, heads, batch_first=True)
        network = nn.Sequential(
            nn.Linear(width, d_ff), nn.ReLU(), nn.Linear(d_ff, width)
        )
        first = Residual(attention, width, **options)
        second = Residual(network, width, **options)
        others = () if padding is None else (padding,)
        x = run_module(first, named(ATTENTION, weights[:6]), x, *others)
        return run_module(second, named(NETWORK, weights[6:]), x)

    return run


def oracle(x, padding, norm_first, heads, *weights):
    layer = nn.TransformerEncoderLayer(
        x.shape[2],
        heads,
        weights[6].shape[0],
        dropout=0.0,
        batch_first=True,
        norm_first=norm_first is not False,
    )
    options = {"src_key_padding_mask": padding}
    own = dict(zip(TORCH, weights, strict=True))
    return torch.func.functional_call(layer, own, (x,), options)


def norm(draw, width):
    return 1 + 0.3 * draw.normal(width), draw.normal(width)


def weights(draw, width, d_ff):
    root = width**-0.5
    return (
        root * draw.normal(3 * width, width),
        draw.normal(3 * width),
        root * draw.normal(width, width),
        draw.normal(width),
        *norm(draw, width),
        root * draw.normal(d_ff, width),
        draw.normal(d_ff),
        d_ff**-0.5 * draw.normal(width, d_ff),
        draw.normal(width),
        *norm(draw, width),
    )


def case(draw, order, batch, time, width, heads, d_ff, padded=True):
    padding = None
    if padded:
        real = draw.whole(time + 1, batch, low=1)
        real[:1] = max(1, time - 1)
        padding = torch.arange(time) >= real[:, None]
    x = draw.normal(batch, time, width)
    return x, padding, order, heads, *weights(draw, width, d_ff)


def cases(draw):
    yield case(draw, None, 2, 3, 8, 2, 5, padded=False)
    yield case(draw, False, 2, 3, 8, 2, 5, padded=False)
    yield case(draw, True, 3, 5, 12, 3, 7)
    yield case(draw, False, 3, 5, 12, 3, 7)
    yield case(draw, True, 1, 1, 1, 1, 1)
    yield case(draw, False, 4, 4, 4, 4, 4)


def edges(draw):
    for order in (True, False):
        x, *rest = case(draw, order, 2, 3, 4, 2, 5)
        yield 1e3 * x, *rest
        yield torch.ones_like(x), *rest


def identity(blocks, draw):
    x, padding, order, heads, *own = case(draw, True, 2, 3, 4, 2, 5)
    for place in (2, 3, 8, 9):
        own[place] = torch.zeros_like(own[place])
    return torch.equal(blocks(x, padding, order, heads, *own), x)


def normalized(blocks, draw):
    x, padding, order, heads, *own = case(draw, False, 3, 5, 32, 4, 7)
    own[-2:] = torch.ones_like(own[-2]), torch.zeros_like(own[-1])
    y = blocks(x, padding, order, heads, *own)
    mean, variance = y.mean(-1), y.var(-1, correction=0)
    return bool(
        (mean.abs() < 1e-9).all() and ((variance - 1).abs() < 1e-2).all()
    )


CHECK = Battery(
    cases,
    oracle=oracle,
    adapt=adapt,
    edges=edges,
    invariants={"identity": identity, "normalized": normalized},
    forbid=("torch.nn.modules.transformer", "pfs.translation"),
)
