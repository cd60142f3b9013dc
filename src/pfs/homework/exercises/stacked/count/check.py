import torch

from pfs.homework.battery import Battery

KINDS = {1: torch.nn.RNN, 3: torch.nn.GRU, 4: torch.nn.LSTM}


def by_building(inputs, hidden, layers, outputs, gates, skip):
    more = inputs if skip else 0
    sizes = [inputs] + [hidden + more] * (layers - 1)
    with torch.device("meta"):
        parts = [KINDS[gates](size, hidden) for size in sizes]
        width = hidden * (layers if skip else 1)
        parts.append(torch.nn.Linear(width, outputs))
    return sum(p.numel() for part in parts for p in part.parameters())


def cases(draw):
    yield 28, 256, 3, 28, 4, False
    yield 28, 256, 3, 28, 4, True
    yield 1, 1, 1, 1, 1, False
    yield 1, 1, 1, 1, 1, True
    yield 5, 5, 5, 5, 3, False
    yield 5, 5, 5, 5, 3, True
    yield 10_000, 650, 2, 10_000, 4, False
    for _ in range(20):
        inputs, hidden, layers, outputs = (1 + draw.whole(9, 4)).tolist()
        gates = (1, 3, 4)[int(draw.whole(3))]
        skip = bool(draw.truth())
        yield inputs, hidden, layers, outputs, gates, skip


def edges(draw):
    yield 205, 700, 7, 205, 4, True
    yield 3, 400, 3, 121, 4, True


def whole(count, draw):
    return type(count(28, 256, 3, 28, 4, True)) is int


def one_layer(count, draw):
    return count(7, 5, 1, 3, 4, True) == count(7, 5, 1, 3, 4, False)


CHECK = Battery(
    cases,
    oracle=by_building,
    edges=edges,
    invariants={"whole": whole, "one-layer": one_layer},
    forbid=("torch.nn.modules.rnn", "pfs.recurrent"),
)
