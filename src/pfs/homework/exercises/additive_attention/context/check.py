import torch

from pfs.homework.battery import Battery


def oracle(scores, keys, lengths):
    places = torch.arange(keys.shape[1])
    behind = places[None, None] >= lengths[:, None, None]
    weights = torch.where(behind, -torch.inf, scores).softmax(2)
    return torch.einsum("bij,bjk->bik", weights, keys), weights


def case(draw, target, size, lengths, source=None):
    batch, source = len(lengths), source or max(lengths)
    return (
        draw.normal(batch, target, source),
        draw.normal(batch, source, size),
        torch.tensor(lengths),
    )


def cases(draw):
    yield case(draw, 3, 4, [5, 2])
    yield case(draw, 1, 1, [1])
    yield case(draw, 4, 4, [1, 4, 2, 3])
    yield case(draw, 2, 7, [3, 1, 2], source=6)
    yield case(draw, 1, 3, [4, 4])
    yield case(draw, 6, 2, [1, 1, 5])


def edges(draw):
    scores, keys, lengths = case(draw, 3, 4, [5, 2, 1])
    yield 1e4 * scores, keys, lengths
    yield scores - 1e6, keys, lengths
    behind = torch.arange(5) >= lengths[:, None]
    yield scores + 1e4 * behind[:, None], keys, lengths
    yield scores[:0], keys[:0], lengths[:0]


def exact(context, draw):
    scores, keys, lengths = case(draw, 4, 3, [6, 2, 3])
    _, weights = context(3 * scores, keys, lengths)
    behind = (torch.arange(6) >= lengths[:, None])[:, None].expand(-1, 4, -1)
    sums = weights.sum(2)
    return bool((weights[behind] == 0).all()) and torch.allclose(
        sums, torch.ones_like(sums)
    )


def padding(context, draw):
    scores, keys, lengths = case(draw, 4, 3, [6, 2, 3])
    behind = torch.arange(6) >= lengths[:, None]
    other = keys + 100 * behind[:, :, None] * draw.normal(3, 6, 3)
    more = scores + 100 * behind[:, None] * draw.normal(3, 4, 6)
    return torch.allclose(
        context(more, other, lengths)[0], context(scores, keys, lengths)[0]
    )


CHECK = Battery(
    cases,
    oracle=oracle,
    edges=edges,
    invariants={"exact": exact, "padding": padding},
    forbid=("pfs.translation", "scaled_dot_product_attention"),
)
