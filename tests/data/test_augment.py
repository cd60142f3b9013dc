"""Views of pictures: seeded, each its own, equal to written-out formulas."""

import colorsys

import pytest
import torch
from scipy import ndimage
from torchvision.transforms.v2 import functional

from pfs.data import (
    augment,
    augment_color,
    augment_draws,
    augment_space,
)
from pfs.data.augment import Views, ViewsConfig
from pfs.data.augment_jitter import NAMES

EXACT = 1e-9
SINGLE = 1e-6  # some steps of its hue are in single precision
WEIGHTS = 2e-4  # torchvision writes 0.2989 for the red of a grey
PRESETS = [
    augment.INST_DISC,
    augment.SIMCLR,
    augment.SIMCLR_CIFAR,
    augment.MOCO_V2,
    augment.DIGITS,
    augment.FASHION,
]
STILL = ViewsConfig(
    scale=(1.0, 1.0),
    ratio=(1.0, 1.0),
    flip=0.0,
    brightness=0.0,
    contrast=0.0,
    saturation=0.0,
    hue=0.0,
    grey=0.0,
)
RANDOM = [
    lambda x, g: augment.random_crop(x, 2, g),
    lambda x, g: augment.random_resized_crop(x, (0.2, 0.8), generator=g),
    lambda x, g: augment.flip(x, 0.5, g),
    lambda x, g: augment.color_jitter(x, 0.5, 0.5, 0.5, 0.3, 1.0, g),
    lambda x, g: augment.grey(x, 0.5, g),
    lambda x, g: augment.blur(x, (0.5, 2.0), 1.0, g),
]


def seeded(seed=0):
    return torch.Generator().manual_seed(seed)


def images(batch=4, channels=3, height=10, width=12, dtype=torch.float64):
    shape = (batch, channels, height, width)
    return torch.rand(shape, dtype=dtype, generator=seeded(7))


@pytest.mark.parametrize("change", RANDOM)
def test_the_same_seed_gives_the_same_pictures(change):
    x = images(dtype=torch.float32)
    before = x.clone()
    assert torch.equal(change(x, seeded(1)), change(x, seeded(1)))
    assert not torch.equal(change(x, seeded(1)), change(x, seeded(2)))
    assert torch.equal(x, before)  # the input is not written to


@pytest.mark.parametrize("change", RANDOM)
def test_each_picture_has_a_draw_of_its_own(change):
    one = images(batch=1)
    y = change(one.expand(16, -1, -1, -1), seeded(3))
    assert y.unique(dim=0).shape[0] > 1


@pytest.mark.parametrize("config", PRESETS)
@pytest.mark.parametrize("channels", [1, 3])
def test_views_stay_in_range_and_differ(config, channels):
    x = images(8, channels, 32, 32, torch.float32)
    first, second = Views(config)(x, seeded())
    for view in (first, second):
        assert view.shape == x.shape
        assert view.dtype == x.dtype
        assert view.min() >= 0
        assert view.max() <= 1
    assert not torch.equal(first, second)
    again, _ = Views(config)(x, seeded())
    assert torch.equal(first, again)


@pytest.mark.parametrize("channels", [1, 3])
def test_without_strength_nothing_changes(channels):
    x = images(4, channels, 10, 10)
    first, second = Views(STILL)(x, seeded())
    assert torch.equal(first, x)
    assert torch.equal(second, x)
    assert torch.equal(augment.random_crop(x, 0), x)
    assert torch.equal(augment.color_jitter(x, 0.4, 0.4, 0.4, 0.1, p=0.0), x)
    assert torch.equal(augment.grey(x, p=0.0), x)
    assert torch.equal(augment.flip(x, p=0.0), x)
    assert torch.equal(augment.blur(x, p=0.0), x)


def test_grey_pictures_have_no_colour_to_change():
    x = images(channels=1)
    assert torch.equal(augment.color_jitter(x, saturation=0.9, hue=0.5), x)
    assert torch.equal(augment.grey(x, p=1.0), x)
    assert not torch.equal(augment.color_jitter(x, contrast=0.9), x)


