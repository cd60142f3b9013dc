import torch
from torch import nn

from pfs.homework.battery import Battery, run_module

NAMES = (
    *("self_attn.in_proj_weight", "self_attn.in_proj_bias"),
    *("self_attn.out_proj.weight", "self_attn.out_proj.bias"),
    *("multihead_attn.in_proj_weight", "multihead_attn.in_proj_bias"),
    *("multihead_attn.out_proj.weight", "multihead_attn.out_proj.bias"),
    *("linear1.weight", "linear1.bias", "linear2.weight", "linear2.bias"),
    *("norm1.weight", "norm1.bias", "norm2.weight", "norm2.bias"),
    *("norm3.weight", "norm3.bias"),
)


def adapt(DecoderLayer):
    def run(x, memory, padding, heads, *weights):
        named = dict(zip(NAMES, weights, strict=True))
        d_ff = named["linear1.weight"].shape[0]
        layer = DecoderLayer(x.shape[2], heads, d_ff)
        inputs = (x, memory) if padding is None else (x, memory, padding)
        return run_module(layer, named, *inputs)

    return run


def oracle(x, memory, padding, heads, *weights):
    named = dict(zip(NAMES, weights, strict=True))
    d_ff = named["linear1.weight"].shape[0]
    layer = nn.TransformerDecoderLayer(
        x.shape[2], heads, d_ff, dropout=0.0, batch_first=True
    )
    mask = nn.Transformer.generate_square_subsequent_mask(x.shape[1])
    options = {"tgt_mask": mask == -torch.inf}
    options["memory_key_padding_mask"] = padding
    return torch.func.functional_call(layer, named, (x, memory), options)


def attention(draw, width):
    root = width**-0.5
    return (
        root * draw.normal(3 * width, width),
        draw.normal(3 * width),
        root * draw.normal(width, width),
        draw.normal(width),
    )


def norm(draw, width):
    return 1 + 0.3 * draw.normal(width), draw.normal(width)


def weights(draw, width, d_ff):
    return (
        *attention(draw, width),
        *attention(draw, width),
        width**-0.5 * draw.normal(d_ff, width),
        3 * draw.normal(d_ff),
        d_ff**-0.5 * draw.normal(width, d_ff),
        draw.normal(width),
        *norm(draw, width),
        *norm(draw, width),
        *norm(draw, width),
    )


def lengths(draw, batch, time):
    real = draw.whole(time + 1, batch, low=1)
    real[:1], real[1:2] = max(1, time - 1), time
    return torch.arange(time) >= real[:, None]


def case(draw, batch, target, source, width, heads, d_ff, padded=True):
    return (
        draw.normal(batch, target, width),
        draw.normal(batch, source, width),
        lengths(draw, batch, source) if padded else None,
        heads,
        *weights(draw, width, d_ff),
    )


def cases(draw):
    yield case(draw, 2, 3, 5, 8, 2, 7, padded=False)
    yield case(draw, 3, 7, 5, 12, 3, 5)
    yield case(draw, 8, 8, 8, 8, 8, 8)
    yield case(draw, 4, 4, 4, 4, 4, 4)
    yield case(draw, 1, 1, 1, 5, 1, 1)
    x, memory, padding, *rest = case(draw, 2, 5, 3, 6, 2, 11)
    yield x, memory, padding.flip(1), *rest


def edges(draw):
    x, memory, *rest = case(draw, 2, 3, 5, 4, 2, 7)
    yield 1e3 * x, 1e3 * memory, *rest


def causal(layer, draw):
    x, *rest = case(draw, 2, 7, 5, 8, 2, 5)
    other = torch.cat([x[:, :4], 100 * draw.normal(2, 3, 8)], 1)
    one, two = layer(x, *rest), layer(other, *rest)
    return torch.allclose(one[:, :4], two[:, :4], rtol=0, atol=1e-9)


def padding(layer, draw):
    x, memory, mask, *rest = case(draw, 3, 4, 6, 8, 4, 5)
    noise = 100 * draw.normal(3, 6, 8)
    other = torch.where(mask[..., None], noise, memory)
    one, two = layer(x, memory, mask, *rest), layer(x, other, mask, *rest)
    return torch.allclose(one, two, rtol=0, atol=1e-9)


def order(layer, draw):
    x, memory, mask, *rest = case(draw, 2, 4, 6, 8, 2, 5)
    new = torch.tensor([3, 5, 0, 4, 2, 1])
    one = layer(x, memory, mask, *rest)
    two = layer(x, memory[:, new], mask[:, new], *rest)
    return torch.allclose(one, two, rtol=0, atol=1e-9)


CHECK = Battery(
    cases,
    oracle=oracle,
    adapt=adapt,
    edges=edges,
    invariants={"causal": causal, "padding": padding, "order": order},
    forbid=(
        *("torch.nn.modules.transformer", "transformer_encoder_layer_fwd"),
        "pfs.translation",
    ),
)
