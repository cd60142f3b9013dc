import torch
from torch import nn

from pfs.homework.battery import Battery, run_module

NAMES = (
    *("self_attn.in_proj_weight", "self_attn.in_proj_bias"),
    *("self_attn.out_proj.weight", "self_attn.out_proj.bias"),
    *("linear1.weight", "linear1.bias", "linear2.weight", "linear2.bias"),
    *("norm1.weight", "norm1.bias", "norm2.weight", "norm2.bias"),
)


def adapt(EncoderLayer):
    def run(x, padding, heads, *weights):
        named = dict(zip(NAMES, weights, strict=True))
        d_ff = named["linear1.weight"].shape[0]
        layer = EncoderLayer(x.shape[2], heads, d_ff)
        inputs = (x,) if padding is None else (x, padding)
        return run_module(layer, named, *inputs)

    return run


def oracle(x, padding, heads, *weights):
    named = dict(zip(NAMES, weights, strict=True))
    d_ff = named["linear1.weight"].shape[0]
    layer = nn.TransformerEncoderLayer(
        x.shape[2], heads, d_ff, dropout=0.0, batch_first=True
    )
    options = {"src_key_padding_mask": padding}
    return torch.func.functional_call(layer, named, (x,), options)


def norm(draw, width):
    return 1 + 0.3 * draw.normal(width), draw.normal(width)


def weights(draw, width, d_ff):
    root = width**-0.5
    return (
        root * draw.normal(3 * width, width),
        draw.normal(3 * width),
        root * draw.normal(width, width),
        draw.normal(width),
        root * draw.normal(d_ff, width),
        3 * draw.normal(d_ff),
        d_ff**-0.5 * draw.normal(width, d_ff),
        draw.normal(width),
        *norm(draw, width),
        *norm(draw, width),
    )


def lengths(draw, batch, time):
    real = draw.whole(time + 1, batch, low=1)
    real[:1], real[1:2] = max(1, time - 1), time
    return torch.arange(time) >= real[:, None]


def case(draw, batch, time, width, heads, d_ff, padded=True):
    padding = lengths(draw, batch, time) if padded else None
    x = draw.normal(batch, time, width)
    return x, padding, heads, *weights(draw, width, d_ff)


def cases(draw):
    yield case(draw, 2, 3, 8, 2, 5, padded=False)
    yield case(draw, 3, 5, 12, 3, 7)
    yield case(draw, 8, 8, 8, 8, 8)
    yield case(draw, 4, 4, 4, 4, 4)
    yield case(draw, 1, 1, 5, 1, 1)
    x, padding, *rest = case(draw, 2, 7, 6, 2, 11)
    yield x, padding.flip(1), *rest


def edges(draw):
    x, *rest = case(draw, 2, 3, 4, 2, 5)
    yield 1e3 * x, *rest


def padding(layer, draw):
    x, mask, *rest = case(draw, 3, 6, 8, 2, 5)
    other = torch.where(mask[..., None], 100 * draw.normal(3, 6, 8), x)
    one, two = layer(x, mask, *rest), layer(other, mask, *rest)
    return torch.allclose(one[~mask], two[~mask], rtol=0, atol=1e-9)


def order(layer, draw):
    x, mask, *rest = case(draw, 2, 6, 8, 4, 5)
    new = torch.tensor([3, 5, 0, 4, 2, 1])
    one, two = layer(x, mask, *rest), layer(x[:, new], mask[:, new], *rest)
    return torch.allclose(one[:, new], two, rtol=0, atol=1e-9)


CHECK = Battery(
    cases,
    oracle=oracle,
    adapt=adapt,
    edges=edges,
    invariants={"padding": padding, "order": order},
    forbid=(
        *("torch.nn.modules.transformer", "transformer_encoder_layer_fwd"),
        "pfs.translation",
    ),
)
