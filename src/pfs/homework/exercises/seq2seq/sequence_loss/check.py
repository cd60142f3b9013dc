import torch
from torch.nn import functional

from pfs.homework.battery import Battery


def oracle(logits, target, pad):
    return functional.cross_entropy(
        logits.flatten(0, 1), target.flatten(), ignore_index=pad
    )


def case(draw, lengths, vocab, pad=0):
    """Rows of some lengths; no real token is the padding."""
    time = max(lengths)
    target = (pad + draw.whole(vocab, len(lengths), time, low=1)) % vocab
    behind = torch.arange(time) >= torch.tensor(lengths)[:, None]
    target = target.masked_fill(behind, pad)
    return draw.normal(len(lengths), time, vocab), target, pad


def cases(draw):
    yield case(draw, [3, 1], 5)
    yield case(draw, [4, 2, 4, 1], 4)
    yield case(draw, [2, 5, 3], 7, pad=3)
    yield case(draw, [1], 2)
    yield case(draw, [6, 1, 1, 2, 1], 11, pad=10)
    yield case(draw, [3, 3], 3)
    logits, target, pad = case(draw, [2, 7], 5)
    yield 10 * logits, target, pad


def edges(draw):
    logits, target, pad = case(draw, [4, 2, 1], 6)
    yield 1e4 * logits, target, pad
    yield torch.zeros_like(logits), target, pad
    target = target.clone()
    target[1] = pad
    yield logits, target, pad


def padding(sequence_loss, draw):
    logits, target, pad = case(draw, [5, 2, 3], 7)
    behind = (target == pad)[:, :, None]
    other = torch.where(behind, draw.normal(3, 5, 7), logits)
    one = sequence_loss(logits, target, pad)
    return torch.allclose(sequence_loss(other, target, pad), one)


def longer(sequence_loss, draw):
    logits, target, pad = case(draw, [5, 2, 3], 7)
    wide = torch.cat([logits, draw.normal(3, 4, 7)], 1)
    more = torch.cat([target, torch.full((3, 4), pad)], 1)
    one = sequence_loss(logits, target, pad)
    return torch.allclose(sequence_loss(wide, more, pad), one)


CHECK = Battery(
    cases,
    oracle=oracle,
    edges=edges,
    invariants={"padding": padding, "longer": longer},
    gradient=(0,),
    meta=False,
    forbid=(
        *("cross_entropy", "cross_entropy_loss", "nll_loss"),
        *("nll_loss_forward", "nll_loss2d", "torch.nn.modules.loss"),
        *("pfs.nn.loss", "pfs.nn.cross_entropy", "pfs.translation"),
    ),
)
