import torch


def carry(state):
    single = isinstance(state, torch.Tensor)
    parts = [state] if single else list(state)
    new = []
    for part in parts:
        leaf = torch.empty_like(part, requires_grad=True)
        leaf.data.copy_(part)
        new.append(leaf)
    return new[0] if single else tuple(new)
