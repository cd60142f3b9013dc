from torch import Tensor


def answer(
    text: str,
    places: list[tuple[int, int]],
    windows: list[tuple[int, Tensor, Tensor]],
    longest: int,
) -> str:
    return ...
