import torch


def pool(left, right, prior):
    scores = right - prior[(None,) * (right.dim() - 1)] + left
    scores = scores - scores.detach().amax(-1, keepdim=True)
    return scores - scores.exp().sum(-1, keepdim=True).log()
