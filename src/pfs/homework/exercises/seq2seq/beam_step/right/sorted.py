import torch


def beam_step(scores, log_p, ended, eos):
    batch, width, vocab = log_p.shape
    is_end = torch.arange(vocab) == eos
    stay = torch.where(is_end, 0.0, -torch.inf).to(log_p)
    step = torch.where(ended.unsqueeze(2), stay, log_p)
    total = (scores.unsqueeze(2) + step).reshape(batch, width * vocab)
    values, place = total.sort(dim=1, descending=True)
    place = place[:, :width]
    parent = torch.div(place, vocab, rounding_mode="floor")
    return values[:, :width], parent, place - parent * vocab
