import torch


def lars(w, g, v, lr, momentum=0.9, weight_decay=0.0, eta=0.001):
    a, b = w.flatten(), g.flatten()
    long = torch.linalg.vector_norm(a)
    below = torch.linalg.vector_norm(b) + weight_decay * long
    still = (long == 0) | (below == 0)
    safe = torch.where(still, torch.ones_like(below), below)
    ratio = torch.where(still, torch.ones_like(long), eta * long / safe)
    step = lr * ratio * torch.add(g, w, alpha=weight_decay)
    speed = momentum * v + step
    return w - speed, speed
