import torch
from torch.nn.functional import cross_entropy, normalize


def info_nce(query, key, queue, temperature):
    q, k = normalize(query, dim=1), normalize(key, dim=1)
    l_pos = torch.einsum("nc,nc->n", q, k).unsqueeze(1)
    l_neg = torch.einsum("nc,kc->nk", q, queue)
    logits = torch.cat([l_neg, l_pos], 1) / temperature
    last = torch.full_like(query[:, 0], len(queue), dtype=torch.long)
    return cross_entropy(logits, last)
