import torch


def add_positions(x, start=0):
    pos = torch.arange(x.shape[1], dtype=torch.float64, device=x.device) + start
    columns = []
    for column in range(x.shape[2]):
        wave = torch.cos if column % 2 else torch.sin
        columns.append(wave(pos / 10000 ** (column // 2 * 2 / x.shape[2])))
    return torch.stack(
        [c.to(x.dtype) + x[:, :, i] for i, c in enumerate(columns)], 2
    )