def test_grey_weighs_the_colours_as_the_eye_does():
    x = images()
    wanted = 0.299 * x[:, :1] + 0.587 * x[:, 1:2] + 0.114 * x[:, 2:]
    torch.testing.assert_close(augment_color.to_grey(x), wanted)
    torch.testing.assert_close(
        augment.grey(x, p=1.0), wanted.expand(-1, 3, -1, -1)
    )


@pytest.mark.parametrize("factor", [0.0, 0.6, 1.0, 1.7])
def test_brightness_contrast_and_saturation_are_blends(factor):
    x = images()
    f = torch.full((4,), factor, dtype=x.dtype)
    grey = augment_color.to_grey(x)
    mean = torch.stack([g.mean() for g in grey]).view(4, 1, 1, 1)
    for change, other in (
        (augment_color.brightness, torch.zeros_like(x)),
        (augment_color.contrast, mean),
        (augment_color.saturation, grey),
    ):
        wanted = (factor * x + (1 - factor) * other).clamp(0, 1)
        torch.testing.assert_close(change(x, f), wanted)


def test_each_picture_has_its_factor():
    x = images()
    f = torch.tensor([0.1, 0.5, 0.9, 1.3], dtype=x.dtype)
    for change in (
        augment_color.brightness,
        augment_color.contrast,
        augment_color.saturation,
        augment_color.hue,
    ):
        every = change(x, f)
        for i in range(4):
            alone = change(x[i : i + 1], f[i : i + 1])
            torch.testing.assert_close(every[i : i + 1], alone)


@pytest.mark.parametrize("shift", [-0.5, -0.2, 0.0, 0.1, 0.5])
def test_hue_is_that_of_colorsys(shift):
    x = images(2, 3, 4, 4)
    x[0, :, 0, 0] = 0.5  # grey: no hue
    x[0, :, 0, 1] = torch.tensor([1.0, 1.0, 0.0])  # two channels are largest
    x[0, :, 0, 2] = torch.tensor([0.0, 0.3, 0.3])
    x[0, :, 0, 3] = torch.tensor([0.7, 0.1, 0.7])
    y = augment_color.hue(x, torch.full((2,), shift, dtype=x.dtype))
    for i in range(2):
        for row in range(4):
            for column in range(4):
                h, s, v = colorsys.rgb_to_hsv(*x[i, :, row, column].tolist())
                wanted = colorsys.hsv_to_rgb((h + shift) % 1.0, s, v)
                got = y[i, :, row, column].tolist()
                assert got == pytest.approx(wanted, abs=1e-9)


def test_a_whole_turn_of_the_hue_is_no_change():
    x = images()
    turn = augment_color.hue(x, torch.ones(4, dtype=x.dtype))
    torch.testing.assert_close(turn, x)


def test_the_order_of_the_jitter_is_random_for_each_picture():
    x = images(batch=1).expand(64, -1, -1, -1)
    g = seeded(5)
    y = augment.color_jitter(x, 0.0, 0.6, 0.6, 0.5, 1.0, g)
    g = seeded(5)
    torch.rand(64, generator=g)
    share = torch.rand(4, 64, generator=g).double()
    order = torch.rand(64, 4, generator=g).argsort(1)
    assert order.unique(dim=0).shape[0] > 12
    low = (1.0, 0.4, 0.4, -0.5)
    high = (1.0, 1.6, 1.6, 0.5)
    for i in range(64):
        z = x[i : i + 1]
        for name in order[i].tolist():
            f = low[name] + (high[name] - low[name]) * share[name, i]
            z = getattr(augment_color, NAMES[name])(z, f[None])
        torch.testing.assert_close(y[i : i + 1], z, atol=1e-6, rtol=0.0)


