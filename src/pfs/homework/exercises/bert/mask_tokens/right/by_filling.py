import torch


def mask_tokens(ids, special, vocabulary, mask, choice, fate, piece):
    left_out = choice >= 0.15
    left_out = left_out | (ids.unsqueeze(-1) == special).any(-1)
    targets = ids.masked_fill(left_out, -100)
    shown = torch.full_like(ids, mask)
    shown = torch.where(fate >= 0.8, ids, shown)
    shown = torch.where(fate >= 0.9, (piece * vocabulary).floor().long(), shown)
    return torch.where(left_out, ids, shown), targets
