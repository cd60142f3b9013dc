import torch


def context(scores, keys, lengths):
    places = torch.arange(scores.shape[2], device=scores.device)
    behind = (places >= lengths.unsqueeze(1)).unsqueeze(1)
    scores = scores.masked_fill(behind, -torch.inf)
    shares = (scores - scores.amax(2, keepdim=True)).exp()
    weights = shares / shares.sum(2, keepdim=True)
    return torch.einsum("bij,bjk->bik", weights, keys), weights
