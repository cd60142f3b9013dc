import torch

from pfs.homework.battery import Battery, run_module

NAMES = ("weight_ih", "weight_hh", "bias_ih", "bias_hh")


def adapt(Cell):
    def run(x, h, *weights):
        cell = Cell(x.shape[1], h.shape[1])
        return run_module(cell, dict(zip(NAMES, weights, strict=True)), x, h)

    return run


def case(draw, batch, inputs, hidden):
    return (
        draw.normal(batch, inputs),
        draw.normal(batch, hidden),
        draw.normal(hidden, inputs),
        draw.normal(hidden, hidden),
        draw.normal(hidden),
        draw.normal(hidden),
    )


def cases(draw):
    yield case(draw, 2, 3, 5)
    yield case(draw, 1, 1, 1)
    yield case(draw, 4, 4, 4)
    yield case(draw, 3, 7, 2)


def edges(draw):
    yield case(draw, 0, 3, 5)
    large = case(draw, 2, 3, 5)
    yield 1e4 * large[0], *large[1:]


def bounded(cell, draw):
    return bool((cell(*case(draw, 3, 4, 5)).abs() <= 1).all())


CHECK = Battery(
    cases,
    oracle=torch.rnn_tanh_cell,
    names=("x", "h", *NAMES),
    adapt=adapt,
    edges=edges,
    invariants={"bounded": bounded},
    forbid=(
        *("rnn_tanh_cell", "rnn_relu_cell", "rnn_tanh", "linear"),
        *("torch.nn.modules.rnn", "pfs.recurrent"),
    ),
)
