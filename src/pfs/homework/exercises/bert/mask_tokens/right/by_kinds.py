import torch


def mask_tokens(ids, special, vocabulary, mask, choice, fate, piece):
    marks = (ids[..., None] == special).sum(-1)
    chosen = ((choice < 0.15) & (marks == 0)).long()
    kind = (fate >= 0.8).long() + (fate >= 0.9).long()
    word = torch.floor(vocabulary * piece).to(ids.dtype)
    shown = torch.stack([torch.full_like(ids, mask), ids, word])
    shown = shown.gather(0, kind[None])[0]
    inputs = chosen * shown + (1 - chosen) * ids
    return inputs, chosen * (ids + 100) - 100
