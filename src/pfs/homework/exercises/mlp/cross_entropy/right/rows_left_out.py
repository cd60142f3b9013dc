def cross_entropy(logits, target, ignore_index=-100):
    counts = target != ignore_index
    z, t = logits[counts], target[counts]
    hit = z[range(len(t)), t]
    return (z.logsumexp(-1) - hit).mean()
