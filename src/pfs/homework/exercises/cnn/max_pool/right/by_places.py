import torch


def max_pool(x, kernel, stride, padding):
    height, width = x.shape[2:]
    lines = []
    for top in range(-padding, height + padding - kernel + 1, stride):
        rows = x[:, :, max(top, 0) : top + kernel]
        line = []
        for left in range(-padding, width + padding - kernel + 1, stride):
            window = rows[..., max(left, 0) : left + kernel]
            line.append(window.flatten(2).max(2).values)
        lines.append(torch.stack(line, 2))
    return torch.stack(lines, 2)
