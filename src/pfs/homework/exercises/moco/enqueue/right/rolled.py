import torch


def enqueue(queue, pointer, keys):
    size = len(queue)
    by_age = queue.roll(-pointer, 0)
    by_age = torch.cat([by_age[len(keys) :], keys])
    pointer = (pointer + len(keys)) % size
    return by_age.roll(pointer, 0), pointer
