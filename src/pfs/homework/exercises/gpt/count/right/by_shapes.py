from math import prod


def count(vocab, positions, width, layers, norm_first):
    d = width
    layer = [(3 * d, d), (3 * d,), (d, d), (d,), (4 * d, d), (4 * d,)]
    layer += [(d, 4 * d), (d,), (d,), (d,), (d,), (d,)]
    shapes = [(vocab, d), (positions, d), *layer * layers]
    shapes += [(2, d)] * norm_first
    return sum(map(prod, shapes))
