import torch


def sequence_loss(logits, target, pad):
    real = (target != pad).to(logits.dtype)
    largest = logits.amax(2, keepdim=True)
    total = (logits - largest).exp().sum(2).log() + largest[:, :, 0]
    wanted = torch.take_along_dim(logits, target[:, :, None], 2)[:, :, 0]
    return ((total - wanted) * real / real.sum()).sum()
