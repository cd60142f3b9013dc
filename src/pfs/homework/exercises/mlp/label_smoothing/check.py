import torch
from torch.nn import functional

from pfs.homework.battery import Battery


def oracle(logits, target, smoothing):
    return functional.cross_entropy(logits, target, label_smoothing=smoothing)


def case(draw, batch, classes, smoothing):
    return draw.normal(batch, classes), draw.whole(classes, batch), smoothing


def cases(draw):
    yield case(draw, 2, 3, 0.1)
    yield case(draw, 5, 5, 0.3)
    yield case(draw, 7, 4, 0.0)
    yield case(draw, 3, 11, 1.0)
    yield case(draw, 1, 2, 0.6)
    yield case(draw, 3, 1, 0.2)
    logits, target, _ = case(draw, 4, 4, 0)
    yield 20 * logits, target, 0.1


def edges(draw):
    logits, target, _ = case(draw, 3, 5, 0)
    yield 1e4 * logits, target, 0.1
    yield torch.zeros_like(logits), target, 0.1
    yield torch.full_like(logits, -1e4), target, 0.1
    yield case(draw, 0, 3, 0.1)


def least(loss, draw):
    """The loss is least where the prediction is the smoothed target."""
    _, target, smoothing = case(draw, 6, 5, 0.2)
    q = torch.full((6, 5), smoothing / 5, dtype=torch.float64)
    q[range(6), target] += 1 - smoothing
    entropy = -(q * q.log()).sum(1).mean()
    if not torch.allclose(loss(q.log(), target, smoothing), entropy):
        return False
    return all(
        loss(q.log() + draw.normal(6, 5), target, smoothing) > entropy
        for _ in range(5)
    )


def renamed(loss, draw):
    """The numbers of the classes do not matter."""
    logits, target, smoothing = case(draw, 4, 7, 0.3)
    order = torch.arange(7).flip(0)
    one = loss(logits, target, smoothing)
    two = loss(logits[:, order], order[target], smoothing)
    return torch.allclose(one, two, rtol=1e-9, atol=1e-9)


CHECK = Battery(
    cases,
    oracle=oracle,
    edges=edges,
    invariants={"least": least, "renamed": renamed},
    gradient=(0,),
    forbid=(
        *("cross_entropy", "cross_entropy_loss"),
        *("torch.nn.modules.loss", "pfs.nn.loss", "pfs.nn.cross_entropy"),
    ),
)
