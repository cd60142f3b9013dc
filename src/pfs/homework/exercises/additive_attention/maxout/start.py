from torch import Tensor


def maxout(x: Tensor, pieces: int) -> Tensor:
    return ...
