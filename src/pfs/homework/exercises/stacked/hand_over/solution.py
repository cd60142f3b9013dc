import torch
from torch import Tensor

Weights = tuple[Tensor, Tensor, Tensor, Tensor]


def step(
    x: Tensor, h: Tensor, c: Tensor, weights: list[Weights]
) -> tuple[Tensor, Tensor]:
    below, said, kept = x, [], []
    for layer, (weight_ih, weight_hh, bias_ih, bias_hh) in enumerate(weights):
        own_h, own_c = h[layer], c[layer]
        gates = below @ weight_ih.T + bias_ih + own_h @ weight_hh.T + bias_hh
        i, f, g, o = gates.chunk(4, dim=1)
        cell = f.sigmoid() * own_c + i.sigmoid() * g.tanh()
        below = o.sigmoid() * cell.tanh()
        said.append(below)
        kept.append(cell)
    return torch.stack(said), torch.stack(kept)
