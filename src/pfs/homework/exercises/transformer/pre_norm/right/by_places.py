from torch import nn


def nothing(x):
    return x


class Residual(nn.Module):
    def __init__(self, sublayer, d_model, norm_first=True):
        super().__init__()
        self.norm = nn.LayerNorm(d_model, eps=1e-5)
        self.sublayer = sublayer
        self.norm_first = norm_first

    def forward(self, x, *others, **named):
        places = self.norm, nothing
        before, after = places if self.norm_first else places[::-1]
        return after(self.sublayer(before(x), *others, **named) + x)
