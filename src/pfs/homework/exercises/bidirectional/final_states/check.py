import torch

from pfs.homework.battery import Battery


def oracle(outputs, lengths):
    hidden = outputs.shape[2] // 2
    rows = [outputs[:0, 0]]
    for row, n in zip(outputs, lengths.tolist(), strict=True):
        ends = [row[n - 1, :hidden], row[0, hidden:]]
        rows.append(torch.cat(ends)[None])
    return torch.cat(rows)


def cases(draw):
    yield draw.normal(2, 3, 4), torch.tensor([3, 2])
    yield draw.normal(1, 1, 2), torch.tensor([1])
    yield draw.normal(4, 4, 4), torch.tensor([2, 4, 3, 1])
    yield draw.normal(3, 5, 6), torch.tensor([4, 2, 3])
    yield draw.normal(2, 7, 10), draw.whole(8, 2, low=1)
    yield draw.normal(5, 3, 2), draw.whole(4, 5, low=1)


def edges(draw):
    yield draw.normal(0, 4, 6), torch.zeros(0, dtype=torch.int64)
    x, lengths = draw.normal(3, 5, 4), torch.tensor([2, 5, 1])
    behind = (torch.arange(5) >= lengths[:, None])[:, :, None]
    yield x.masked_fill(behind, torch.nan), lengths
    yield x.masked_fill(behind, torch.inf), lengths


def handed_back(final_states, draw):
    size = 3
    weights = [
        draw.normal(size, 2),
        draw.normal(size, size) / 2,
        draw.normal(size),
        draw.normal(size),
    ] * 2
    x, lengths = draw.normal(3, 5, 2), torch.tensor([4, 5, 2])
    rows = torch.nn.utils.rnn.pack_padded_sequence(
        x, lengths, batch_first=True, enforce_sorted=False
    )
    h = torch.zeros(2, 3, size, dtype=x.dtype)
    data, ends = torch.rnn_tanh(
        rows.data, rows.batch_sizes, h, weights, True, 1, 0.0, False, True
    )
    outputs, _ = torch.nn.utils.rnn.pad_packed_sequence(
        rows._replace(data=data), batch_first=True
    )
    wanted = ends[:, rows.unsorted_indices].transpose(0, 1).flatten(1)
    return torch.allclose(final_states(outputs, lengths), wanted)


CHECK = Battery(
    cases,
    oracle=oracle,
    edges=edges,
    invariants={"handed-back": handed_back},
    forbid=("torch.nn.modules.rnn", "pfs.recurrent"),
    meta=False,
)
