import torch


def bigram(ids, num_symbols):
    ids = ids.long()
    pairs = torch.zeros(num_symbols, num_symbols, dtype=torch.double)
    ones = torch.ones(len(ids) - 1, dtype=torch.double)
    pairs.index_put_((ids[:-1], ids[1:]), ones, accumulate=True)
    single = torch.bincount(ids, minlength=num_symbols).double()
    u = torch.count_nonzero(single).double()
    p = (single + u / num_symbols) / (single.sum() + u)
    kinds = torch.count_nonzero(pairs, dim=1).double()[:, None]
    left = pairs.sum(1)[:, None] + kinds
    return (pairs + kinds * p + (left == 0) * p) / (left + (left == 0))
