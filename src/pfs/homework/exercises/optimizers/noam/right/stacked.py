import torch


def noam(step, d_model, warmup):
    both = torch.stack([step.sqrt().reciprocal(), step / warmup**1.5])
    return both.amin(0).div(d_model**0.5)
