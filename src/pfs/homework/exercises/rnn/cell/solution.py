import torch
from torch import Tensor, nn


class Cell(nn.Module):
    def __init__(self, input_size: int, hidden_size: int) -> None:
        super().__init__()
        bound = hidden_size**-0.5
        for name, shape in (
            ("weight_ih", (hidden_size, input_size)),
            ("weight_hh", (hidden_size, hidden_size)),
            ("bias_ih", (hidden_size,)),
            ("bias_hh", (hidden_size,)),
        ):
            numbers = torch.empty(shape).uniform_(-bound, bound)
            self.register_parameter(name, nn.Parameter(numbers))

    def forward(self, x: Tensor, h: Tensor) -> Tensor:
        from_input = x @ self.weight_ih.T + self.bias_ih
        from_state = h @ self.weight_hh.T + self.bias_hh
        return torch.tanh(from_input + from_state)
