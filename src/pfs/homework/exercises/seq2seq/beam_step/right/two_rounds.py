import torch


def beam_step(scores, log_p, ended, eos):
    batch, width, vocab = log_p.shape
    stay = torch.full_like(log_p, -torch.inf)
    stay[:, :, eos] = 0
    step = scores[:, :, None] + torch.where(ended[:, :, None], stay, log_p)
    few = min(width, vocab)
    good, token = step.topk(few, 2)
    values, place = good.reshape(batch, width * few).topk(width, 1)
    token = token.reshape(batch, width * few).gather(1, place)
    return values, place // few, token
