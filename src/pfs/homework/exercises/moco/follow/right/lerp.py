import torch


def follow(theta, momentum):
    k = theta[0]
    rows = [k]
    for leader in theta[1:]:
        k = torch.lerp(k, leader, 1 - momentum)
        rows.append(k)
    return torch.stack(rows)
