import torch

from pfs.homework.battery import Battery


def adapt(layers):
    def run(x, h, *flat):
        return layers(x, h, list(zip(*[iter(flat)] * 4, strict=True)))

    return run


def oracle(x, h, *flat):
    return torch.rnn_tanh(
        x, h, flat, True, len(flat) // 4, 0.0, False, False, False
    )


def weights(draw, layer, inputs, hidden):
    flat = []
    for place in range(layer):
        size = hidden if place else inputs
        flat += [
            draw.normal(hidden, size) / size**0.5,
            draw.normal(hidden, hidden) / hidden**0.5,
            draw.normal(hidden) / 2,
            draw.normal(hidden) / 2,
        ]
    return flat


def case(draw, layer, time, batch, inputs, hidden):
    return (
        draw.normal(time, batch, inputs),
        draw.normal(layer, batch, hidden),
        *weights(draw, layer, inputs, hidden),
    )


def cases(draw):
    yield case(draw, 2, 3, 2, 4, 5)
    yield case(draw, 1, 1, 1, 1, 1)
    yield case(draw, 3, 3, 3, 3, 3)
    yield case(draw, 1, 5, 2, 3, 4)
    yield case(draw, 4, 2, 3, 2, 1)
    yield case(draw, 3, 1, 5, 4, 2)


def edges(draw):
    yield case(draw, 2, 3, 0, 4, 5)
    x, *rest = case(draw, 2, 3, 2, 4, 5)
    yield 1e4 * x, *rest


def causal(layers, draw):
    x, *rest = case(draw, 3, 6, 2, 3, 4)
    later = x.clone()
    later[4:] = draw.normal(2, 2, 3)
    before = layers(x, *rest)[0][:4]
    return torch.allclose(before, layers(later, *rest)[0][:4])


def handed_over(layers, draw):
    x, h, *flat = case(draw, 3, 7, 2, 3, 4)
    whole, end = layers(x, h, *flat)
    first, state = layers(x[:3], h, *flat)
    second, last = layers(x[3:], state, *flat)
    parts = torch.cat([first, second])
    return torch.allclose(whole, parts) and torch.allclose(end, last)


def one_by_one(layers, draw):
    x, h, *flat = case(draw, 3, 5, 2, 4, 3)
    whole, end = layers(x, h, *flat)
    below, first = layers(x, h[:1], *flat[:4])
    top, others = layers(below, h[1:], *flat[4:])
    last = torch.cat([first, others])
    return torch.allclose(whole, top) and torch.allclose(end, last)


CHECK = Battery(
    cases,
    oracle=oracle,
    adapt=adapt,
    edges=edges,
    invariants={
        "causal": causal,
        "handed-over": handed_over,
        "one-by-one": one_by_one,
    },
    forbid=(
        *("rnn_tanh", "rnn_relu", "rnn_tanh_cell", "rnn_relu_cell"),
        *("torch.nn.modules.rnn", "pfs.recurrent"),
    ),
)
