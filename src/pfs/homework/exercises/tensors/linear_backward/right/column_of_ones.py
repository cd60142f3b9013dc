import torch


def linear_backward(x, weight, dy):
    *batch, inputs = x.shape
    rows = x.flatten(0, -2) if batch else x[None]
    slopes = dy.flatten(0, -2) if batch else dy[None]
    rows = torch.cat([rows, torch.ones_like(rows[:, :1])], 1)
    both = slopes.mT @ rows
    dx = (slopes @ weight).reshape(*batch, inputs)
    return dx, both[:, :inputs], both[:, inputs]
