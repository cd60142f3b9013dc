import torch

from pfs.homework.battery import Battery


def adapt(between):
    def run(x, h, masks, p, *flat):
        own = list(zip(*[iter(flat)] * 3, strict=True))
        return between(x, h, own, masks, p)

    return run


def oracle(x, h, masks, p, *flat):
    last = []
    for n, start in enumerate(h):
        if n:
            x = torch.where(masks[n - 1], x / (1 - p), 0)
        w, u, b = flat[3 * n : 3 * n + 3]
        four = w, u, b, torch.zeros_like(b)
        options = (True, 1, 0.0, False, False, False)
        x, end = torch.rnn_tanh(x, start[None], four, *options)
        last.append(end)
    return x, torch.cat(last)


def case(draw, layer, time, batch, inputs, hidden, p):
    flat = []
    for place in range(layer):
        size = hidden if place else inputs
        flat += [
            draw.normal(hidden, size) / size**0.5,
            draw.normal(hidden, hidden) / hidden**0.5,
            draw.normal(hidden) / 2,
        ]
    return (
        draw.normal(time, batch, inputs),
        draw.normal(layer, batch, hidden),
        draw.truth(layer - 1, time, batch, hidden, share=1 - p),
        p,
        *flat,
    )


def cases(draw):
    yield case(draw, 3, 4, 2, 4, 5, 0.5)
    yield case(draw, 1, 1, 1, 1, 1, 0.5)
    yield case(draw, 3, 3, 3, 3, 3, 0.25)
    yield case(draw, 1, 5, 2, 3, 4, 0.3)
    yield case(draw, 2, 3, 5, 2, 7, 0.8)
    yield case(draw, 4, 2, 3, 2, 5, 0.2)
    yield case(draw, 2, 3, 2, 4, 5, 0.0)


def edges(draw):
    yield case(draw, 2, 3, 0, 4, 5, 0.5)
    x, h, masks, *rest = case(draw, 3, 3, 2, 4, 5, 0.5)
    yield x, h, torch.zeros_like(masks), *rest
    yield x, h, torch.ones_like(masks), *rest


def memory_untouched(between, draw):
    """What is dropped at one step is missing at that step alone."""
    x, h, masks, p, *flat = case(draw, 2, 5, 2, 3, 4, 0.5)
    masks = torch.ones_like(masks)
    fewer = masks.clone()
    fewer[0, 1] = False
    flat[4] = torch.zeros_like(flat[4])  # layer 2 remembers nothing
    whole = between(x, h, masks, p, *flat)[0]
    other = between(x, h, fewer, p, *flat)[0]
    same = [torch.allclose(a, b) for a, b in zip(whole, other, strict=True)]
    return same == [True, False, True, True, True]


CHECK = Battery(
    cases,
    oracle=oracle,
    adapt=adapt,
    edges=edges,
    invariants={"memory-untouched": memory_untouched},
    forbid=(
        *("rnn_tanh", "rnn_relu", "rnn_tanh_cell", "rnn_relu_cell"),
        *("dropout", "torch.nn.modules.rnn", "pfs.recurrent"),
    ),
)
