import torch


def chain_rule(log_probs, ids, lengths):
    total = log_probs.new_zeros(len(ids))
    for t in range(ids.shape[1]):
        step = log_probs[:, t].gather(1, ids[:, t : t + 1])[:, 0]
        total = torch.where(t < lengths, total + step, total)
    return total
