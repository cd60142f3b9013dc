import torch
from torch import Tensor


def spreading(f: Tensor, temperature: float) -> Tensor:
    p = torch.softmax(f @ f.T / temperature, 1)
    log_not = torch.log1p(-p)
    return -(log_not.sum() - log_not.trace()) / len(f)
