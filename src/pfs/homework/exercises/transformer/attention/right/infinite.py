import torch

from pfs.nn import softmax


def attention(query, key, value, mask=None):
    query = query * query.shape[-1] ** -0.5
    scores = torch.einsum("...id,...jd->...ij", query, key)
    if mask is not None:
        scores = torch.where(mask, scores, -torch.inf)
    weights = softmax(scores, -1)
    if mask is not None:
        weights = torch.where(mask, weights, 0)
    return torch.einsum("...ij,...jv->...iv", weights, value)
