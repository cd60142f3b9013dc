from torch.nn.functional import one_hot


def probabilities(logits, temperature):
    if not temperature:
        hot = one_hot(logits.argmax(-1), logits.shape[-1])
        return hot.to(logits.dtype)
    largest, _ = logits.max(-1, keepdim=True)
    powers = ((logits - largest) / temperature).exp()
    return powers / powers.sum(-1, keepdim=True)
