import torch


def unbroadcast(dy, shape):
    letters = "abcdefghij"[: dy.dim()]
    last = letters[dy.dim() - len(shape) :]
    kept = "".join(a for a, size in zip(last, shape) if size != 1)
    return torch.einsum(f"{letters}->{kept}", dy).reshape(shape)
