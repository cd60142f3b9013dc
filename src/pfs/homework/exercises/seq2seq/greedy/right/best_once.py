import torch


def greedy(log_p, bos, eos, max_length):
    best, follower = log_p.max(2)
    token = torch.full((len(log_p), 1), bos)
    alive = torch.ones(len(log_p), 1)
    tokens, total = [], log_p.new_zeros(len(log_p), 1)
    for _ in range(max_length):
        said = best.gather(1, token)
        total = total + torch.where(alive > 0, said, torch.zeros_like(said))
        token = torch.where(alive > 0, follower.gather(1, token), eos)
        alive = alive * (token != eos)
        tokens.append(token)
    return torch.cat(tokens, 1), total[:, 0]
