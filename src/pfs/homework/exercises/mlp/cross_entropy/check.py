import math

import torch
from torch.nn import functional

from pfs.homework.battery import Battery


def oracle(logits, target, ignore_index=-100):
    return functional.cross_entropy(logits, target, ignore_index=ignore_index)


def case(draw, batch, classes):
    return draw.normal(batch, classes), draw.whole(classes, batch)


def with_ignored(draw, batch, classes, index):
    """Ignore the first row and every third, and surely not the second."""
    logits, target = case(draw, batch, classes)
    if index >= 0:
        target = torch.where(target == index, (index + 1) % classes, target)
    target[::3] = index
    return logits, target


def cases(draw):
    yield case(draw, 2, 3)
    yield *with_ignored(draw, 5, 5, 2), 2
    yield with_ignored(draw, 7, 4, -100)
    yield *with_ignored(draw, 4, 4, 0), 0
    yield *with_ignored(draw, 3, 11, -1), -1
    yield case(draw, 1, 5)
    yield with_ignored(draw, 7, 1, -100)
    logits, target = case(draw, 4, 4)
    yield 20 * logits, target


def edges(draw):
    logits, target = case(draw, 3, 5)
    yield 1e4 * logits, target
    yield torch.full_like(logits, -1e4), target
    missing = logits.scatter(1, (target[:, None] + 1) % 5, -torch.inf)
    yield missing, target
    yield logits, torch.full_like(target, -100)
    yield case(draw, 0, 3)


def shift(cross_entropy, draw):
    logits, target = case(draw, 5, 7)
    one = cross_entropy(logits, target)
    two = cross_entropy(logits + 100 * draw.normal(5, 1), target)
    return torch.allclose(one, two, rtol=1e-9, atol=1e-9)


def ignored(cross_entropy, draw):
    logits, target = with_ignored(draw, 8, 5, 3)
    other = torch.where((target == 3)[:, None], draw.normal(8, 5), logits)
    return torch.allclose(
        cross_entropy(logits, target, 3), cross_entropy(other, target, 3)
    )


def guess(cross_entropy, draw):
    for classes in (2, 28):
        _, target = case(draw, 3, classes)
        loss = cross_entropy(torch.zeros(3, classes).double(), target)
        if not math.isclose(loss, math.log(classes), rel_tol=1e-9):
            return False
    return True


CHECK = Battery(
    cases,
    oracle=oracle,
    edges=edges,
    invariants={"shift": shift, "ignored": ignored, "guess": guess},
    gradient=(0,),
    meta=False,
    forbid=(
        *("cross_entropy", "cross_entropy_loss", "log_softmax"),
        *("nll_loss", "nll_loss_forward", "nll_loss2d", "softmin"),
        *("torch.nn.modules.loss", "pfs.nn.loss", "pfs.nn.cross_entropy"),
        *("pfs.nn.log_softmax",),
    ),
)
