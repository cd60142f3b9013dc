import torch

from pfs.homework.battery import Battery

SIGMAS = 7
GLOROT, HE = "glorot_uniform", "he_normal"
MATRICES = (200, 300), (500, 120), (150, 150)
KERNELS = (64, 32, 3, 3), (20, 60, 5, 5), (50, 100, 7)


def adapt(initial_weight):
    """Put a seed in place of the generator."""

    def run(shape, scheme, seed):
        generator = torch.Generator().manual_seed(seed)
        return initial_weight(shape, scheme, generator)

    return run


def cases(draw):
    shapes = (2, 3), (5, 5), (7, 1), (1, 11), (3, 2, 5), (3, 4, 3, 3)
    for shape in shapes:
        for scheme in (GLOROT, HE):
            yield shape, scheme, draw.seed()


def form(weight, draw):
    shapes = (2, 3), (1, 1), (3, 2, 5), (4, 3, 2, 5), (2, 3, 1, 2, 3)
    for scheme in (GLOROT, HE):
        for shape in shapes:
            w = weight(shape, scheme, draw.seed())
            if not isinstance(w, torch.Tensor) or w.shape != shape:
                return False
            if w.dtype != torch.float32 or w.requires_grad:
                return False
    return True


def centred(weight, draw):
    for scheme in (GLOROT, HE):
        w = weight((200, 300), scheme, draw.seed()).double()
        if abs(w.mean()) > SIGMAS * w.std() / w.numel() ** 0.5:
            return False
    return True


def glorot(weight, draw):
    return all(spread(weight, draw, GLOROT, shape) for shape in MATRICES)


def he(weight, draw):
    return all(spread(weight, draw, HE, shape) for shape in MATRICES)


def kernels(weight, draw):
    return all(
        spread(weight, draw, scheme, shape)
        for scheme in (GLOROT, HE)
        for shape in KERNELS
    )


def spread(weight, draw, scheme, shape):
    """Compare the mean square with the variance of the paper."""
    w = weight(shape, scheme, draw.seed()).double()
    count = w.numel()
    ones = torch.ones(shape)
    fan_in, fan_out = ones[0].sum(), ones[:, 0].sum()
    variance = 2 / fan_in if scheme == HE else 2 / (fan_in + fan_out)
    deviation = ((2.0 if scheme == HE else 0.8) / count) ** 0.5
    return abs((w**2).mean() / variance - 1) < SIGMAS * deviation


def uniform(weight, draw):
    w = weight((200, 300), GLOROT, draw.seed()).double()
    return shares(w / (6 / 500) ** 0.5, {0.25: 0.25, 0.5: 0.5, 1.00001: 1.0})


def normal(weight, draw):
    w = weight((200, 300), HE, draw.seed()).double()
    within = {0.5: 0.382925, 1.0: 0.682689, 2.0: 0.954500, 3.0: 0.997300}
    return shares(w / (2 / 300) ** 0.5, within)


def shares(w, within):
    """Compare how many numbers lie near 0 with their probability."""
    for limit, p in within.items():
        deviation = (p * (1 - p) / w.numel()) ** 0.5
        share = (w.abs() <= limit).double().mean()
        if abs(share - p) > SIGMAS * deviation:
            return False
    return True


def own_numbers(weight, draw):
    for scheme in (GLOROT, HE):
        w = weight((40, 50), scheme, draw.seed())
        if w.unique().numel() < 0.9 * w.numel():
            return False
    return True


def generator(weight, draw):
    one, two = draw.seed(), draw.seed()
    for scheme in (GLOROT, HE):
        first, again = (weight((7, 5), scheme, one) for _ in range(2))
        other = weight((7, 5), scheme, two)
        if not torch.equal(first, again) or torch.equal(first, other):
            return False
    return True


CHECK = Battery(
    cases,
    adapt=adapt,
    invariants={
        "form": form,
        "generator": generator,
        "own": own_numbers,
        "centred": centred,
        "glorot": glorot,
        "uniform": uniform,
        "he": he,
        "normal": normal,
        "kernels": kernels,
    },
    forbid=(
        *("torch.nn.init", "torch.nn.modules.linear"),
        "torch.nn.modules.conv",
    ),
)
