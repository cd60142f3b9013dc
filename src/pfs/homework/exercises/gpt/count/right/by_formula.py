def count(vocab, positions, width, layers, norm_first):
    rows = vocab + positions + 2 * int(norm_first) + 13 * layers
    return width * (rows + 12 * width * layers)
