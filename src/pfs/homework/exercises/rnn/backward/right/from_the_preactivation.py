import torch


def backward(g, x, h, weight_ih, weight_hh, bias):
    time, before, sums = x.shape[0], [], []
    for t in range(time):
        before.append(h)
        sums.append(x[t].matmul(weight_ih.t()) + h.matmul(weight_hh.t()) + bias)
        h = torch.tanh(sums[-1])
    later, parts = torch.zeros_like(h), []
    for t in range(time - 1, -1, -1):
        delta = (g[t] + later) / torch.cosh(sums[t].clamp(-40, 40)) ** 2
        outer = delta[:, :, None]
        parts.append(
            (
                (outer * x[t][:, None, :]).sum(0),
                (outer * before[t][:, None, :]).sum(0),
                delta.sum(0),
            )
        )
        later = delta @ weight_hh
    return *(sum(part) for part in zip(*parts)), later
