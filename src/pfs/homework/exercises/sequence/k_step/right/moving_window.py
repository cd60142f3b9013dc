import torch


def k_step(values, weights, bias, steps):
    window = values[:, values.shape[1] - weights.numel() :]
    found = [values[:, :0]]
    for _ in range(steps):
        following = window @ weights[:, None] + bias
        found.append(following)
        window = torch.cat([window[:, 1:], following], 1)
    return torch.cat(found, 1)
