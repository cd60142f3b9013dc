import math

import torch


def cosine(epoch, epochs, rate):
    left = (epochs - epoch) / epochs
    return rate * torch.sin(math.pi / 2 * left) ** 2