def test_a_crop_is_a_window_of_the_framed_picture():
    x = images(4, 2, 5, 6)
    offset = torch.tensor([[0, 0], [2, 2], [4, 1], [3, 4]])
    y = augment_space.crop(x, 2, offset)
    assert torch.equal(y[1], x[1])
    for i, (down, right) in enumerate(offset.tolist()):
        for row in range(5):
            for column in range(6):
                a, b = row + down - 2, column + right - 2
                inside = 0 <= a < 5 and 0 <= b < 6
                wanted = x[i, :, a, b] if inside else torch.zeros(2).double()
                assert torch.equal(y[i, :, row, column], wanted)


def test_random_crop_reaches_every_shift():
    x = torch.zeros(500, 1, 5, 5)
    x[:, :, 2, 2] = 1
    y = augment.random_crop(x, 2, seeded())
    counts = y.sum((0, 1))
    assert (counts > 5).all()  # 25 places, about 20 each
    assert counts.sum() == 500


def bilinear(picture, top, left, height, width):
    """Enlarge a box pixel by pixel; torch's own, with half pixel centres."""
    box = picture[None, :, top : top + height, left : left + width]
    return torch.nn.functional.interpolate(
        box, picture.shape[1:], mode="bilinear", align_corners=False
    )[0]


def test_a_resized_crop_is_bilinear():
    x = images(5)
    boxes = torch.tensor(
        [
            [0, 0, 10, 12],
            [1, 2, 5, 7],
            [9, 11, 1, 1],
            [3, 0, 2, 9],
            [0, 5, 9, 3],
        ]
    )
    y = augment_space.resized_crop(x, boxes)
    for i, box in enumerate(boxes.tolist()):
        torch.testing.assert_close(y[i], bilinear(x[i], *box))
    torch.testing.assert_close(y[0], x[0])


def test_boxes_have_the_wanted_area_and_form():
    draws = augment_draws._boxes
    shape = torch.Size((2000, 3, 64, 64))
    boxes = draws(shape, (0.2, 0.6), (3 / 4, 4 / 3), seeded()).double()
    top, left, height, width = boxes.T
    area, form = height * width / 64**2, width / height
    assert ((top + height <= 64) & (left + width <= 64)).all()
    assert 0.18 < area.min() < 0.22 < 0.58 < area.max() < 0.62
    assert 0.7 < form.min() < 0.8 < 1.25 < form.max() < 1.4
    assert area.mean() == pytest.approx(0.4, abs=0.01)  # uniform in area
    assert form.log().mean().abs() < 0.02  # wide as often as tall
    assert (top + height == 64).any()
    assert (left + width == 64).any()
    assert (top == 0).any()
    assert (left == 0).any()


@pytest.mark.parametrize(
    ("shape", "ratio", "wanted"),
    [
        ((4, 64), (0.9, 1.1), [0, 30, 4, 4]),
        ((64, 4), (0.9, 1.1), [30, 0, 4, 4]),
        ((8, 9), (1.0, 1.2), [0, 0, 8, 9]),
    ],
)
def test_a_box_that_never_fits_is_taken_from_the_middle(shape, ratio, wanted):
    draws = augment_draws._boxes
    boxes = draws(torch.Size((3, 1, *shape)), (4.0, 4.0), ratio, seeded())
    assert boxes.tolist() == [wanted] * 3


@pytest.mark.parametrize("radius", [1, 3])
def test_a_blur_is_scipys_gaussian_with_a_mirror(radius):
    x = images()
    sigma = torch.tensor([0.3, 0.8, 1.5, 4.0], dtype=x.dtype)
    y = augment_space.gaussian_blur(x, sigma, radius)
    for i in range(4):
        wanted = ndimage.gaussian_filter(
            x[i].numpy(),
            sigma=(0, float(sigma[i]), float(sigma[i])),
            mode="mirror",
            radius=(0, radius, radius),
        )
        torch.testing.assert_close(y[i], torch.from_numpy(wanted))


def test_the_blur_is_about_a_tenth_of_the_picture_wide():
    dot = torch.zeros(1, 1, 80, 80)
    dot[..., 40, 40] = 1
    y = augment.blur(dot, (1e3, 1e3), 1.0)
    assert int((y > 0).sum()) == 9 * 9
    torch.testing.assert_close(y.sum(), torch.tensor(1.0))


