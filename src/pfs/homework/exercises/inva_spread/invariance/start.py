from torch import Tensor


def invariance(f: Tensor, copies: Tensor, temperature: float) -> Tensor:
    return ...
