import torch


def adam(theta, g, m, v, t, lr=0.001, beta1=0.9, beta2=0.999, eps=1e-8):
    left = [1.0, 1.0]
    for _ in range(t):
        left = [left[0] * beta1, left[1] * beta2]
    mean = m.clone().mul_(beta1).add_(g, alpha=1 - beta1)
    square = v.clone().mul_(beta2).add_(torch.mul(g, g), alpha=1 - beta2)
    scale = torch.pow(square / (1 - left[1]), 0.5).add(eps)
    return theta.clone().sub_(mean / (1 - left[0]) / scale * lr), mean, square
