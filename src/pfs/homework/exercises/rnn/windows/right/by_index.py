import torch


def windows(ids, batch_size, window):
    n = (ids.shape[0] - 1) // batch_size
    starts = n * torch.arange(batch_size, device=ids.device)
    found, t = [], 0
    while t < n:
        steps = torch.arange(t, min(t + window, n), device=ids.device)
        places = starts[:, None] + steps
        found.append((ids[places], ids[places + 1]))
        t += window
    return found
