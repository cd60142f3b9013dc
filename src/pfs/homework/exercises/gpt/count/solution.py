def count(
    vocab: int, positions: int, width: int, layers: int, norm_first: bool
) -> int:
    tables = (vocab + positions) * width
    attention = 4 * (width**2 + width)
    network = 8 * width**2 + 5 * width
    norms = 2 * (2 * width)
    last = 2 * width if norm_first else 0
    return tables + layers * (attention + network + norms) + last
