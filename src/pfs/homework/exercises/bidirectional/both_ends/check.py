import torch

from pfs.homework.battery import Battery


def adapt(both_ends):
    def run(x, lengths, *flat):
        return both_ends(x, lengths, tuple(flat[:4]), tuple(flat[4:]))

    return run


def oracle(x, lengths, *flat):
    hidden = flat[1].shape[0]
    start = x.new_zeros(2, 1, hidden)
    rows = x.new_zeros(*x.shape[:2], 2 * hidden)
    found = []
    for row, n in zip(x, lengths.tolist(), strict=True):
        told = torch.rnn_tanh(
            row[None, :n], start, flat, True, 1, 0.0, False, True, True
        )
        rest = row.new_zeros(len(row) - n, 2 * hidden)
        found.append(torch.cat([told[0][0], rest]))
    return torch.stack(found) if found else rows


def weights(draw, inputs, hidden):
    for _ in range(2):
        yield draw.normal(hidden, inputs) / inputs**0.5
        yield draw.normal(hidden, hidden) / hidden**0.5
        yield draw.normal(hidden) / 2
        yield draw.normal(hidden) / 2


def case(draw, batch, time, inputs, hidden, lengths=None):
    steps = draw.whole(time + 1, batch, low=1)
    if lengths is not None:
        steps = torch.tensor(lengths)
    x = draw.normal(batch, time, inputs)
    return x, steps, *weights(draw, inputs, hidden)


def cases(draw):
    yield case(draw, 2, 3, 4, 5, [3, 2])
    yield case(draw, 1, 1, 1, 1, [1])
    yield case(draw, 3, 3, 3, 3, [1, 3, 2])
    yield case(draw, 3, 5, 2, 3, [4, 2, 3])
    yield case(draw, 2, 7, 3, 4)
    x, lengths, *rest = case(draw, 3, 4, 2, 3, [4, 1, 2])
    behind = (torch.arange(4) >= lengths[:, None])[:, :, None]
    yield x.masked_fill(behind, torch.nan), lengths, *rest


def edges(draw):
    x, lengths, *rest = case(draw, 0, 3, 4, 5, [])
    yield x, lengths.long(), *rest
    x, lengths, *rest = case(draw, 3, 5, 2, 3, [4, 1, 5])
    behind = (torch.arange(5) >= lengths[:, None])[:, :, None]
    yield x.masked_fill(behind, torch.inf), lengths, *rest
    yield 1e4 * x, lengths, *rest


def neighbours(both_ends, draw):
    x, lengths, *rest = case(draw, 3, 6, 2, 3, [4, 6, 2])
    together = both_ends(x, lengths, *rest)
    return all(
        torch.allclose(
            together[row, :n],
            both_ends(x[row : row + 1, :n], torch.tensor([n]), *rest)[0],
        )
        for row, n in enumerate([4, 6, 2])
    )


def mirrored(both_ends, draw):
    x, lengths, *rest = case(draw, 2, 5, 3, 4, [5, 5])
    h, g = both_ends(x, lengths, *rest).chunk(2, -1)
    turned = both_ends(x.flip(1), lengths, *rest[4:], *rest[:4]).flip(1)
    return torch.allclose(turned, torch.cat([g, h], -1))


CHECK = Battery(
    cases,
    oracle=oracle,
    adapt=adapt,
    edges=edges,
    invariants={"neighbours": neighbours, "mirrored": mirrored},
    forbid=(
        *("rnn_tanh", "rnn_relu", "rnn_tanh_cell", "rnn_relu_cell"),
        *("torch.nn.modules.rnn", "pfs.recurrent"),
    ),
    names=(
        *("x", "lengths"),
        *("ahead[0]", "ahead[1]", "ahead[2]", "ahead[3]"),
        *("back[0]", "back[1]", "back[2]", "back[3]"),
    ),
    meta=False,
)
