import torch

from pfs.homework.battery import Battery, run_module

NAMES = ("weight_ih", "weight_hh", "bias_ih", "bias_hh")


def adapt(LSTMCell):
    def run(x, h, c, *weights):
        cell = LSTMCell(x.shape[1], h.shape[1])
        named = dict(zip(NAMES, weights, strict=True))
        return run_module(cell, named, x, (h, c))

    return run


def oracle(x, h, c, *weights):
    return torch.lstm_cell(x, (h, c), *weights)


def case(draw, batch, inputs, hidden):
    return (
        draw.normal(batch, inputs),
        draw.normal(batch, hidden),
        draw.normal(batch, hidden),
        draw.normal(4 * hidden, inputs),
        draw.normal(4 * hidden, hidden),
        draw.normal(4 * hidden),
        draw.normal(4 * hidden),
    )


def cases(draw):
    yield case(draw, 2, 3, 5)
    yield case(draw, 1, 1, 1)
    yield case(draw, 4, 4, 4)
    yield case(draw, 3, 7, 2)
    yield case(draw, 8, 2, 2)


def edges(draw):
    yield case(draw, 0, 3, 5)
    x, *rest = case(draw, 2, 3, 5)
    yield 1e4 * x, *rest
    x, h, c, *weights = case(draw, 2, 3, 5)
    yield x, h, 1e4 * c, *weights


def carries(cell, draw):
    x, h, c, w, u, b, d = case(draw, 3, 4, 5)
    b[:5], b[5:10] = -200, 200
    return torch.allclose(cell(x, h, c, w, u, b, d)[1], c)


def bounded(cell, draw):
    x, h, c, *weights = case(draw, 3, 4, 5)
    return bool((cell(x, h, 20 * c, *weights)[0].abs() <= 1).all())


CHECK = Battery(
    cases,
    oracle=oracle,
    names=("x", "h", "c", *NAMES),
    adapt=adapt,
    edges=edges,
    invariants={"carries": carries, "bounded": bounded},
    forbid=(
        *("lstm_cell", "lstm", "thnn_fused_lstm_cell"),
        *("torch.nn.modules.rnn", "pfs.recurrent"),
    ),
)
