import torch
from torch import Tensor


def next_sentence(
    first: Tensor,
    following: Tensor,
    other: Tensor,
    random: bool,
    marks: tuple[int, int, int],
    length: int,
) -> tuple[Tensor, Tensor, Tensor, Tensor]:
    second = other if random else following
    start, separator, padding = (first.new_tensor([mark]) for mark in marks)
    row = torch.cat([start, first, separator, second, separator])
    ids = torch.cat([row, padding.expand(length - len(row))])
    types = torch.zeros_like(ids)
    types[len(first) + 2 : len(row)] = 1
    empty = torch.arange(length, device=ids.device) >= len(row)
    label = first.new_tensor(int(random))
    return ids, types, empty, label
