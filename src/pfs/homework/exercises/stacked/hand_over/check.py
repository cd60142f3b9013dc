import torch

from pfs.homework.battery import Battery


def adapt(step):
    def run(x, h, c, *flat):
        return step(x, h, c, list(zip(*[iter(flat)] * 4, strict=True)))

    return run


def oracle(x, h, c, *flat):
    options = (True, len(flat) // 4, 0.0, False, False, False)
    _, h, c = torch.lstm(x[None], (h, c), list(flat), *options)
    return h, c


def case(draw, layer, batch, inputs, hidden):
    flat = []
    for place in range(layer):
        size = hidden if place else inputs
        flat += [
            draw.normal(4 * hidden, size),
            draw.normal(4 * hidden, hidden),
            draw.normal(4 * hidden),
            draw.normal(4 * hidden),
        ]
    states = draw.normal(2, layer, batch, hidden)
    return draw.normal(batch, inputs), *states.unbind(0), *flat


def cases(draw):
    yield case(draw, 2, 3, 4, 5)
    yield case(draw, 1, 1, 1, 1)
    yield case(draw, 3, 3, 3, 3)
    yield case(draw, 1, 2, 3, 4)
    yield case(draw, 4, 5, 2, 1)
    yield case(draw, 3, 1, 5, 2)


def edges(draw):
    yield case(draw, 2, 0, 4, 5)
    x, h, c, *flat = case(draw, 2, 3, 4, 5)
    yield x, h, 100 * c, *flat


def a_sequence(step, draw):
    """Step after step is what torch makes of the whole sequence."""
    x, h, c, *flat = case(draw, 3, 2, 4, 5)
    inputs = [x, *draw.normal(5, 2, 4).unbind(0)]
    options = (True, 3, 0.0, False, False, False)
    outputs, h_n, c_n = torch.lstm(
        torch.stack(inputs), (h, c), list(flat), *options
    )
    for now, wanted in zip(inputs, outputs, strict=True):
        h, c = step(now, h, c, *flat)
        if not torch.allclose(h[-1], wanted):
            return False
    return torch.allclose(h, h_n) and torch.allclose(c, c_n)


CHECK = Battery(
    cases,
    oracle=oracle,
    adapt=adapt,
    edges=edges,
    invariants={"a-sequence": a_sequence},
    forbid=(
        *("lstm", "lstm_cell", "thnn_fused_lstm_cell"),
        *("torch.nn.modules.rnn", "pfs.recurrent"),
    ),
)
