import torch


def top_k(logits, k):
    left = logits.detach().clone()
    keep = torch.zeros_like(left, dtype=torch.bool)
    count = keep.sum(-1, keepdim=True)
    for _ in range(k):
        best = left.amax(-1, keepdim=True)
        equal = (left == best) & (count < k) & ~keep
        keep = keep | equal
        count = keep.sum(-1, keepdim=True)
        left = left.masked_fill(keep, -torch.inf)
    return logits.masked_fill(~keep, -torch.inf)
