import torch


def normal(x):
    var, mean = torch.var_mean(x, (0, 2, 3), correction=0, keepdim=True)
    return (x - mean) * (var + 1e-5).rsqrt()


def mix(x, W):
    return torch.einsum("oc,bchw->bohw", W[:, :, 0, 0], x)


def bottleneck(x, W1, W2, W3, Ws, stride):
    y = torch.relu(normal(mix(x, W1)))
    y = torch.conv2d(y, W2, None, stride, 1)
    y = mix(normal(y).clamp(min=0), W3)
    thin = x[:, :, ::stride, ::stride]
    return torch.relu(normal(mix(thin, Ws)) + normal(y))
