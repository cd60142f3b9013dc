from torch import Tensor


def pick(x: Tensor, index: Tensor) -> Tensor:
    columns = index.unsqueeze(-1)
    return x.gather(-1, columns).squeeze(-1)
