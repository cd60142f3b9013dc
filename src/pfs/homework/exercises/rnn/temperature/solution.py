import torch
from torch import Tensor

from pfs.nn import softmax


def probabilities(logits: Tensor, temperature: float) -> Tensor:
    if temperature == 0:
        best = logits.argmax(-1, keepdim=True)
        return torch.zeros_like(logits).scatter(-1, best, 1.0)
    below = logits - logits.amax(-1, keepdim=True)
    return softmax(below / temperature, -1)
