import torch

from pfs.homework.battery import Battery


def oracle(dh, dc, z, c):
    z, c = (t.detach().requires_grad_() for t in (z, c))
    hidden = c.shape[1]
    eye = torch.eye(4 * hidden, dtype=z.dtype, device=z.device)
    nothing = eye.new_zeros(4 * hidden, hidden)
    new = torch.lstm_cell(z, (torch.zeros_like(c), c), eye, nothing)
    return torch.autograd.grad(new, [z, c], [dh, dc])


def case(draw, batch, hidden):
    return (
        draw.normal(batch, hidden),
        draw.normal(batch, hidden),
        draw.normal(batch, 4 * hidden),
        draw.normal(batch, hidden),
    )


def cases(draw):
    yield case(draw, 2, 3)
    yield case(draw, 1, 1)
    yield case(draw, 4, 4)
    yield case(draw, 7, 2)
    yield case(draw, 3, 5)


def edges(draw):
    yield case(draw, 0, 3)
    dh, dc, z, c = case(draw, 3, 4)
    yield dh, dc, 1e4 * z, c
    yield dh, dc, z, 1e4 * c
    yield torch.zeros_like(dh), dc, z, c


def linear(step_back, draw):
    dh, dc, *forward = case(draw, 3, 4)
    once, thrice = (
        step_back(dh, dc, *forward),
        step_back(3 * dh, 3 * dc, *forward),
    )
    pairs = zip(once, thrice, strict=True)
    return all(torch.allclose(3 * a, b) for a, b in pairs)


def carousel(step_back, draw):
    dh, dc, z, c = case(draw, 3, 4)
    z[:, 4:8] = 200
    return torch.allclose(step_back(0 * dh, dc, z, c)[1], dc)


CHECK = Battery(
    cases,
    oracle=oracle,
    edges=edges,
    invariants={"linear": linear, "carousel": carousel},
    gradient=(),
    forbid=(
        *("backward", "grad", "lstm_cell", "lstm", "thnn_fused_lstm_cell"),
        *("torch.autograd.grad", "torch.autograd.backward"),
        *("torch.autograd.functional", "torch._functorch"),
        *("torch.nn.modules.rnn", "pfs.recurrent"),
    ),
)
