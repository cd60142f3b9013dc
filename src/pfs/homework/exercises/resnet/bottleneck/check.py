import torch

from pfs.homework.battery import Battery


def standard(x):
    apart = x - x.mean((0, 2, 3), keepdim=True)
    spread = apart.square().mean((0, 2, 3), keepdim=True)
    return apart / (spread + 1e-5).sqrt()


def oracle(x, W1, W2, W3, Ws, stride):
    y = standard(torch.conv2d(x, W1)).clamp(min=0)
    y = torch.nn.functional.pad(y, (1, 1, 1, 1))
    y = standard(torch.conv2d(y, W2, stride=stride)).clamp(min=0)
    y = standard(torch.conv2d(y, W3))
    s = standard(torch.conv2d(x, Ws)[:, :, ::stride, ::stride])
    return (y + s).clamp(min=0)


def case(draw, image, width, stride):
    batch, channels, height, columns = image
    return (
        draw.normal(batch, channels, height, columns),
        draw.normal(width, channels, 1, 1),
        draw.normal(width, width, 3, 3),
        draw.normal(4 * width, width, 1, 1),
        draw.normal(4 * width, channels, 1, 1),
        stride,
    )


def cases(draw):
    yield case(draw, (2, 3, 4, 6), 2, 2)
    yield case(draw, (2, 3, 4, 5), 2, 1)
    yield case(draw, (4, 4, 4, 4), 1, 1)
    yield case(draw, (3, 5, 7, 5), 3, 2)
    yield case(draw, (2, 1, 5, 7), 1, 3)


def edges(draw):
    x, *rest = case(draw, (2, 3, 4, 6), 2, 2)
    yield 1e3 * x, *rest
    yield x - 100, *rest


def scale(bottleneck, draw):
    x, *rest = case(draw, (3, 3, 5, 6), 2, 2)
    return torch.allclose(
        bottleneck(1e3 * x, *rest), bottleneck(3e3 * x, *rest), 1e-4, 1e-4
    )


def never_negative(bottleneck, draw):
    return bool((bottleneck(*case(draw, (3, 3, 5, 6), 2, 2)) >= 0).all())


CHECK = Battery(
    cases,
    oracle=oracle,
    edges=edges,
    invariants={"scale": scale, "never-negative": never_negative},
    dtypes=("float32",),
    forbid=("pfs.vision",),
)
