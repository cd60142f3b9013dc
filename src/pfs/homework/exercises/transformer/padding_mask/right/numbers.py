import torch


def padding_mask(ids, padding):
    batch, time = ids.shape
    mask = torch.ones(batch, 1, 1, time, dtype=torch.bool, device=ids.device)
    return mask.masked_fill((ids == padding).unsqueeze(1).unsqueeze(2), False)
