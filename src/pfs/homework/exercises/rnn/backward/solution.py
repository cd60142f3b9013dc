import torch
from torch import Tensor


def backward(
    g: Tensor,
    x: Tensor,
    h: Tensor,
    weight_ih: Tensor,
    weight_hh: Tensor,
    bias: Tensor,
) -> tuple[Tensor, Tensor, Tensor, Tensor]:
    states = [h]
    for step in x:
        z = step @ weight_ih.T + states[-1] @ weight_hh.T + bias
        states.append(torch.tanh(z))
    dW, dU, db = (torch.zeros_like(p) for p in (weight_ih, weight_hh, bias))
    dh = torch.zeros_like(h)
    for t in reversed(range(len(x))):
        before, after = states[t], states[t + 1]
        delta = (1 - after**2) * (g[t] + dh)
        dW += delta.T @ x[t]
        dU += delta.T @ before
        db += delta.sum(0)
        dh = delta @ weight_hh
    return dW, dU, db, dh
