import torch


def next_sentence(first, following, other, random, marks, length):
    start, separator, padding = marks
    second = [following, other][random]
    a, b = len(first), len(second)
    ids = torch.full((length,), padding, dtype=first.dtype, device=first.device)
    ids[0] = start
    ids[1 : a + 1] = first
    ids[a + 1] = separator
    ids[a + 2 : a + b + 2] = second
    ids[a + b + 2] = separator
    places = torch.arange(length, device=first.device)
    types = (places > a + 1) & (places < a + b + 3)
    label = torch.full((), random, dtype=torch.int64, device=first.device)
    return ids, types.long(), ids == padding, label
