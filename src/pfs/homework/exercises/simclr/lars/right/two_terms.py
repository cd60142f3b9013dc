import torch


def lars(w, g, v, lr, momentum=0.9, weight_decay=0.0, eta=0.001):
    long, slope = (t.norm() for t in (w, g))
    ratio = eta * long / (slope + weight_decay * long)
    ratio = torch.nan_to_num(ratio, nan=1.0, posinf=1.0)
    ratio = ratio.masked_fill(long == 0, 1.0)
    rate = lr * ratio
    new = momentum * v + rate * g + rate * weight_decay * w
    return w - new, new
