from collections import OrderedDict

from torch import nn


class FeedForward(nn.Sequential):
    def __init__(self, d_model, d_ff):
        parts = OrderedDict()
        parts["linear1"] = nn.Linear(d_model, d_ff)
        parts["relu"] = nn.ReLU()
        parts["linear2"] = nn.Linear(d_ff, d_model)
        super().__init__(parts)
