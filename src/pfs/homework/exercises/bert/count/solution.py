def count(
    vocab: int,
    positions: int,
    segments: int,
    width: int,
    inner: int,
    layers: int,
    pooler: bool,
) -> int:
    norm = 2 * width
    embeddings = (vocab + positions + segments) * width + norm
    attention = 4 * (width**2 + width)
    network = 2 * width * inner + inner + width
    layer = attention + network + 2 * norm
    summary = width**2 + width if pooler else 0
    return embeddings + layers * layer + summary
