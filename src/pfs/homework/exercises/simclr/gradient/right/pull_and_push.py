import torch


def gradient(first, second, temperature):
    n = len(first)
    z = torch.cat([first, second])
    length = torch.linalg.vector_norm(z, dim=1, keepdim=True)
    u = z / length
    other = u.roll(n, 0)
    rows = torch.arange(2 * n, device=z.device)
    hidden = torch.zeros_like(u @ u.T).masked_fill(
        rows[:, None] == rows, -torch.inf
    )
    q = torch.softmax(u @ u.T / temperature + hidden, 1)
    push = q @ u + q.T @ u
    d_u = (push - 2 * other) / (2 * n * temperature)
    radial = torch.einsum("ie,ie->i", d_u, u)[:, None]
    both = (d_u - radial * u) / length
    return both[:n], both[n:]
