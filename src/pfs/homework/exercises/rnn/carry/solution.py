from torch import Tensor

State = Tensor | tuple[Tensor, ...]


def carry(state: State) -> State:
    if isinstance(state, tuple):
        return tuple(part.detach() for part in state)
    return state.detach()
