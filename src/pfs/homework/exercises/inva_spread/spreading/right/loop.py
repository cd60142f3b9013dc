import torch


def spreading(f, temperature):
    m, total = len(f), 0.0
    for j in range(m):
        p = torch.softmax(f @ f[j] / temperature, 0)
        for i in range(m):
            if i != j:
                total = total - (1 - p[i]).log()
    return total / m
