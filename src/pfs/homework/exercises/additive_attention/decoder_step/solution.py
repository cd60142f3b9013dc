import torch
from torch import Tensor


def decoder_step(
    y: Tensor,
    s: Tensor,
    keys: Tensor,
    W: Tensor,
    U: Tensor,
    v: Tensor,
    weight_ih: Tensor,
    weight_hh: Tensor,
    bias_ih: Tensor,
    bias_hh: Tensor,
) -> tuple[Tensor, Tensor]:
    e = torch.tanh((s @ W.T)[:, None] + keys @ U.T) @ v
    weights = e.softmax(1)
    c = (weights[:, None] @ keys)[:, 0]
    seen = torch.cat([y, c], 1)
    new = torch.gru_cell(seen, s, weight_ih, weight_hh, bias_ih, bias_hh)
    return new, c
