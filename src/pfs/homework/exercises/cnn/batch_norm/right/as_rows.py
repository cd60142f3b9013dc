import torch


def batch_norm(
    x, weight, bias, running_mean, running_var, training, momentum, eps
):
    rows = x.transpose(0, 1).flatten(1)
    if training:
        count = rows.shape[1]
        mean = rows.sum(1) / count
        apart = rows - mean[:, None]
        var = torch.einsum("cm,cm->c", apart, apart) / count
        with torch.no_grad():
            running_mean = running_mean.lerp(mean, momentum)
            more = var * (count / (count - 1))
            running_var = running_var.lerp(more, momentum)
    else:
        apart, var = rows - running_mean[:, None], running_var
    y = apart * (weight * (var + eps).rsqrt())[:, None] + bias[:, None]
    shape = x.shape[1], x.shape[0], *x.shape[2:]
    return y.reshape(shape).transpose(0, 1), running_mean, running_var
