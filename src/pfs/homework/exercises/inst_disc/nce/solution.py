import math

import torch
from torch import Tensor


def nce(data: Tensor, noise: Tensor, log_z: float, images: int) -> Tensor:
    log_share = math.log(noise.shape[1] / images)
    own = data - log_z - log_share
    drawn = noise - log_z - log_share
    zero = torch.zeros_like(own)
    missed = torch.logaddexp(zero, -own)
    fooled = torch.logaddexp(zero[:, None], drawn).sum(1)
    return (missed + fooled).mean()
