import torch


def gap(ahead, back, lengths):
    rows = []
    for h, g, n in zip(ahead, back, lengths.tolist()):
        before = torch.cat([h.new_zeros(1, h.shape[1]), h[: n - 1]])
        after = torch.cat([g[1:n], g.new_zeros(1, g.shape[1])])
        both = torch.cat([before, after], 1)
        rows.append(
            torch.cat([both, both.new_zeros(len(h) - n, both.shape[1])])
        )
    if not rows:
        return ahead.new_zeros(
            0, ahead.shape[1], ahead.shape[2] + back.shape[2]
        )
    return torch.stack(rows)
