import torch


def masked_mean(x, lengths):
    batch, _, features = x.shape
    sums = torch.cat([x.new_zeros(batch, 1, features), x.cumsum(1)], 1)
    last = lengths.reshape(-1, 1, 1).expand(batch, 1, features)
    divisor = torch.where(lengths > 0, lengths, 1).reshape(-1, 1)
    return sums.gather(1, last).squeeze(1) / divisor
