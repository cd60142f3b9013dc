import torch
from torch.nn import functional

from pfs.homework.battery import Battery, run_module


def adapt(LayerNorm):
    def run(x, weight=None, bias=None, eps=None):
        options = {} if eps is None else {"eps": eps}
        norm = LayerNorm(x.shape[-1], **options)
        if weight is None:
            return norm.to(x.dtype)(x)
        return run_module(norm, {"weight": weight, "bias": bias}, x)

    return run


def oracle(x, weight, bias, eps=1e-5):
    return functional.layer_norm(x, weight.shape, weight, bias, eps)


def case(draw, *shape):
    features = shape[-1]
    return draw.normal(*shape), draw.normal(features), draw.normal(features)


def cases(draw):
    yield case(draw, 2, 3)
    yield *case(draw, 3, 5, 7), 0.1
    yield case(draw, 4, 4)
    yield case(draw, 11)
    yield case(draw, 2, 3, 1)
    x, weight, bias = case(draw, 5, 1, 5)
    yield 1e-3 * x, weight, bias
    yield case(draw, 2, 2, 2, 2)


def edges(draw):
    yield case(draw, 0, 3)
    x, weight, bias = case(draw, 5, 8)
    yield x + 1e5, weight, bias
    yield 1e5 * x, weight, bias
    yield torch.ones_like(x), weight, bias


def fresh(norm, draw):
    y = norm(3 * draw.normal(4, 50) + 7)
    mean, variance = y.mean(-1), y.var(-1, correction=0)
    return bool(
        (mean.abs() < 1e-6).all() and ((variance - 1).abs() < 1e-3).all()
    )


CHECK = Battery(
    cases,
    oracle=oracle,
    adapt=adapt,
    edges=edges,
    invariants={"fresh": fresh},
    forbid=(
        *("layer_norm", "rms_norm", "batch_norm", "group_norm"),
        *("instance_norm", "pfs.nn.layer_norm", "pfs.nn.norm"),
    ),
)