def test_flip_mirrors_left_and_right_for_about_half():
    x = images(batch=200)
    y = augment.flip(x, 0.5, seeded())
    kept = (y == x).flatten(1).all(1)
    turned = (y == x.flip(3)).flatten(1).all(1)
    assert (kept ^ turned).all()
    assert 70 < int(turned.sum()) < 130


def test_p_decides_for_each_picture():
    x = images(batch=400, height=3, width=3)
    y = augment.color_jitter(x, 0.4, p=0.8, generator=seeded())
    changed = (y != x).flatten(1).any(1).double().mean()
    assert changed == pytest.approx(0.8, abs=0.07)
    z = augment.grey(x, 0.2, seeded(1))
    changed = (z != x).flatten(1).any(1).double().mean()
    assert changed == pytest.approx(0.2, abs=0.07)
    b = augment.blur(x, (1.0, 1.0), 0.5, seeded(2))
    changed = (b != x).flatten(1).any(1).double().mean()
    assert changed == pytest.approx(0.5, abs=0.09)


def test_grey_before_the_jitter_leaves_no_colour():
    config = ViewsConfig(
        grey=1.0, grey_first=True, saturation=0.9, hue=0.5, jitter=1.0
    )
    y, _ = Views(config)(images(), seeded())
    assert (y.amax(1) - y.amin(1)).max() < 1e-9
    y = Views(augment.SIMCLR_CIFAR).view(images(400, height=6), seeded())
    grey = (y.amax(1) - y.amin(1)).flatten(1).amax(1) < 1e-9
    assert grey.double().mean() == pytest.approx(0.2, abs=0.07)


def test_the_generator_advances():
    views, x, g = Views(augment.SIMCLR_CIFAR), images(), seeded()
    first, _ = views(x, g)
    later, _ = views(x, g)
    assert not torch.equal(first, later)


def test_presets_are_those_of_the_papers():
    assert augment.SIMCLR.strengths == (0.8, 0.8, 0.8, 0.2)
    assert augment.SIMCLR_CIFAR.strengths == (0.4, 0.4, 0.4, 0.1)
    assert augment.MOCO_V2.strengths == (0.4, 0.4, 0.4, 0.1)
    assert augment.INST_DISC.strengths == (0.4, 0.4, 0.4, 0.4)
    assert [c.scale[0] for c in PRESETS[:4]] == [0.2, 0.08, 0.08, 0.2]
    assert [c.blur for c in PRESETS[:4]] == [0.0, 0.5, 0.0, 0.5]
    assert [c.jitter for c in PRESETS[:4]] == [1.0, 0.8, 0.8, 0.8]
    assert augment.DIGITS.flip == 0


@pytest.mark.parametrize("number", [0, 1, 2, 3])
def test_torchvision_does_the_same_to_one_picture(number):
    x = images()
    f = torch.tensor([0.7, 0.9, 1.2, 1.6], dtype=x.dtype)
    one, factor = x[number : number + 1], float(f[number])
    pairs = {
        "brightness": (augment_color.brightness(x, f), EXACT),
        "contrast": (augment_color.contrast(x, f), WEIGHTS),
        "saturation": (augment_color.saturation(x, f), WEIGHTS),
        "hue": (augment_color.hue(x, f - 1.1), SINGLE),
    }
    for name, (ours, near) in pairs.items():
        change = getattr(functional, f"adjust_{name}")
        wanted = change(one, factor - 1.1 if name == "hue" else factor)
        got = ours[number : number + 1]
        torch.testing.assert_close(got, wanted, atol=near, rtol=0.0)
    blurred = augment_space.gaussian_blur(x, f, 2)[number : number + 1]
    wanted = functional.gaussian_blur(one, [5, 5], [factor, factor])
    torch.testing.assert_close(blurred, wanted)
    box = torch.tensor([1, 2, 5 + number, 7])
    cut = augment_space.resized_crop(one, box[None])
    wanted = functional.resized_crop(one, *box.tolist(), [10, 12])
    torch.testing.assert_close(cut, wanted)
