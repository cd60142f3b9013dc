def count(
    vocab: int,
    positions: int,
    segments: int,
    width: int,
    inner: int,
    layers: int,
    pooler: bool,
) -> int:
    return ...
