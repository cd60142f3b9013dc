import torch


def probabilities(logits, temperature):
    vocab = logits.shape[-1]
    rows = []
    for row in logits.reshape(-1, vocab).unbind():
        if temperature == 0:
            symbols = torch.arange(vocab, device=row.device)
            rows.append((symbols == torch.argmax(row)).to(row))
        else:
            z = (row - row.max()) / temperature
            rows.append(torch.exp(z - torch.logsumexp(z, 0)))
    if not rows:
        return logits.clone()
    return torch.stack(rows).reshape(logits.shape)
