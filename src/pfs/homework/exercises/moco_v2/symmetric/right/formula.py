import torch


def symmetric(q1, k1, q2, k2, queue, temperature):
    losses = []
    for q, k in ((q1, k2), (q2, k1)):
        right = torch.einsum("nd,nd->n", q, k) / temperature
        others = torch.einsum("nd,jd->nj", q, queue) / temperature
        wrong = torch.logsumexp(others - right[:, None], 1)
        losses.append(torch.logaddexp(torch.zeros_like(wrong), wrong))
    return torch.stack(losses).mean()
