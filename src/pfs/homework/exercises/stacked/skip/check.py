import torch

from pfs.homework.battery import Battery


def adapt(deep):
    def run(x, h, weight, bias, *flat):
        own = list(zip(*[iter(flat)] * 3, strict=True))
        return deep(x, h, own, (weight, bias))

    return run


def oracle(x, h, weight, bias, *flat):
    reads, outputs, last = x, [], []
    for n, start in enumerate(h):
        w, u, b = flat[3 * n : 3 * n + 3]
        four = w, u, b, torch.zeros_like(b)
        options = (True, 1, 0.0, False, False, False)
        output, end = torch.rnn_tanh(reads, start[None], four, *options)
        outputs.append(output)
        last.append(end)
        reads = torch.cat([x, output], 2)
    sums = [
        output @ part.T
        for output, part in zip(
            outputs, weight.chunk(len(outputs), 1), strict=True
        )
    ]
    return sum(sums) + bias, torch.cat(last)


def case(draw, layer, time, batch, inputs, hidden, vocab):
    flat = []
    for place in range(layer):
        size = inputs + hidden if place else inputs
        flat += [
            draw.normal(hidden, size) / size**0.5,
            draw.normal(hidden, hidden) / hidden**0.5,
            draw.normal(hidden) / 2,
        ]
    return (
        draw.normal(time, batch, inputs),
        draw.normal(layer, batch, hidden),
        draw.normal(vocab, layer * hidden),
        draw.normal(vocab),
        *flat,
    )


def cases(draw):
    yield case(draw, 2, 3, 2, 4, 5, 6)
    yield case(draw, 1, 1, 1, 1, 1, 1)
    yield case(draw, 3, 3, 3, 3, 3, 3)
    yield case(draw, 1, 5, 2, 3, 4, 2)
    yield case(draw, 4, 2, 3, 2, 1, 5)
    yield case(draw, 3, 4, 5, 4, 2, 3)


def edges(draw):
    yield case(draw, 2, 3, 0, 4, 5, 6)
    x, *rest = case(draw, 2, 3, 2, 4, 5, 6)
    yield 1e4 * x, *rest


def causal(deep, draw):
    x, *rest = case(draw, 3, 6, 2, 3, 4, 5)
    later = x.clone()
    later[4:] = draw.normal(2, 2, 3)
    before = deep(x, *rest)[0][:4]
    return torch.allclose(before, deep(later, *rest)[0][:4])


def handed_over(deep, draw):
    x, h, *rest = case(draw, 3, 7, 2, 3, 4, 5)
    whole, end = deep(x, h, *rest)
    first, state = deep(x[:3], h, *rest)
    second, last = deep(x[3:], state, *rest)
    parts = torch.cat([first, second])
    return torch.allclose(whole, parts) and torch.allclose(end, last)


CHECK = Battery(
    cases,
    oracle=oracle,
    adapt=adapt,
    edges=edges,
    invariants={"causal": causal, "handed-over": handed_over},
    forbid=(
        *("rnn_tanh", "rnn_relu", "rnn_tanh_cell", "rnn_relu_cell"),
        *("torch.nn.modules.rnn", "pfs.recurrent"),
    ),
)
