import torch


def probabilities(logits, temperature):
    largest = logits.max(dim=-1, keepdim=True).values
    if temperature > 0:
        z = (logits - largest.detach()) / temperature
        return torch.log_softmax(z, dim=-1).exp()
    equal = logits == largest
    first = equal & (equal.cumsum(-1) == 1)
    return first.to(logits.dtype)
