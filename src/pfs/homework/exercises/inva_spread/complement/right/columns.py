import torch


def complement(scores):
    total = scores.logsumexp(1)
    columns = []
    for k in range(scores.shape[1]):
        rest = torch.cat([scores[:, :k], scores[:, k + 1 :]], 1)
        columns.append(rest.logsumexp(1) - total)
    return torch.stack(columns, 1)
