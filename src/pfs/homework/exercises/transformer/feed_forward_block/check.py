import torch
from torch.nn import functional

from pfs.homework.battery import Battery, run_module

NAMES = ("linear1.weight", "linear1.bias", "linear2.weight", "linear2.bias")


def adapt(FeedForward):
    def run(x, *weights):
        network = FeedForward(x.shape[-1], weights[0].shape[0])
        return run_module(network, dict(zip(NAMES, weights, strict=True)), x)

    return run


def oracle(x, weight1, bias1, weight2, bias2):
    columns = x.reshape(-1, x.shape[-1]).T
    if columns.shape[1] == 0:
        return x.clone()
    hidden = functional.conv1d(columns, weight1[..., None], bias1)
    hidden = (hidden + hidden.abs()) / 2
    y = functional.conv1d(hidden, weight2[..., None], bias2)
    return y.T.reshape(x.shape)


def case(draw, d_ff, *shape):
    d_model = shape[-1]
    return (
        draw.normal(*shape),
        draw.normal(d_ff, d_model),
        draw.normal(d_ff),
        draw.normal(d_model, d_ff),
        draw.normal(d_model),
    )


def cases(draw):
    yield case(draw, 7, 2, 3, 5)
    yield case(draw, 4, 4, 4, 4)
    yield case(draw, 11, 3, 5, 2)
    yield case(draw, 3, 7)
    yield case(draw, 5, 1, 1, 1)
    yield case(draw, 2, 2, 3, 2, 3)
    yield case(draw, 13, 5, 4)


def edges(draw):
    yield case(draw, 7, 0, 3, 5)
    x, *weights = case(draw, 7, 2, 3, 5)
    yield 1e4 * x, *weights
    yield torch.zeros_like(x), *weights


def alone(network, draw):
    x, *weights = case(draw, 7, 3, 5, 4)
    whole, one = network(x, *weights), network(x[1:2, 3:4], *weights)
    return torch.allclose(whole[1:2, 3:4], one, rtol=0, atol=1e-9)


CHECK = Battery(
    cases,
    oracle=oracle,
    adapt=adapt,
    edges=edges,
    invariants={"alone": alone},
    forbid=("torch.nn.modules.transformer", "pfs.translation"),
)
