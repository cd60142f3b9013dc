from torch.nn import functional


def bottleneck(x, W1, W2, W3, Ws, stride):
    def layer(z, W, step=1):
        z = functional.conv2d(z, W, None, step, W.shape[-1] // 2)
        return functional.batch_norm(z, None, None, None, None, True, 0.1, 1e-5)

    branch = layer(
        functional.relu(layer(functional.relu(layer(x, W1)), W2, stride)), W3
    )
    return functional.relu(layer(x, Ws, stride).add(branch))
