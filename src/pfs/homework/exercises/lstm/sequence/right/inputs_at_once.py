import torch


def lstm(x, h, c, weight_ih, weight_hh, bias_ih, bias_hh):
    from_inputs = x @ weight_ih.T + (bias_ih + bias_hh)
    batch, time, _ = x.shape
    outputs = h.new_empty(batch, 0, h.shape[1])
    for t in range(time):
        gates = torch.addmm(from_inputs[:, t], h, weight_hh.T)
        i, f, g, o = torch.tensor_split(gates, 4, 1)
        i, f, o = torch.sigmoid(i), torch.sigmoid(f), torch.sigmoid(o)
        c = torch.addcmul(f * c, i, torch.tanh(g))
        h = o * torch.tanh(c)
        outputs = torch.cat([outputs, h[:, None]], 1)
    return outputs, (h, c)
