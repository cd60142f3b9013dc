import numpy as np
import torch

from pfs.homework.battery import Battery

TINY = 1e-30


def sigmoid(a):
    return (1 + np.tanh(a / 2)) / 2


def formula(x, h, w, u, b):
    """Return the new state, one example and one unit at a time."""
    size = h.shape[1]
    new = np.zeros_like(h)
    for i in range(len(h)):
        a = w @ x[i] + b
        r = sigmoid(a[:size] + u[:size] @ h[i])
        for j in range(size):
            z = sigmoid(a[size + j] + u[size + j] @ h[i])
            past = u[2 * size + j] @ (r * h[i])
            n = np.tanh(a[2 * size + j] + past)
            new[i, j] = n + z * (h[i, j] - n)
    return new


class Oracle(torch.autograd.Function):
    """The formula in NumPy; its derivatives by a complex step."""

    @staticmethod
    def forward(ctx, *tensors):
        ctx.save_for_backward(*tensors)
        return torch.from_numpy(formula(*(t.numpy() for t in tensors)))

    @staticmethod
    def backward(ctx, cotangent):
        arrays = [t.numpy().astype(complex) for t in ctx.saved_tensors]
        weight = cotangent.numpy()
        gradients = []
        for array in arrays:
            gradient = np.zeros(array.shape)
            for place in np.ndindex(array.shape):
                array[place] += TINY * 1j
                gradient[place] = (weight * formula(*arrays).imag).sum() / TINY
                array[place] = array[place].real
            gradients.append(torch.from_numpy(gradient))
        return tuple(gradients)


def case(draw, batch, inputs, hidden):
    return (
        draw.normal(batch, inputs),
        draw.normal(batch, hidden),
        draw.normal(3 * hidden, inputs),
        draw.normal(3 * hidden, hidden),
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


def forgets(gru_step, draw):
    x, h, w, u, b = case(draw, 3, 4, 5)
    b[:5], b[5:10] = -200, -200
    other = draw.normal(3, 5)
    one, two = gru_step(x, h, w, u, b), gru_step(x, other, w, u, b)
    return torch.allclose(one, two)


def keeps(gru_step, draw):
    x, h, w, u, b = case(draw, 3, 4, 5)
    b[5:10] = 200
    return torch.allclose(gru_step(x, h, w, u, b), h)


CHECK = Battery(
    cases,
    oracle=Oracle.apply,
    edges=edges,
    invariants={"forgets": forgets, "keeps": keeps},
    forbid=(
        *("gru_cell", "gru", "thnn_fused_gru_cell"),
        *("torch.nn.modules.rnn", "pfs.recurrent"),
    ),
)
