import torch


def nt_xent(first, second, temperature):
    n, size = first.shape
    z = torch.stack([first, second], 1).reshape(2 * n, size)
    u = z / (z * z).sum(1, keepdim=True).sqrt()
    s = torch.einsum("ie,ke->ik", u, u) / temperature
    rows = torch.arange(2 * n, device=z.device)
    others = s + torch.zeros_like(s).masked_fill(
        rows[:, None] == rows[None], -torch.inf
    )
    p = torch.log_softmax(others, 1)
    return -p[rows, rows ^ 1].sum() / (2 * n)
