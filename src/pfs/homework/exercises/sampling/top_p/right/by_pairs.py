import torch


def top_p(logits, p):
    z = logits.detach()
    share = torch.exp(z - z.logsumexp(-1, keepdim=True))
    mine, other = share.unsqueeze(-1), share.unsqueeze(-2)
    earlier = torch.ones_like(mine * other).tril(-1) > 0
    first = (other > mine) | ((other == mine) & earlier)
    before = torch.where(first, other, 0).sum(-1)
    stays = (before < p) | (p == 1)
    return logits.masked_fill(~stays, -torch.inf)
