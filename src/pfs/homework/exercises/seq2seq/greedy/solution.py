import torch
from torch import Tensor


def greedy(
    log_p: Tensor, bos: int, eos: int, max_length: int
) -> tuple[Tensor, Tensor]:
    rows = torch.arange(len(log_p), device=log_p.device)
    token = torch.full_like(rows, bos)
    ended = torch.zeros_like(rows, dtype=torch.bool)
    total = log_p.new_zeros(len(log_p))
    tokens = []
    for _ in range(max_length):
        following = log_p[rows, token]
        token = following.argmax(1).masked_fill(ended, eos)
        said = following[rows, token]
        total = total + torch.where(ended, 0, said)
        ended = ended | (token == eos)
        tokens.append(token)
    return torch.stack(tokens, 1), total
