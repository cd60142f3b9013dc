import torch

from pfs.homework.battery import Battery


def oracle(gradients, max_norm):
    numbers = torch.cat([g.flatten() for g in gradients]).tolist()
    norm = sum(number**2 for number in numbers) ** 0.5
    if norm > max_norm:
        clipped = [g / (norm / max_norm) for g in gradients]
    else:
        clipped = gradients
    return clipped, torch.tensor(norm, dtype=gradients[0].dtype)


def cases(draw):
    yield [draw.normal(2, 3), draw.normal(3)], 1.0
    yield [draw.normal(2, 3), draw.normal(3)], 50.0
    yield [draw.normal(4, 4), draw.normal(4, 4), draw.normal(4)], 2.5
    yield [draw.normal(1)], 1e-3
    yield [draw.normal(), draw.normal(5, 1, 2), 3 * draw.normal(7)], 0.5
    yield [torch.tensor([3.0]).double(), torch.tensor([[4.0]]).double()], 5.0
    yield [0.2 * draw.normal(3), 30 * draw.normal(2), draw.normal(3, 2)], 5.0


def edges(draw):
    yield [torch.zeros(2, 3).double(), torch.zeros(3).double()], 1.0
    yield [draw.normal(0, 3), draw.normal(2)], 0.1
    yield [1e100 * draw.normal(3), draw.normal(2, 2)], 1.0
    yield [1e-8 * draw.normal(3), 1e-8 * draw.normal(2, 2)], 1e-9


def direction(clip, draw):
    gradients = [draw.normal(3, 4), 5 * draw.normal(2)]
    clipped, _ = clip(gradients, 0.7)
    before = torch.cat([g.flatten() for g in gradients])
    after = torch.cat([g.flatten() for g in clipped])
    return torch.allclose(after / after.norm(), before / before.norm())


def short(clip, draw):
    gradients = [draw.normal(3, 4), draw.normal(2)]
    clipped, norm = clip(gradients, 1e3)
    again, _ = clip(clipped, 1e3)
    pairs = zip(gradients, again, strict=True)
    return float(norm) < 1e3 and all(torch.allclose(a, b) for a, b in pairs)


CHECK = Battery(
    cases,
    oracle=oracle,
    edges=edges,
    invariants={"direction": direction, "short": short},
    forbid=("torch.nn.utils.clip_grad", "pfs.optim"),
    meta=False,
)
