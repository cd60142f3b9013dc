import torch
from torch.nn.functional import scaled_dot_product_attention

from pfs.homework.battery import Battery


def three(draw, front, queries, keys, size, values):
    return (
        draw.normal(*front, queries, size),
        draw.normal(*front, keys, size),
        draw.normal(*front, keys, values),
    )


def cases(draw):
    yield three(draw, (), 3, 3, 4, 4)
    some = draw.truth(2, 3, 5)
    some[:, 0], some[:, 1, 0], some[0, 2] = True, True, False
    yield *three(draw, (2,), 3, 5, 4, 7), some
    causal = torch.ones(4, 4, dtype=torch.bool).tril()
    yield *three(draw, (4, 4), 4, 4, 4, 4), causal
    lengths = torch.tensor([3, 0, 5])
    padding = (torch.arange(5) < lengths[:, None])[:, None, None]
    yield *three(draw, (3, 2), 7, 5, 3, 2), padding
    yield three(draw, (1,), 1, 1, 1, 1)
    yield *three(draw, (2,), 11, 2, 5, 3), torch.tensor([False, True])
    yield three(draw, (2, 3), 2, 7, 13, 1)


def edges(draw):
    query, key, value = three(draw, (2,), 3, 5, 4, 2)
    yield 1e4 * query, key, value
    yield -1e6 * query.abs(), 1e6 * key.abs(), value, draw.truth(3, 5)
    yield query, key, value, torch.zeros(3, 5, dtype=torch.bool)
    yield query, torch.zeros_like(key), value, draw.truth(2, 3, 5)
    yield three(draw, (0,), 3, 5, 4, 2)
    yield *three(draw, (0,), 3, 5, 4, 2), draw.truth(3, 5)


def hidden(attention, draw):
    query, key, value = three(draw, (2,), 3, 5, 4, 2)
    mask = torch.tensor([True, True, False, True, False])
    before = attention(query, key, value, mask)
    key, value = key.clone(), value.clone()
    key[:, ~mask] += 100 * draw.normal(2, 2, 4)
    value[:, ~mask] += 100 * draw.normal(2, 2, 2)
    return torch.equal(before, attention(query, key, value, mask))


def order(attention, draw):
    query, key, value = three(draw, (2,), 3, 5, 4, 2)
    mask, new = draw.truth(3, 5), torch.tensor([3, 0, 4, 1, 2])
    before = attention(query, key, value, mask)
    after = attention(query, key[:, new], value[:, new], mask[:, new])
    return torch.allclose(before, after, atol=1e-9)


CHECK = Battery(
    cases,
    oracle=scaled_dot_product_attention,
    edges=edges,
    invariants={"hidden": hidden, "order": order},
    forbid=(
        *("scaled_dot_product_attention", "multi_head_attention_forward"),
        *("torch.nn.modules.activation.MultiheadAttention",),
        *("torch.nn.attention", "pfs.nn.attention", "pfs.translation"),
    ),
)
