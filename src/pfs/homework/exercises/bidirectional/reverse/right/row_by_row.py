import torch


def reverse(x, lengths):
    rows = [x[:0]]
    for row, n in zip(x, lengths.tolist()):
        rows.append(torch.cat([row[:n].flip(0), row[n:]])[None])
    return torch.cat(rows)
