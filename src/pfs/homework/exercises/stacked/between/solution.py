import torch
from torch import Tensor

Weights = tuple[Tensor, Tensor, Tensor]


def one_layer(reads: Tensor, state: Tensor, own: Weights) -> Tensor:
    weight_ih, weight_hh, bias = own
    states = []
    for step in reads:
        state = torch.tanh(step @ weight_ih.T + state @ weight_hh.T + bias)
        states.append(state)
    return torch.stack(states)


def between(
    x: Tensor, h: Tensor, weights: list[Weights], masks: Tensor, p: float
) -> tuple[Tensor, Tensor]:
    outputs, last = x, []
    for layer, (start, own) in enumerate(zip(h, weights, strict=True)):
        if layer > 0:
            outputs = outputs * masks[layer - 1] / (1 - p)
        outputs = one_layer(outputs, start, own)
        last.append(outputs[-1])
    return outputs, torch.stack(last)
