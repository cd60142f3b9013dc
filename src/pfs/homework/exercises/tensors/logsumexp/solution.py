from torch import Tensor


def logsumexp(x: Tensor) -> Tensor:
    largest = x.amax(-1, keepdim=True)
    shift = largest.masked_fill(largest.isinf(), 0)
    total = (x - shift).exp().sum(-1)
    return total.log() + shift.squeeze(-1)
