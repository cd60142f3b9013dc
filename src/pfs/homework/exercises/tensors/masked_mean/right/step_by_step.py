import torch


def masked_mean(x, lengths):
    mean = torch.zeros_like(x[:, :1].sum(1))
    for t, step in enumerate(x.unbind(1)):
        moved = mean + (step - mean) / (t + 1)
        mean = torch.where((t < lengths).unsqueeze(1), moved, mean)
    return mean
