def count(vocab, positions, segments, width, inner, layers, pooler):
    squares = 4 * layers + int(pooler)
    rows = vocab + positions + segments + 2 + 9 * layers + int(pooler)
    return width * (rows + squares * width) + layers * inner * (2 * width + 1)
