import torch


def top_p(logits, p):
    left = torch.softmax(logits.detach(), -1)
    total = torch.zeros_like(left[..., :1])
    stays = torch.zeros_like(left, dtype=torch.bool)
    symbols = torch.arange(left.shape[-1], device=left.device)
    for _ in range(left.shape[-1]):
        best = left.argmax(-1, keepdim=True)
        taken = (symbols == best) & (total < p)
        stays = stays | taken
        total = total + left.gather(-1, best)
        left = left.masked_fill(symbols == best, -1)
    if p == 1:
        stays = torch.ones_like(stays)
    return torch.where(stays, logits, -torch.inf)
