import torch
from torch.nn import functional

from pfs.homework.battery import Battery


def oracle(x, weight, bias, running_mean, running_var, training, momentum, eps):
    mean, var = running_mean.detach().clone(), running_var.detach().clone()
    y = functional.batch_norm(
        x, mean, var, weight, bias, training, momentum, eps
    )
    return y, mean, var


def case(draw, shape, training, momentum=0.1, eps=1e-5):
    channels = shape[1]
    return (
        2 * draw.normal(*shape) + 1,
        draw.normal(channels),
        draw.normal(channels),
        draw.normal(channels),
        draw.uniform(channels) + 0.5,
        training,
        momentum,
        eps,
    )


def cases(draw):
    yield case(draw, (2, 3, 4, 5), True)
    yield case(draw, (2, 3, 4, 5), False)
    yield case(draw, (3, 3, 3, 3), True, 0.3, 1e-3)
    yield case(draw, (1, 2, 1, 2), True, 0.5, 0.1)
    yield case(draw, (7, 2, 1, 1), True, 0.9, 0.5)
    yield case(draw, (1, 1, 1, 1), False, 0.2, 0.5)
    yield case(draw, (4, 4, 4, 4), True, 0.0)
    yield case(draw, (2, 5, 3, 2), True, 1.0)


def edges(draw):
    yield case(draw, (0, 3, 2, 2), False)
    x, *rest = case(draw, (2, 3, 4, 5), True)
    yield torch.ones_like(x), *rest
    yield x + 1e5, *rest
    yield 1e4 * x, *rest


def standard(batch_norm, draw):
    x, weight, bias, *rest = case(draw, (3, 4, 5, 6), True, eps=1e-12)
    weight, bias = torch.ones_like(weight), torch.zeros_like(bias)
    y = batch_norm(x, weight, bias, *rest)[0]
    var, mean = torch.var_mean(y, (0, 2, 3), correction=0)
    return torch.allclose(mean, torch.zeros_like(mean)) and torch.allclose(
        var, torch.ones_like(var)
    )


def alone(batch_norm, draw):
    x, *rest = case(draw, (4, 3, 2, 5), False)
    whole, one = batch_norm(x, *rest)[0], batch_norm(x[1:2], *rest)[0]
    return torch.allclose(one, whole[1:2])


CHECK = Battery(
    cases,
    oracle=oracle,
    edges=edges,
    gradient=(0, 1, 2),
    invariants={"standard": standard, "alone": alone},
    forbid=(
        *("batch_norm", "instance_norm", "layer_norm", "group_norm"),
        *("cudnn_batch_norm", "miopen_batch_norm", "batch_norm_legit"),
        *("batch_norm_with_update", "batch_norm_impl_index"),
        *("torch.nn.modules.batchnorm", "pfs.basics.cnn"),
    ),
)
