import torch


def gradient(first, second, temperature):
    z = torch.cat([first, second])
    count, size = z.shape
    r = (z * z).sum(1).sqrt()
    u = z / r[:, None]
    eye = torch.eye(count, dtype=torch.bool, device=z.device)
    s = torch.where(eye, -torch.inf, u @ u.T / temperature)
    a = s.softmax(1) - eye.to(z).roll(count // 2, 0)
    asked = torch.einsum("ik,ke->ie", a, u)
    about = torch.einsum("ki,ke->ie", a, u)
    d_u = (asked + about) / (count * temperature)
    one = torch.eye(size, dtype=z.dtype, device=z.device)
    flat = (one - u[:, :, None] * u[:, None]) / r[:, None, None]
    d_z = torch.einsum("ief,if->ie", flat, d_u)
    half = count // 2
    return d_z[:half], d_z[half:]
