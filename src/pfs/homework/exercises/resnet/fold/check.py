import torch

from pfs.homework.battery import Battery


def oracle(weight, gain, shift, mean, var, eps):
    scale = gain * (var + eps).rsqrt()
    return torch.einsum("o,ocuv->ocuv", scale, weight), shift - scale * mean


def case(draw, output, channels, rows, columns, eps=1e-5):
    return (
        draw.normal(output, channels, rows, columns),
        draw.normal(output),
        draw.normal(output),
        draw.normal(output),
        draw.uniform(output) + 0.1,
        eps,
    )


def cases(draw):
    yield case(draw, 4, 3, 3, 3)
    yield case(draw, 1, 1, 1, 1, 0.5)
    yield case(draw, 3, 3, 3, 3, 0.1)
    yield case(draw, 5, 2, 1, 1)
    yield case(draw, 2, 7, 3, 5, 0.3)


def edges(draw):
    weight, gain, shift, mean, _, eps = case(draw, 4, 3, 3, 3)
    zeros = torch.zeros_like(gain)
    yield weight, gain, shift, mean, zeros, 0.1
    yield weight, zeros, shift, mean, zeros + 1, eps
    yield weight, gain, shift, 1e4 * mean, zeros + 1e4, eps


def same(fold, draw):
    given = case(draw, 4, 3, 3, 3, 0.2)
    weight, gain, shift, mean, var, eps = given
    x = draw.normal(2, 3, 6, 5)
    two = torch.nn.functional.batch_norm(
        torch.conv2d(x, weight), mean, var, gain, shift, False, 0.0, eps
    )
    return torch.allclose(torch.conv2d(x, *fold(*given)), two)


CHECK = Battery(
    cases,
    oracle=oracle,
    edges=edges,
    invariants={"same": same},
    forbid=("pfs.vision",),
)
