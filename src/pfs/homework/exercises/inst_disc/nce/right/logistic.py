import math

import torch
from torch.nn.functional import logsigmoid


def nce(data, noise, log_z, images):
    m = noise.shape[1]
    every = torch.cat([data[:, None], -noise], 1)
    signs = torch.cat(
        [torch.ones_like(data[:, None]), -torch.ones_like(noise)], 1
    )
    logits = every - signs * (log_z + math.log(m) - math.log(images))
    return -logsigmoid(logits).sum() / len(data)
