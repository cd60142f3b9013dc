import numpy as np
import torch

from pfs.homework.battery import Battery

TINY = 1e-30


def sigmoid(a):
    return (1 + np.tanh(a / 2)) / 2


def formula(x, h, c, w, u, p, b):
    """Return both states, one example and one unit at a time."""
    size = h.shape[1]
    state, cell = np.zeros_like(h), np.zeros_like(c)
    for n in range(len(h)):
        a = (w @ x[n] + u @ h[n] + b).reshape(4, size)
        for j in range(size):
            write = sigmoid(a[0, j] + p[0, j] * c[n, j])
            keep = sigmoid(a[1, j] + p[1, j] * c[n, j])
            cell[n, j] = keep * c[n, j] + write * np.tanh(a[2, j])
            show = sigmoid(a[3, j] + p[2, j] * cell[n, j])
            state[n, j] = show * np.tanh(cell[n, j])
    return state, cell


class Oracle(torch.autograd.Function):
    """The formula in NumPy; its derivatives by a complex step."""

    @staticmethod
    def forward(ctx, *tensors):
        ctx.save_for_backward(*tensors)
        results = formula(*(t.numpy() for t in tensors))
        return tuple(torch.from_numpy(result) for result in results)

    @staticmethod
    def backward(ctx, *cotangents):
        arrays = [t.numpy().astype(complex) for t in ctx.saved_tensors]
        weight = np.stack([t.numpy() for t in cotangents])
        gradients = []
        for array in arrays:
            gradient = np.zeros(array.shape)
            for place in np.ndindex(array.shape):
                array[place] += TINY * 1j
                moved = np.stack(formula(*arrays)).imag
                gradient[place] = (weight * moved).sum() / TINY
                array[place] = array[place].real
            gradients.append(torch.from_numpy(gradient))
        return tuple(gradients)


def case(draw, batch, inputs, hidden):
    return (
        draw.normal(batch, inputs),
        draw.normal(batch, hidden),
        draw.normal(batch, hidden),
        draw.normal(4 * hidden, inputs),
        draw.normal(4 * hidden, hidden),
        draw.normal(3, hidden),
        draw.normal(4 * hidden),
    )


def cases(draw):
    yield case(draw, 2, 4, 5)
    yield case(draw, 1, 1, 1)
    yield case(draw, 3, 3, 3)
    yield case(draw, 4, 7, 2)
    yield case(draw, 6, 2, 2)


def edges(draw):
    yield case(draw, 0, 4, 5)
    x, *rest = case(draw, 2, 4, 5)
    yield 1e4 * x, *rest
    x, h, c, *rest = case(draw, 2, 4, 5)
    yield x, h, 1e4 * c, *rest


def without(peephole_step, draw):
    x, h, c, w, u, p, b = case(draw, 3, 4, 5)
    plain = torch.lstm_cell(x, (h, c), w, u, b)
    closed = peephole_step(x, h, c, w, u, torch.zeros_like(p), b)
    return all(torch.allclose(a, b) for a, b in zip(closed, plain, strict=True))


def own_unit(peephole_step, draw):
    x, h, c, *rest = case(draw, 3, 4, 5)
    other = c.clone()
    other[:, 2] += 1
    one, two = peephole_step(x, h, c, *rest), peephole_step(x, h, other, *rest)
    apart = torch.arange(5) != 2
    return all(
        torch.allclose(a[:, apart], b[:, apart])
        for a, b in zip(one, two, strict=True)
    )


CHECK = Battery(
    cases,
    oracle=Oracle.apply,
    edges=edges,
    invariants={"without": without, "own_unit": own_unit},
    forbid=(
        *("lstm_cell", "lstm", "thnn_fused_lstm_cell"),
        *("torch.nn.modules.rnn", "pfs.recurrent"),
    ),
)
