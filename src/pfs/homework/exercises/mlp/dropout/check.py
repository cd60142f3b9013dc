import torch

from pfs.homework.battery import Battery

SIGMAS = 7


def adapt(dropout):
    """Add a seed in place of the generator, and the slope at every place."""

    def run(x, p, training, seed, slope=False):
        generator = torch.Generator().manual_seed(seed)
        if not slope:
            return dropout(x, p, training, generator)
        x = x.detach().requires_grad_()
        y = dropout(1 * x, p, training, generator)
        if not y.requires_grad:
            return torch.zeros_like(x)
        return torch.autograd.grad(y.sum(), x)[0]

    return run


def cases(draw):
    yield draw.normal(2, 3), 0.5, True, draw.seed()
    yield draw.normal(5, 5), 0.2, True, draw.seed()
    yield draw.normal(4, 3, 7), 0.8, True, draw.seed()
    yield draw.normal(11, 1), 0.3, True, draw.seed()
    yield draw.normal(3, 3), 0.3, False, draw.seed()
    yield draw.normal(3, 4), 0.0, True, draw.seed()
    yield draw.normal(3, 4), 1.0, True, draw.seed()
    yield draw.normal(3, 4), 1.0, False, draw.seed()
    yield draw.normal(6, 5), 0.4, True, draw.seed(), True
    yield draw.normal(0, 3), 0.4, True, draw.seed()
    yield draw.normal(), 0.4, True, draw.seed()


def form(dropout, draw):
    shapes = (2, 3), (5,), (0, 3), (), (3, 1, 3)
    for name in ("float64", "float32", "bfloat16", "float16"):
        for shape in shapes:
            x = draw.normal(*shape).to(getattr(torch, name))
            for p, training in ((0.5, True), (1.0, True), (0.5, False)):
                y = dropout(x, p, training, draw.seed())
                if not isinstance(y, torch.Tensor):
                    return False
                if y.shape != x.shape or y.dtype != x.dtype:
                    return False
    return True


def evaluation(dropout, draw):
    x = draw.normal(5, 7)
    return all(
        torch.equal(dropout(x, p, False, draw.seed()), x)
        for p in (0.0, 0.3, 1.0)
    )


def nothing(dropout, draw):
    x = draw.normal(5, 7)
    return torch.equal(dropout(x, 0.0, True, draw.seed()), x)


def everything(dropout, draw):
    y = dropout(draw.normal(5, 7), 1.0, True, draw.seed())
    return bool((y == 0).all())


def scale(dropout, draw):
    x = draw.normal(60, 60)
    for p in (0.1, 0.5, 0.8):
        y = dropout(x, p, True, draw.seed())
        if not torch.allclose(y, torch.where(y == 0, 0, x / (1 - p))):
            return False
    return True


def share(dropout, draw):
    for p in (0.1, 0.3, 0.8):
        zeros = dropout(draw.normal(150, 150), p, True, draw.seed()) == 0
        if not near(zeros.double().mean(), p, zeros.numel()):
            return False
    return True


def independent(dropout, draw):
    for p in (0.3, 0.6):
        zeros = dropout(draw.normal(150, 150), p, True, draw.seed()) == 0
        for axis in (0, 1):
            if not near(zeros.double().mean(axis), p, 150):
                return False
    return True


def near(shares, p, count):
    """Tell whether shares of so many draws are close to a probability."""
    deviation = (p * (1 - p) / count) ** 0.5
    return bool(((shares - p).abs() < SIGMAS * deviation).all())


def generator(dropout, draw):
    x, one, two = draw.normal(20, 20), draw.seed(), draw.seed()
    first, again = (dropout(x, 0.5, True, one) for _ in range(2))
    other = dropout(x, 0.5, True, two)
    return torch.equal(first, again) and not torch.equal(first, other)


def slope(dropout, draw):
    x, seed = draw.normal(20, 20), draw.seed()
    for p, training in ((0.4, True), (0.4, False), (0.0, True)):
        y = dropout(x, p, training, seed)
        if not torch.allclose(dropout(x, p, training, seed, True), y / x):
            return False
    return True


CHECK = Battery(
    cases,
    adapt=adapt,
    invariants={
        "form": form,
        "evaluation": evaluation,
        "nothing": nothing,
        "everything": everything,
        "scale": scale,
        "share": share,
        "independent": independent,
        "generator": generator,
        "slope": slope,
    },
    forbid=(
        *("dropout", "alpha_dropout", "feature_dropout", "dropout1d"),
        *("torch.nn.modules.dropout", "pfs.nn.dropout", "pfs.nn.Dropout"),
    ),
)
