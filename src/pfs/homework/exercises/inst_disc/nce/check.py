import math

import torch
from torch.nn.functional import binary_cross_entropy_with_logits as bce

from pfs.homework.battery import Battery


def oracle(data, noise, log_z, images):
    shift = log_z + math.log(noise.shape[1] / images)
    logits = torch.cat([data[:, None], noise], 1) - shift
    truth = torch.zeros_like(logits)
    truth[:, 0] = 1
    return bce(logits, truth, reduction="sum") / len(data)


def case(draw, batch, drawn, log_z, images):
    return (
        3 * draw.normal(batch),
        3 * draw.normal(batch, drawn),
        log_z,
        images,
    )


def cases(draw):
    yield case(draw, 3, 5, 1.5, 100)
    yield case(draw, 1, 1, 0.0, 1)
    yield case(draw, 4, 4, 2.0, 4)
    yield case(draw, 2, 7, -1.0, 3)
    yield case(draw, 7, 2, 5.0, 1000)


def edges(draw):
    data, noise, *rest = case(draw, 3, 5, 1.5, 100)
    yield 1e3 * data, 1e3 * noise, *rest
    yield data - 1e4, noise + 1e4, *rest


def shifted(nce, draw):
    data, noise, log_z, images = case(draw, 3, 5, 1.5, 100)
    return torch.allclose(
        nce(data + 2, noise + 2, log_z + 2, images),
        nce(data, noise, log_z, images),
    )


def even(nce, draw):
    m, n = 4, 50
    zeros = draw.normal(3, m) * 0
    want = math.log(1 + m) + m * math.log(1 + 1 / m)
    got = nce(zeros[:, 0], zeros, math.log(n), n)
    return abs(float(got) - want) < 1e-6


CHECK = Battery(
    cases,
    oracle=oracle,
    edges=edges,
    invariants={"shifted": shifted, "even": even},
    gradient=(0, 1),
    forbid=(
        "pfs.contrastive",
        "binary_cross_entropy",
        "binary_cross_entropy_with_logits",
    ),
)
