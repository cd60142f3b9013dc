import torch
from torch.nn import functional

from pfs.homework.battery import Battery


def oracle(logits, ids, lengths):
    said, wanted = [], []
    for row, length in enumerate(lengths.tolist()):
        said.append(logits[row, : length - 1])
        wanted.append(ids[row, 1:length])
    return functional.cross_entropy(torch.cat(said), torch.cat(wanted))


def case(draw, lengths, vocab):
    batch, time = len(lengths), max(lengths)
    ids = draw.whole(vocab, batch, time)
    return draw.normal(batch, time, vocab), ids, torch.tensor(lengths)


def cases(draw):
    yield case(draw, [5, 5], 7)
    yield case(draw, [5, 3], 7)
    yield case(draw, [4, 2, 3, 4], 4)
    yield case(draw, [2], 3)
    yield case(draw, [6, 1, 2, 4, 6], 11)
    yield case(draw, [3, 3, 3], 3)
    logits, ids, lengths = case(draw, [7, 2], 5)
    yield 10 * logits, ids, lengths


def edges(draw):
    logits, ids, lengths = case(draw, [4, 2, 3], 6)
    yield 1e4 * logits, ids, lengths
    yield torch.zeros_like(logits), ids, lengths
    wide = torch.cat([logits, draw.normal(3, 2, 6)], 1)
    yield wide, torch.cat([ids, ids[:, :2]], 1), lengths


def padding(causal_lm_loss, draw):
    logits, ids, lengths = case(draw, [5, 2, 3], 7)
    behind = torch.arange(5) >= lengths[:, None]
    other = torch.where(behind[:, :, None], draw.normal(3, 5, 7), logits)
    ids_2 = torch.where(behind, draw.whole(7, 3, 5), ids)
    one = causal_lm_loss(logits, ids, lengths)
    return torch.allclose(causal_lm_loss(other, ids_2, lengths), one)


def last(causal_lm_loss, draw):
    logits, ids, lengths = case(draw, [5, 5], 7)
    other = logits.clone()
    other[:, -1] = draw.normal(2, 7)
    one = causal_lm_loss(logits, ids, lengths)
    return torch.allclose(causal_lm_loss(other, ids, lengths), one)


CHECK = Battery(
    cases,
    oracle=oracle,
    edges=edges,
    invariants={"padding": padding, "last": last},
    gradient=(0,),
    meta=False,
    forbid=("pfs.language",),
)
