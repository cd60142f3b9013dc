def count(
    vocab: int, positions: int, width: int, layers: int, norm_first: bool
) -> int:
    return ...
