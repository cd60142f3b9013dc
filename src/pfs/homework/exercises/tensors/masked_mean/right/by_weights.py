import torch


def masked_mean(x, lengths):
    time = torch.ones_like(x[:, :, 0], dtype=torch.int64).cumsum(1)
    valid = time <= lengths.unsqueeze(1)
    counts = valid.sum(1, keepdim=True).clamp_min(1)
    clean = torch.where(valid[..., None], x, torch.zeros_like(x))
    return torch.einsum("bt,btf->bf", valid.to(x.dtype) / counts, clean)
