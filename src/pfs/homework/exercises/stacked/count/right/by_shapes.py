from math import prod


def count(inputs, hidden, layers, outputs, gates, skip):
    rows, shapes = gates * hidden, []
    for layer in range(layers):
        columns = inputs if skip or layer == 0 else 0
        columns += hidden if layer else 0
        shapes += [(rows, columns), (rows, hidden), (rows,), (rows,)]
    shapes += [(outputs, hidden * (layers if skip else 1)), (outputs,)]
    return sum(map(prod, shapes))
