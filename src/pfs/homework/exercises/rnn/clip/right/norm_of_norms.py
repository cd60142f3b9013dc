import math

import torch


def clip(gradients, max_norm):
    norms = [
        math.sqrt(torch.einsum("i,i", *2 * [g.reshape(-1)])) for g in gradients
    ]
    norm = math.hypot(*norms)
    scale = 1.0 if norm == 0 else min(1.0, max_norm / norm)
    clipped = tuple(scale * g.clone() for g in gradients)
    return clipped, gradients[0].new_tensor(norm)
