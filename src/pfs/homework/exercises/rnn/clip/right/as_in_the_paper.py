def clip(gradients, max_norm):
    total = 0
    for g in gradients:
        total = total + (g * g).sum()
    norm = total**0.5
    if norm > max_norm:
        return [max_norm / norm * g for g in gradients], norm
    return list(gradients), norm
