from torch import Tensor


def conv_backward(
    x: Tensor, weight: Tensor, dy: Tensor, stride: int, padding: int
) -> tuple[Tensor, Tensor, Tensor]:
    return ...
