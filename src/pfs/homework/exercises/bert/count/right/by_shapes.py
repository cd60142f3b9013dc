from math import prod


def count(vocab, positions, segments, width, inner, layers, pooler):
    d = width
    layer = [(3 * d, d), (3 * d,), (d, d), (d,), (d,), (d,)]
    layer += [(inner, d), (inner,), (d, inner), (d,), (d,), (d,)]
    shapes = [(vocab, d), (positions, d), (segments, d), (d,), (d,)]
    shapes += layer * layers + [(d, d), (d,)] * pooler
    return sum(map(prod, shapes))
