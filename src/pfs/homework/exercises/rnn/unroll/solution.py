import torch
from torch import Tensor


def unroll(
    x: Tensor,
    h: Tensor,
    weight_ih: Tensor,
    weight_hh: Tensor,
    bias_ih: Tensor,
    bias_hh: Tensor,
) -> tuple[Tensor, Tensor]:
    state, states = h, []
    for step in x:
        from_input = step @ weight_ih.T + bias_ih
        from_state = state @ weight_hh.T + bias_hh
        state = torch.tanh(from_input + from_state)
        states.append(state)
    return torch.stack(states), state
