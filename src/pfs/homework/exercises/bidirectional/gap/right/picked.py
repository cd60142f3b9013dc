import torch


def gap(ahead, back, lengths):
    t = torch.arange(ahead.shape[1], device=ahead.device).expand(
        ahead.shape[:2]
    )
    n = lengths.unsqueeze(1)

    def pick(states, source, allowed):
        source = source.clamp(0, states.shape[1] - 1)[:, :, None]
        taken = torch.take_along_dim(states, source, 1)
        return torch.where(allowed[:, :, None], taken, taken.new_zeros(()))

    before = pick(ahead, t - 1, (t > 0) & (t < n))
    after = pick(back, t + 1, t + 1 < n)
    return torch.cat((before, after), dim=2)
