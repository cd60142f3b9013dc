import torch


def mix(counts, below):
    kinds = (counts > 0).sum().double()
    whole = counts.sum() + kinds
    return (counts + kinds * below) / whole if whole > 0 else below


def bigram(ids, num_symbols):
    ids = ids.long()
    single = torch.bincount(ids, minlength=num_symbols).double()
    even = torch.full((num_symbols,), num_symbols, dtype=torch.double)
    below = mix(single, 1 / even)
    rows = []
    for c in range(num_symbols):
        after = ids[1:][ids[:-1] == c]
        counts = torch.bincount(after, minlength=num_symbols).double()
        rows.append(mix(counts, below))
    return torch.stack(rows)
