from torch import Tensor


def windows(
    ids: Tensor, batch_size: int, window: int
) -> list[tuple[Tensor, Tensor]]:
    return ...
