import torch
from torch import Tensor, nn


class WindowModel(nn.Module):
    def __init__(
        self,
        num_symbols: int,
        context: int,
        num_features: int,
        hidden_size: int,
    ) -> None:
        super().__init__()
        wide = context * num_features
        for name, shape in (
            ("C", (num_symbols, num_features)),
            ("H", (hidden_size, wide)),
            ("d", (hidden_size,)),
            ("U", (num_symbols, hidden_size)),
            ("W", (num_symbols, wide)),
            ("b", (num_symbols,)),
        ):
            numbers = torch.empty(shape).uniform_(-0.1, 0.1)
            self.register_parameter(name, nn.Parameter(numbers))

    def forward(self, window: Tensor) -> Tensor:
        x = self.C[window].flatten(1)
        hidden = torch.tanh(x @ self.H.T + self.d)
        return self.b + x @ self.W.T + hidden @ self.U.T
