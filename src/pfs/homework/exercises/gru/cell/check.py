import torch

from pfs.homework.battery import Battery, run_module

NAMES = ("weight_ih", "weight_hh", "bias_ih", "bias_hh")


def adapt(GRUCell):
    def run(x, h, *weights):
        cell = GRUCell(x.shape[1], h.shape[1])
        return run_module(cell, dict(zip(NAMES, weights, strict=True)), x, h)

    return run


def case(draw, batch, inputs, hidden):
    return (
        draw.normal(batch, inputs),
        draw.normal(batch, hidden),
        draw.normal(3 * hidden, inputs),
        draw.normal(3 * hidden, hidden),
        draw.normal(3 * hidden),
        draw.normal(3 * hidden),
    )


def cases(draw):
    yield case(draw, 2, 3, 5)
    yield case(draw, 1, 1, 1)
    yield case(draw, 4, 4, 4)
    yield case(draw, 3, 7, 2)
    yield case(draw, 6, 2, 2)


def edges(draw):
    yield case(draw, 0, 3, 5)
    x, *rest = case(draw, 2, 3, 5)
    yield 1e4 * x, *rest


def keeps(cell, draw):
    x, h, w, u, b, d = case(draw, 3, 4, 5)
    b[5:10] = 200
    return torch.allclose(cell(x, h, w, u, b, d), h)


def between(cell, draw):
    x, h, *weights = case(draw, 3, 4, 5)
    limit = h.abs().clamp(min=1)
    return bool((cell(x, h, *weights).abs() <= limit).all())


CHECK = Battery(
    cases,
    oracle=torch.gru_cell,
    names=("x", "h", *NAMES),
    adapt=adapt,
    edges=edges,
    invariants={"keeps": keeps, "between": between},
    forbid=(
        *("gru_cell", "gru", "thnn_fused_gru_cell"),
        *("torch.nn.modules.rnn", "pfs.recurrent"),
    ),
)
