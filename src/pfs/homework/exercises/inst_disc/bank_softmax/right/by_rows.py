import torch
from torch.nn.functional import normalize


def bank_softmax(embeddings, bank, index, temperature):
    v = normalize(embeddings, dim=1) / temperature
    others = torch.logsumexp(v @ bank.mT, -1)
    own = (v * bank[index]).sum(-1)
    return others.mean() - own.mean()
