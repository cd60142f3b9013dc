import torch

from pfs.homework.battery import Battery


def oracle(x, h, *weights):
    outputs, last = torch.rnn_tanh(
        x, h[None], weights, True, 1, 0.0, False, False, False
    )
    return outputs, last[0]


def weights(draw, inputs, hidden):
    return (
        draw.normal(hidden, inputs),
        draw.normal(hidden, hidden) / hidden**0.5,
        draw.normal(hidden),
        draw.normal(hidden),
    )


def case(draw, time, batch, inputs, hidden):
    return (
        draw.normal(time, batch, inputs),
        draw.normal(batch, hidden),
        *weights(draw, inputs, hidden),
    )


def cases(draw):
    yield case(draw, 3, 2, 4, 5)
    yield case(draw, 1, 1, 1, 1)
    yield case(draw, 4, 4, 4, 4)
    yield case(draw, 7, 3, 2, 3)
    yield case(draw, 2, 5, 3, 1)


def edges(draw):
    yield case(draw, 3, 0, 2, 5)
    large = case(draw, 3, 2, 4, 5)
    yield 1e4 * large[0], *large[1:]


def causal(unroll, draw):
    x, *rest = case(draw, 6, 2, 3, 4)
    later = x.clone()
    later[4:] = draw.normal(2, 2, 3)
    before = unroll(x, *rest)[0][:4]
    return torch.allclose(before, unroll(later, *rest)[0][:4])


def handed_over(unroll, draw):
    x, h, *rest = case(draw, 7, 2, 3, 4)
    whole, end = unroll(x, h, *rest)
    first, state = unroll(x[:3], h, *rest)
    second, last = unroll(x[3:], state, *rest)
    parts = torch.cat([first, second])
    return torch.allclose(whole, parts) and torch.allclose(end, last)


CHECK = Battery(
    cases,
    oracle=oracle,
    edges=edges,
    invariants={"causal": causal, "handed-over": handed_over},
    forbid=(
        *("rnn_tanh", "rnn_relu", "rnn_tanh_cell", "rnn_relu_cell"),
        *("torch.nn.modules.rnn", "pfs.recurrent"),
    ),
)
