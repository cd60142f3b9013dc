import torch


def padding_mask(ids, padding):
    apart = (ids.long() - padding).abs().clamp(max=1)
    return torch.einsum("bt->bt", apart).bool().unsqueeze(1).unsqueeze(1)
