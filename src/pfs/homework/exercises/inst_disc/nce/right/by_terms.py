import math

import torch


def nce(data, noise, log_z, images):
    share = math.log(noise.shape[1]) - math.log(images)
    p, q = data - log_z, noise - log_z
    even = torch.full_like(q, share)
    log_h = p - torch.logaddexp(p, even[:, 0])
    log_rest = share - torch.logaddexp(q, even)
    return -log_h.mean() - log_rest.sum() / log_rest.shape[0]
