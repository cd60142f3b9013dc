import torch


def both_ends(x, lengths, ahead, back):
    time = x.shape[1]
    inside = torch.arange(time, device=x.device) < lengths[:, None]
    clean = torch.where(inside[:, :, None], x, torch.zeros_like(x))

    def walk(weights, places):
        w, u, b, c = weights
        drive = torch.einsum("bti,hi->bth", clean, w) + (b + c)
        state = drive.new_zeros(len(x), len(u))
        found = [state] * time
        for t in places:
            new = torch.tanh(drive[:, t] + state.mm(u.t()))
            state = torch.where(inside[:, t, None], new, state * 0)
            found[t] = state
        return torch.stack(found, 1)

    sides = walk(ahead, range(time)), walk(back, reversed(range(time)))
    return torch.cat(sides, 2)
