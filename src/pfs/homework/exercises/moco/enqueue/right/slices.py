import torch


def enqueue(queue, pointer, keys):
    size, room = len(queue), len(queue) - pointer
    head, tail = keys[:room], keys[room:]
    behind = queue[pointer + len(head) :]
    front = torch.cat([tail, queue[len(tail) : pointer]])
    return torch.cat([front, head, behind]), (pointer + len(keys)) % size
