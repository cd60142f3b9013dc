import torch


def k_step(values, weights, bias, steps):
    columns = list(values.unbind(1))
    for _ in range(steps):
        last = columns[len(columns) - len(weights) :]
        following = bias.expand(len(values))
        for weight, column in zip(weights.unbind(0), last):
            following = following + weight * column
        columns.append(following)
    ahead = columns[values.shape[1] :]
    return torch.stack(ahead, 1) if ahead else values[:, :0]
