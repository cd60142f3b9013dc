import torch


def windows(ids, batch_size, window):
    n = (len(ids) - 1) // batch_size
    rows = [ids[i * n : (i + 1) * n + 1] for i in range(batch_size)]
    pairs = []
    for t in range(0, n, window):
        end = min(t + window, n)
        inputs = torch.stack([row[t:end] for row in rows])
        targets = torch.stack([row[t + 1 : end + 1] for row in rows])
        pairs.append((inputs, targets))
    return pairs
