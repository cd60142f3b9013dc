import torch
from torch.nn.functional import scaled_dot_product_attention

from pfs.homework.battery import Battery


def oracle(query, key, value, keys, values):
    k, v = torch.cat([keys, key], 2), torch.cat([values, value], 2)
    new, past = query.shape[2], keys.shape[2]
    seen = torch.zeros(new, past + new, dtype=torch.bool)
    for i in range(new):
        seen[i, : past + i + 1] = True
    return scaled_dot_product_attention(query, k, v, seen), k, v


def case(draw, batch, heads, past, new, d):
    fresh = [draw.normal(batch, heads, new, d) for _ in range(3)]
    kept = [draw.normal(batch, heads, past, d) for _ in range(2)]
    return *fresh, *kept


def cases(draw):
    yield case(draw, 1, 2, 3, 1, 4)
    yield case(draw, 2, 3, 4, 2, 5)
    yield case(draw, 2, 1, 0, 5, 3)
    yield case(draw, 1, 1, 0, 1, 1)
    yield case(draw, 3, 3, 3, 3, 3)
    yield case(draw, 2, 2, 7, 1, 11)
    yield case(draw, 1, 5, 1, 6, 2)


def edges(draw):
    query, *others = case(draw, 2, 2, 3, 2, 4)
    yield 1e3 * query, *others
    yield torch.zeros_like(query), *others
    yield case(draw, 0, 2, 3, 1, 4)


def pieces(attend, draw):
    """Read at once or in pieces: the same."""
    query, key, value, keys, values = case(draw, 2, 3, 0, 7, 5)
    whole = attend(query, key, value, keys, values)[0]
    parts, first = [], 0
    for last in (2, 3, 7):
        now = [x[:, :, first:last] for x in (query, key, value)]
        said, keys, values = attend(*now, keys, values)
        parts.append(said)
        first = last
    return torch.allclose(torch.cat(parts, 2), whole, atol=1e-9)


def future(attend, draw):
    query, key, value, keys, values = case(draw, 2, 3, 4, 3, 5)
    before = attend(query, key, value, keys, values)[0]
    key, value = key.clone(), value.clone()
    key[:, :, -1], value[:, :, -1] = draw.normal(2, 3, 5), draw.normal(2, 3, 5)
    after = attend(query, key, value, keys, values)[0]
    return torch.allclose(before[:, :, :-1], after[:, :, :-1])


CHECK = Battery(
    cases,
    oracle=oracle,
    edges=edges,
    invariants={"pieces": pieces, "future": future},
    forbid=(
        *("scaled_dot_product_attention", "multi_head_attention_forward"),
        *("torch.nn.attention", "torch.nn.modules.activation"),
        *("pfs.nn.attention", "pfs.nn.cache", "pfs.nn.multihead"),
        *("pfs.translation", "pfs.language"),
    ),
)
