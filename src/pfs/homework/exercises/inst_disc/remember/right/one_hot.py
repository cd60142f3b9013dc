import torch
from torch.nn.functional import normalize


def remember(bank, embeddings, index, momentum):
    numbers = torch.arange(bank.shape[0], device=bank.device)
    visits = (numbers[:, None] == index).to(bank.dtype)
    often = visits.sum(1, keepdim=True)
    mean = visits @ embeddings / often.clamp(min=1)
    new = normalize(bank * momentum + mean * (1 - momentum), dim=1)
    return bank * (often == 0) + new * (often > 0)
