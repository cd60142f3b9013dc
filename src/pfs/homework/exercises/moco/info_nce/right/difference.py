import torch


def info_nce(query, key, queue, temperature):
    q = query * query.square().sum(1, keepdim=True).rsqrt()
    k = key * key.square().sum(1, keepdim=True).rsqrt()
    right = torch.einsum("nc,nc->n", q, k)[:, None]
    ahead = (q @ queue.T - right) / temperature
    zero = torch.zeros_like(right)
    return torch.cat([zero, ahead], 1).logsumexp(1).mean()
