import torch
from torch import Tensor


def bank_softmax(
    embeddings: Tensor, bank: Tensor, index: Tensor, temperature: float
) -> Tensor:
    unit = embeddings / embeddings.norm(dim=1, keepdim=True)
    scores = unit @ bank.T / temperature
    own = scores.gather(1, index[:, None])[:, 0]
    return (torch.logsumexp(scores, 1) - own).mean()
