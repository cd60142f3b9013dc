from torch import Tensor


def distances(x: Tensor, y: Tensor) -> Tensor:
    difference = x[:, None] - y
    return difference.square().sum(-1)
