import torch


def clip(gradients, max_norm):
    v = torch.cat([g.reshape(-1) for g in gradients])
    norm = torch.linalg.vector_norm(v)
    v = v * max_norm / torch.clamp(norm, min=max_norm)
    pieces = v.split([g.numel() for g in gradients])
    return [p.view(g.shape) for p, g in zip(pieces, gradients)], norm
