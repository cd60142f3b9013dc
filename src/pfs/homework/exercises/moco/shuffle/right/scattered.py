import torch


def shuffle(x, order, split):
    size = len(x) // split
    mixed = x.index_select(0, order).reshape(split, size, x.shape[1])
    deviation = mixed - mixed.sum(1, keepdim=True) / size
    spread = (deviation**2).sum(1, keepdim=True) / size
    rows = (deviation / torch.sqrt(spread + 1e-5)).reshape(len(x), -1)
    back = torch.empty_like(order)
    back[order] = torch.arange(len(x), device=order.device)
    return rows[back]
