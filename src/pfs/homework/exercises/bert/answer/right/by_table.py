import torch


def answer(text, places, windows, longest):
    shape = len(windows), len(places)
    context = torch.full(shape, -1.0, dtype=torch.float64)
    begin = torch.full(shape, -torch.inf, dtype=torch.float64)
    end = begin.clone()
    for w, (first, start, stop) in enumerate(windows):
        size = len(start)
        k = torch.arange(size)
        part = slice(first, first + size)
        share = size / (len(places) + 1)  # below 1: it decides among equals
        context[w, part] = torch.minimum(k, size - 1 - k) + share
        begin[w, part], end[w, part] = start, stop
    owner = context.argmax(0)
    token = torch.arange(len(places))
    sums = begin[owner, token][:, None] + end[owner]
    apart = token - token[:, None]
    sums[(apart < 0) | (apart >= longest)] = -torch.inf
    i, j = divmod(int(sums.argmax()), len(places))
    return text[places[i][0] : places[j][1]]
