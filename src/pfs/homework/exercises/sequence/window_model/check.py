import torch
from torch.nn import functional

from pfs.homework.battery import Battery, run_module

NAMES = ("C", "H", "d", "U", "W", "b")


def adapt(WindowModel):
    def run(window, *weights):
        symbols, features = weights[0].shape
        hidden, context = weights[1].shape[0], window.shape[1]
        model = WindowModel(symbols, context, features, hidden)
        named = dict(zip(NAMES, weights, strict=True))
        return run_module(model, named, window)

    return run


def oracle(window, C, H, d, U, W, b):
    x = torch.cat([functional.embedding(w, C) for w in window.T], 1)
    hidden = torch.tanh(functional.linear(x, H, d))
    return functional.linear(hidden, U, b) + functional.linear(x, W)


def case(draw, batch, symbols, context, features, hidden):
    wide = context * features
    return (
        draw.whole(symbols, batch, context),
        draw.normal(symbols, features),
        draw.normal(hidden, wide) / 2,
        draw.normal(hidden),
        draw.normal(symbols, hidden),
        draw.normal(symbols, wide),
        draw.normal(symbols),
    )


def cases(draw):
    yield case(draw, 2, 5, 3, 2, 4)
    yield case(draw, 1, 1, 1, 1, 1)
    yield case(draw, 4, 4, 4, 4, 4)
    yield case(draw, 3, 11, 2, 5, 7)
    yield case(draw, 5, 7, 5, 3, 2)


def edges(draw):
    yield case(draw, 0, 5, 3, 2, 4)
    first, C, H, *rest = case(draw, 3, 5, 3, 2, 4)
    yield first, C, 1e4 * H, *rest
    yield 0 * first, C, H, *rest


def one_table(model, draw):
    window, C, H, d, U, W, b = case(draw, 1, 6, 4, 3, 5)
    same = torch.full_like(window, 2)
    turned = torch.cat([H[:, 3:], H[:, :3]], 1)
    moved = torch.cat([W[:, 3:], W[:, :3]], 1)
    a = model(same, C, H, d, U, W, b)
    return torch.allclose(a, model(same, C, turned, d, U, moved, b))


CHECK = Battery(
    cases,
    oracle=oracle,
    names=("window", *NAMES),
    adapt=adapt,
    edges=edges,
    invariants={"one-table": one_table},
    forbid=("pfs.basics",),
)
