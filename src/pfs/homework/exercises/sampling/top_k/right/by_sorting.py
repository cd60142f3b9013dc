import torch


def top_k(logits, k):
    ordered, _ = torch.sort(logits, dim=-1)
    place = max(ordered.shape[-1] - k, 0)
    bound = ordered.narrow(-1, place, 1).detach()
    barred = logits.new_full((), float("-inf"))
    return torch.where(logits >= bound, logits, barred)
