import torch

from pfs.homework.battery import Battery


def oracle(dh, a, s, h):
    a, s, h = (t.detach().requires_grad_() for t in (a, s, h))
    hidden = h.shape[1]
    eye = torch.eye(3 * hidden, dtype=a.dtype, device=a.device)
    nothing, zeros = eye.new_zeros(3 * hidden, hidden), torch.zeros_like(eye[0])
    rows = [h.new_zeros(0, hidden)] + [
        torch.gru_cell(a[i, None], h[i, None], eye, nothing, zeros, s[i])
        for i in range(len(a))
    ]
    return torch.autograd.grad(
        torch.cat(rows), [a, s, h], dh, materialize_grads=True
    )


def case(draw, batch, hidden):
    return (
        draw.normal(batch, hidden),
        draw.normal(batch, 3 * hidden),
        draw.normal(batch, 3 * hidden),
        draw.normal(batch, hidden),
    )


def cases(draw):
    yield case(draw, 2, 3)
    yield case(draw, 1, 1)
    yield case(draw, 4, 4)
    yield case(draw, 7, 2)
    yield case(draw, 3, 5)


def edges(draw):
    dh, a, s, h = case(draw, 3, 4)
    yield dh, 1e4 * a, s, h
    yield dh, a, s, 1e4 * h
    yield torch.zeros_like(dh), a, s, h


def linear(step_back, draw):
    dh, *forward = case(draw, 3, 4)
    once, thrice = step_back(dh, *forward), step_back(3 * dh, *forward)
    pairs = zip(once, thrice, strict=True)
    return all(torch.allclose(3 * x, y) for x, y in pairs)


def road(step_back, draw):
    dh, a, s, h = case(draw, 3, 4)
    a[:, 4:8] = 200
    return torch.allclose(step_back(dh, a, s, h)[2], dh)


CHECK = Battery(
    cases,
    oracle=oracle,
    edges=edges,
    invariants={"linear": linear, "road": road},
    gradient=(),
    forbid=(
        *("backward", "grad", "gru_cell", "gru", "thnn_fused_gru_cell"),
        *("torch.autograd.grad", "torch.autograd.backward"),
        *("torch.autograd.functional", "torch._functorch"),
        *("torch.nn.modules.rnn", "pfs.recurrent"),
    ),
)
