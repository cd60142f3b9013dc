import torch


def shuffle(x, order, split):
    parts = []
    for group in x[order].chunk(split):
        variance, mean = torch.var_mean(group, 0, correction=0)
        parts.append((group - mean) * (variance + 1e-5).rsqrt())
    result = torch.zeros_like(x)
    return result.index_copy(0, order, torch.cat(parts))
