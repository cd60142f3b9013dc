from torch import Tensor

State = Tensor | tuple[Tensor, ...]


def carry(state: State) -> State:
    return ...
