import torch

from pfs.homework.battery import Battery

SIGMAS = 7
SHAPES = (200, 300), (500, 120), (150, 150)


def adapt(first_weight):
    """Put a seed in place of the generator."""

    def run(shape, added, layers, seed):
        generator = torch.Generator().manual_seed(seed)
        return first_weight(shape, added, layers, generator)

    return run


def cases(draw):
    for shape in ((2, 3), (5, 5), (7, 1), (1, 11), (6,)):
        for added in (False, True):
            yield shape, added, 3, draw.seed()


def form(weight, draw):
    for shape in ((2, 3), (1, 1), (7,), (4, 5)):
        for added in (False, True):
            w = weight(shape, added, 2, draw.seed())
            if not isinstance(w, torch.Tensor) or w.shape != shape:
                return False
            if w.dtype != torch.float32 or w.requires_grad:
                return False
    return True


def shifts(weight, draw):
    return all(
        not weight((9,), added, 4, draw.seed()).any() for added in (False, True)
    )


def spread(weight, draw, added, layers, wanted):
    """Compare the mean square with the variance."""
    for shape in SHAPES:
        w = weight(shape, added, layers, draw.seed()).double()
        deviation = (2.0 / w.numel()) ** 0.5
        if abs((w**2).mean() / wanted - 1) > SIGMAS * deviation:
            return False
    return True


def plain(weight, draw):
    return all(
        spread(weight, draw, False, layers, 0.0004) for layers in (1, 12, 48)
    )


def small(weight, draw):
    return all(
        spread(weight, draw, True, layers, 0.0002 / layers)
        for layers in (1, 2, 12, 48)
    )


def depth(weight, draw):
    """The sum of all that a path receives does not depend on its depth."""
    for layers in (1, 8, 32):
        total = torch.zeros(100, 100, dtype=torch.float64)
        for _ in range(2 * layers):
            total += weight((100, 100), True, layers, draw.seed())
        if abs((total**2).mean() / 0.0004 - 1) > SIGMAS * 0.0002**0.5:
            return False
    return True


def normal(weight, draw):
    w = weight((200, 300), False, 1, draw.seed()).double() / 0.02
    within = {0.5: 0.382925, 1.0: 0.682689, 2.0: 0.954500, 3.0: 0.997300}
    for limit, p in within.items():
        deviation = (p * (1 - p) / w.numel()) ** 0.5
        if abs((w.abs() <= limit).double().mean() - p) > SIGMAS * deviation:
            return False
    return bool(w.unique().numel() > 0.9 * w.numel())


def generator(weight, draw):
    one, two = draw.seed(), draw.seed()
    first, again = (weight((7, 5), True, 3, one) for _ in range(2))
    other = weight((7, 5), True, 3, two)
    return torch.equal(first, again) and not torch.equal(first, other)


CHECK = Battery(
    cases,
    adapt=adapt,
    invariants={
        "form": form,
        "shifts": shifts,
        "generator": generator,
        "normal": normal,
        "plain": plain,
        "small": small,
        "depth": depth,
    },
    forbid=("pfs.language",),
)
