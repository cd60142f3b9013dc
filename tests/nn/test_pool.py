"""Poolings equal torch's, over its own samples, with ties and padding."""

import pytest
import torch
from contract import EXACT, ModuleContract
from torch import nn as theirs
from torch.nn import functional
from torch.testing import assert_close
from twins import accepted, grid, same, same_calls, same_layers

from pfs import nn


class Pooling(ModuleContract):
    inputs = staticmethod(lambda batch: (torch.randn(batch, 2, 7, 6),))
    parameters = 0


class TestMaxPool2d(Pooling):
    options = {"dilation": (1, 2), "ceil_mode": True}
    module = staticmethod(lambda o=options: nn.MaxPool2d(3, 2, 1, **o))
    twin = staticmethod(lambda o=options: theirs.MaxPool2d(3, 2, 1, **o))


class TestMaxPool2dWithPlaces(Pooling):
    module = staticmethod(lambda: nn.MaxPool2d(2, return_indices=True))
    twin = staticmethod(lambda: theirs.MaxPool2d(2, return_indices=True))

    def test_only_shapes(self):
        y, places = nn.MaxPool2d(2, return_indices=True)(
            torch.zeros(1, 2, 7, 6, device="meta")
        )
        assert y.shape == places.shape == (1, 2, 3, 3)
        assert places.dtype == torch.int64


class TestAvgPool2d(Pooling):
    module = staticmethod(
        lambda: nn.AvgPool2d(3, 2, 1, count_include_pad=False)
    )
    twin = staticmethod(
        lambda: theirs.AvgPool2d(3, 2, 1, count_include_pad=False)
    )


class TestAdaptiveAvgPool2d(Pooling):
    module = staticmethod(lambda: nn.AdaptiveAvgPool2d((3, None)))
    twin = staticmethod(lambda: theirs.AdaptiveAvgPool2d((3, None)))


class TestAdaptiveAvgPool2dToOne(Pooling):
    module = staticmethod(lambda: nn.AdaptiveAvgPool2d(1))
    twin = staticmethod(lambda: theirs.AdaptiveAvgPool2d(1))


class TestAdaptiveMaxPool2d(Pooling):
    module = staticmethod(lambda: nn.AdaptiveMaxPool2d((3, 4)))
    twin = staticmethod(lambda: theirs.AdaptiveMaxPool2d((3, 4)))


def numbers(*shape, high=0):
    """Random numbers; small whole ones, with many ties, if `high` is given."""
    chance = torch.Generator().manual_seed(sum(shape))
    if high:
        return torch.randint(high, shape, generator=chance).double()
    return torch.randn(shape, generator=chance, dtype=torch.float64)


def places(f, **options):
    return lambda x: f(x, return_indices=True, **options)


def test_the_largest_of_ties_is_the_first_one():
    x = numbers(2, 3, 7, 6, high=3)
    count = 0
    for options in grid(
        kernel_size=[1, 2, (3, 2), (4, 5)],
        stride=[None, 1, (2, 3)],
        padding=[0, 1, (1, 2)],
        dilation=[1, (2, 1)],
        ceil_mode=[False, True],
    ):
        if accepted(places(functional.max_pool2d, **options), x):
            functions = nn.max_pool2d, functional.max_pool2d
            same(*(places(f, **options) for f in functions), x)
            count += 1
    assert count > 70


def test_the_mean_counts_what_torch_counts():
    x = numbers(2, 3, 7, 6)
    count = 0
    for options in grid(
        kernel_size=[1, 2, (3, 2), (4, 5)],
        stride=[None, 1, (2, 3)],
        padding=[0, 1, (1, 2)],
        ceil_mode=[False, True],
        count_include_pad=[False, True],
        divisor_override=[None, 3],
    ):
        form = lambda f, o=options: lambda x: f(x, **o)
        if accepted(form(functional.avg_pool2d), x):
            same(form(nn.avg_pool2d), form(functional.avg_pool2d), x)
            count += 1
    assert count > 140


@pytest.mark.parametrize("size", [1, 2, 3, (7, 6), (None, 4), (5, 9)])
def test_windows_that_cover_the_image(size):
    x = numbers(2, 3, 7, 6, high=3)
    form = lambda f: lambda x: f(x, size)
    same(
        *map(form, (nn.adaptive_avg_pool2d, functional.adaptive_avg_pool2d)), x
    )
    functions = nn.adaptive_max_pool2d, functional.adaptive_max_pool2d
    same(*(places(f, output_size=size) for f in functions), x)


@pytest.mark.parametrize(
    ("name", "count"),
    [
        ("adaptive_avg_pool2d", 10),
        ("adaptive_max_pool2d", 24),
        ("avg_pool2d", 7),
    ],
)
def test_equal_to_torch_on_its_own_samples(name, count):
    assert same_calls(name) == count


def test_largest_equal_to_torch_on_its_own_samples():
    """Every 29th of the 1,440: no period of their options divides it."""
    turn = iter(range(10_000))
    assert same_calls("max_pool2d", lambda *_: next(turn) % 29) == 50


@pytest.mark.parametrize(
    ("name", "count"),
    [
        ("MaxPool2d", 3),
        ("AvgPool2d", 7),
        ("AdaptiveAvgPool2d", 5),
        ("AdaptiveMaxPool2d", 4),
    ],
)
def test_layers_equal_to_torch_on_its_own_samples(name, count):
    assert same_layers(name) == count


def test_images_of_minus_infinity_have_their_first_place():
    """What surrounds an image is not larger, and not chosen."""
    x = torch.full((1, 1, 4, 5), -torch.inf, dtype=torch.float64)
    for options in grid(
        padding=[0, 1], dilation=[1, 2], ceil_mode=[False, True]
    ):
        functions = nn.max_pool2d, functional.max_pool2d
        pair = [
            places(f, kernel_size=3, stride=2, **options) for f in functions
        ]
        if accepted(pair[1], x):
            assert_close(pair[0](x), pair[1](x), **EXACT)


@pytest.mark.parametrize("name", ["max", "avg", "adaptive_max", "adaptive_avg"])
def test_what_is_not_a_number_is_seen_where_it_is(name):
    x = numbers(1, 1, 6, 6)
    x[0, 0, 1, 4] = torch.nan
    x[0, 0, 4, 1] = torch.inf
    both = [getattr(home, f"{name}_pool2d") for home in (nn, functional)]
    for size in (2, 3):
        assert_close(*(f(x, size) for f in both), equal_nan=True)


def test_the_largest_can_be_differentiated_twice():
    x = numbers(1, 2, 6, 6).requires_grad_()
    call = lambda x: nn.max_pool2d(x, 3, 2, 1).square()
    assert torch.autograd.gradgradcheck(call, x)
