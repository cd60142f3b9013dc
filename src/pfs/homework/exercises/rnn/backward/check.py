import torch

from pfs.homework.battery import Battery


def oracle(g, x, h, weight_ih, weight_hh, bias):
    leaves = [t.detach().requires_grad_() for t in (weight_ih, weight_hh, bias)]
    start = h.detach().requires_grad_()
    weights = [*leaves, torch.zeros_like(bias)]
    outputs, _ = torch.rnn_tanh(
        x, start[None], weights, True, 1, 0.0, False, False, False
    )
    return torch.autograd.grad(outputs, [*leaves, start], g)


def case(draw, time, batch, inputs, hidden):
    return (
        draw.normal(time, batch, hidden),
        draw.normal(time, batch, inputs),
        draw.normal(batch, hidden),
        draw.normal(hidden, inputs) / inputs**0.5,
        draw.normal(hidden, hidden) / hidden**0.5,
        draw.normal(hidden),
    )


def cases(draw):
    yield case(draw, 3, 2, 4, 5)
    yield case(draw, 1, 1, 1, 1)
    yield case(draw, 4, 4, 4, 4)
    yield case(draw, 7, 3, 2, 3)
    yield case(draw, 2, 5, 3, 1)


def edges(draw):
    yield case(draw, 3, 0, 2, 5)
    g, x, *rest = case(draw, 3, 2, 4, 5)
    yield g, 1e4 * x, *rest
    yield torch.zeros_like(g), x, *rest


def linear(backward, draw):
    g, *rest = case(draw, 5, 2, 3, 4)
    once, thrice = backward(g, *rest), backward(3 * g, *rest)
    pairs = zip(once, thrice, strict=True)
    return all(torch.allclose(3 * a, b) for a, b in pairs)


def rows_add_up(backward, draw):
    g, x, h, *weights = case(draw, 5, 3, 2, 4)
    whole = backward(g, x, h, *weights)[:3]
    rows = [
        backward(g[:, i : i + 1], x[:, i : i + 1], h[i : i + 1], *weights)[:3]
        for i in range(3)
    ]
    sums = [sum(parts) for parts in zip(*rows, strict=True)]
    return all(torch.allclose(a, b) for a, b in zip(whole, sums, strict=True))


CHECK = Battery(
    cases,
    oracle=oracle,
    edges=edges,
    invariants={"linear": linear, "rows": rows_add_up},
    gradient=(),
    forbid=(
        *("backward", "grad", "rnn_tanh", "rnn_tanh_cell"),
        *("torch.autograd.grad", "torch.autograd.backward"),
        *("torch.autograd.functional", "torch._functorch"),
        *("torch.nn.modules.rnn", "pfs.recurrent"),
    ),
)
