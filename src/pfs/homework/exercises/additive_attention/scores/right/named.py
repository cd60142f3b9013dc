import torch


def scores(states, keys, W, U, v):
    asks = torch.einsum("bin,un->biu", states, W)
    answers = torch.einsum("bjk,uk->bju", keys, U)
    a = asks[:, :, None, :] + answers[:, None, :, :]
    # tanh, in terms of the sigmoid
    return (2 * torch.sigmoid(2 * a) - 1) @ v
