import torch


def walk(row, weights):
    w, u, b, c = weights
    state = torch.zeros(len(u), dtype=row.dtype, device=row.device)
    for step in row:
        state = torch.tanh(w @ step + u @ state + b + c)
        yield state


def both_ends(x, lengths, ahead, back):
    rows = []
    for row, n in zip(x, lengths.tolist()):
        h = torch.stack(list(walk(row[:n], ahead)))
        g = torch.stack(list(walk(row[:n].flip(0), back))).flip(0)
        joined = torch.cat([h, g], 1)
        rest = joined.new_zeros(len(row) - n, joined.shape[1])
        rows.append(torch.cat([joined, rest]))
    if not rows:
        return x.new_zeros(*x.shape[:2], len(ahead[1]) + len(back[1]))
    return torch.stack(rows)
