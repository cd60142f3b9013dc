import torch


def pool(left, right, prior):
    return torch.log_softmax(left.sub(prior).add(right), dim=-1)
