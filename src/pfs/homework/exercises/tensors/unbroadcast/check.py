import torch

from pfs.homework.battery import Battery


def cases(draw):
    yield draw.normal(2, 3), (3,)
    yield draw.normal(2, 3), (2, 1)
    yield draw.normal(3, 3, 3), (3, 1, 3)
    yield draw.normal(2, 3), (2, 3)
    yield draw.normal(5), ()
    yield draw.normal(2, 2, 2, 2), (1, 2)
    yield draw.normal(2, 7, 1, 5), (7, 1, 1)
    yield draw.normal(3, 3), (3,)
    yield draw.normal(1, 3), (3,)
    yield draw.normal(4, 1), (1, 1)
    yield draw.normal(), ()


def edges(draw):
    yield draw.normal(0, 3), (3,)
    yield draw.normal(2, 0, 3), (1, 3)
    yield draw.normal(0, 3), (0, 3)
    yield draw.normal(3, 0), (1,)
    yield 1e4 * draw.normal(4, 3), (3,)


CHECK = Battery(
    cases,
    oracle=torch.Tensor.sum_to_size,
    edges=edges,
    forbid=(
        *("sum_to_size", "backward"),
        *("torch.autograd", "torch._functorch"),
    ),
)
