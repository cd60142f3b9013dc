import torch


def bank_softmax(embeddings, bank, index, temperature):
    length = (embeddings**2).sum(1, keepdim=True).sqrt()
    scores = torch.einsum("bd,nd->bn", embeddings / length, bank) / temperature
    top = scores.max(1, keepdim=True).values
    log_p = scores - top - (scores - top).exp().sum(1, keepdim=True).log()
    wanted = torch.arange(bank.shape[0], device=bank.device) == index[:, None]
    return -torch.where(wanted, log_p, 0).sum(1).mean()
