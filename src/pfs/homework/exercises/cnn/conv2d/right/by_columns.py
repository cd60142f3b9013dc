from torch.nn import functional


def conv2d(x, weight, bias, stride, padding):
    outs, _, rows, columns = weight.shape
    width = (x.shape[3] + 2 * padding - columns) // stride + 1
    height = (x.shape[2] + 2 * padding - rows) // stride + 1
    seen = functional.unfold(x, (rows, columns), padding=padding, stride=stride)
    y = weight.flatten(1) @ seen + bias[:, None]
    return y.reshape(x.shape[0], outs, height, width)
