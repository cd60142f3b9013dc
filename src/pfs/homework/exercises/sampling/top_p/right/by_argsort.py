import torch


def top_p(logits, p):
    if not p < 1:
        return logits.clone()
    share = logits.detach().softmax(-1)
    places = torch.argsort(-share, dim=-1, stable=True)
    total = share.gather(-1, places).cumsum(-1)
    reached = torch.nn.functional.pad(total[..., :-1], (1, 0)) >= p
    out = reached.gather(-1, places.argsort(-1))
    return torch.where(out, -torch.inf, logits)
