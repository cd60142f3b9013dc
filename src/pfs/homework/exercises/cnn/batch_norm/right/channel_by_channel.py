import torch


def batch_norm(
    x, weight, bias, running_mean, running_var, training, momentum, eps
):
    planes, means, spreads = [], [], []
    for c in range(x.shape[1]):
        plane, mean, spread = x[:, c], running_mean[c], running_var[c]
        if training:
            old_mean, old_spread = mean, spread
            spread, mean = torch.var_mean(plane, correction=0)
            more = plane.detach().var()
            means.append(old_mean + momentum * (mean.detach() - old_mean))
            spreads.append(old_spread + momentum * (more - old_spread))
        else:
            means.append(mean)
            spreads.append(spread)
        normal = (plane - mean) * (spread + eps) ** -0.5
        planes.append(normal * weight[c] + bias[c])
    return torch.stack(planes, 1), torch.stack(means), torch.stack(spreads)
