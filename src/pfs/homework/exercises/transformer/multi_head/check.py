import torch
from torch.nn.functional import multi_head_attention_forward

from pfs.homework.battery import Battery, run_module

NAMES = ("in_proj_weight", "in_proj_bias", "out_proj.weight", "out_proj.bias")


def adapt(MultiheadAttention):
    def run(query, key, value, mask, heads, *weights):
        module = MultiheadAttention(query.shape[-1], heads)
        named = dict(zip(NAMES, weights, strict=True))
        if mask is None:
            return run_module(module, named, query, key, value)
        return run_module(module, named, query, key, value, mask)

    return run


def truth(query, key, value, mask, heads, *weights):
    batch, queries, width = query.shape
    whole = (batch, heads, queries, key.shape[1])
    return multi_head_attention_forward(
        *(x.transpose(0, 1) for x in (query, key, value)),
        width,
        heads,
        *weights[:2],
        None,
        None,
        False,
        0.0,
        *weights[2:],
        need_weights=False,
        attn_mask=None if mask is None else ~mask.expand(whole).flatten(0, 1),
    )[0].transpose(0, 1)


def case(draw, batch, queries, keys, width, heads, mask=None):
    return (
        draw.normal(batch, queries, width),
        draw.normal(batch, keys, width),
        draw.normal(batch, keys, width),
        mask,
        heads,
        draw.normal(3 * width, width),
        draw.normal(3 * width),
        draw.normal(width, width),
        draw.normal(width),
    )


def causal(size):
    return torch.ones(size, size, dtype=torch.bool).tril()


def padding(lengths, keys):
    return (torch.arange(keys) < torch.tensor(lengths)[:, None])[:, None, None]


def cases(draw):
    yield case(draw, 2, 3, 3, 4, 2)
    yield case(draw, 2, 3, 5, 6, 3, padding([3, 0], 5))
    yield case(draw, 4, 4, 4, 4, 4, causal(4))
    yield case(draw, 1, 1, 1, 1, 1)
    yield case(draw, 3, 7, 2, 6, 2)
    yield case(draw, 2, 3, 3, 8, 2, causal(3) & padding([2, 3], 3))
    yield case(draw, 2, 5, 3, 7, 1)


def edges(draw):
    yield case(draw, 2, 3, 5, 6, 3, draw.truth(2, 3, 3, 5))
    yield case(draw, 2, 3, 5, 6, 2, draw.truth(2, 1, 3, 5))
    yield case(draw, 2, 3, 5, 6, 2, torch.zeros(3, 5, dtype=torch.bool))
    large = case(draw, 2, 3, 5, 6, 3)
    yield 1e4 * large[0], *large[1:]
    yield case(draw, 0, 3, 5, 6, 3)


def past_stays(attention, draw):
    x, _, _, mask, *rest = case(draw, 2, 5, 5, 6, 3, causal(5))
    new = x.clone()
    new[:, 3:] += draw.normal(2, 2, 6)
    before = attention(x, x, x, mask, *rest)
    after = attention(new, new, new, mask, *rest)
    return torch.allclose(before[:, :3], after[:, :3], atol=1e-9)


def rows_apart(attention, draw):
    query, key, value, *rest = case(draw, 3, 2, 5, 6, 3)
    before = attention(query, key, value, *rest)
    alone = attention(query[1:2], key[1:2], value[1:2], *rest)
    return torch.allclose(before[1:2], alone, atol=1e-9)


CHECK = Battery(
    cases,
    oracle=truth,
    adapt=adapt,
    edges=edges,
    invariants={"past_stays": past_stays, "rows_apart": rows_apart},
    forbid=(
        *("multi_head_attention_forward", "multi_head_attention"),
        *("torch.nn.functional.multi_head_attention_forward",),
        *("torch.nn.modules.activation.MultiheadAttention",),
        *("torch.nn.modules.transformer", "pfs.translation"),
        "pfs.nn.multihead",
    ),
)
