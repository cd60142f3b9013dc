import torch


def spreading(f, temperature):
    scores = f @ f.T / temperature
    log_p = scores - scores.logsumexp(1, keepdim=True)
    own = torch.eye(len(f), dtype=torch.bool, device=f.device)
    p = log_p.exp().masked_fill(own, 0.0)
    return -torch.log1p(-p).sum(1).mean()
