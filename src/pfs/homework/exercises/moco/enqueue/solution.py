import torch
from torch import Tensor


def enqueue(queue: Tensor, pointer: int, keys: Tensor) -> tuple[Tensor, int]:
    count = torch.arange(len(keys), device=keys.device)
    rows = (pointer + count) % len(queue)
    filled = queue.clone()
    filled[rows] = keys
    return filled, (pointer + len(keys)) % len(queue)
