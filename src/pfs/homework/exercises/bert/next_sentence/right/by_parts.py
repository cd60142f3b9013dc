import torch
from torch.nn import functional


def next_sentence(first, following, other, random, marks, length):
    start, separator, padding = marks
    second = other if random else following
    one = functional.pad(functional.pad(first, (1, 0), value=start), (0, 1))
    one[-1] = separator
    two = functional.pad(second, (0, 1), value=separator)
    short = length - len(one) - len(two)
    ids = torch.cat([one, two])
    types = torch.cat([torch.zeros_like(one), torch.ones_like(two)])
    empty = functional.pad(torch.zeros_like(ids), (0, short), value=1).bool()
    ids = functional.pad(ids, (0, short), value=padding)
    types = functional.pad(types, (0, short))
    return ids, types, empty, torch.ones_like(first).sum() * 0 + int(random)
