from torch.nn.functional import linear, normalize, relu


def head(h, W1, b1, W2, b2):
    return normalize(linear(relu(linear(h, W1, b1)), W2, b2), dim=-1)
