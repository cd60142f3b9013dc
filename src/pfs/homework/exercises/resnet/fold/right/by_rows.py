def fold(weight, gain, shift, mean, var, eps):
    rows = weight.flatten(1)
    root = (var + eps) ** 0.5
    rows = rows * gain.unsqueeze(1) / root.unsqueeze(1)
    return rows.view_as(weight), shift - mean / root * gain
