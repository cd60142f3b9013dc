import torch
from torch import Tensor, nn

State = tuple[Tensor, Tensor]


class LSTMCell(nn.Module):
    def __init__(self, input_size: int, hidden_size: int) -> None:
        super().__init__()
        bound = hidden_size**-0.5
        for name, shape in (
            ("weight_ih", (4 * hidden_size, input_size)),
            ("weight_hh", (4 * hidden_size, hidden_size)),
            ("bias_ih", (4 * hidden_size,)),
            ("bias_hh", (4 * hidden_size,)),
        ):
            numbers = torch.empty(shape).uniform_(-bound, bound)
            self.register_parameter(name, nn.Parameter(numbers))

    def forward(self, x: Tensor, state: State) -> State:
        h, c = state
        from_input = x @ self.weight_ih.T + self.bias_ih
        from_state = h @ self.weight_hh.T + self.bias_hh
        i, f, g, o = (from_input + from_state).chunk(4, dim=1)
        c = f.sigmoid() * c + i.sigmoid() * g.tanh()
        h = o.sigmoid() * c.tanh()
        return h, c
