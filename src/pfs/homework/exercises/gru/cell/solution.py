import torch
from torch import Tensor, nn


class GRUCell(nn.Module):
    def __init__(self, input_size: int, hidden_size: int) -> None:
        super().__init__()
        bound = hidden_size**-0.5
        for name, shape in (
            ("weight_ih", (3 * hidden_size, input_size)),
            ("weight_hh", (3 * hidden_size, hidden_size)),
            ("bias_ih", (3 * hidden_size,)),
            ("bias_hh", (3 * hidden_size,)),
        ):
            numbers = torch.empty(shape).uniform_(-bound, bound)
            self.register_parameter(name, nn.Parameter(numbers))

    def forward(self, x: Tensor, h: Tensor) -> Tensor:
        from_input = x @ self.weight_ih.T + self.bias_ih
        from_state = h @ self.weight_hh.T + self.bias_hh
        r_input, z_input, n_input = from_input.chunk(3, dim=1)
        r_state, z_state, n_state = from_state.chunk(3, dim=1)
        r = torch.sigmoid(r_input + r_state)
        z = torch.sigmoid(z_input + z_state)
        n = torch.tanh(n_input + r * n_state)
        return (1 - z) * n + z * h
