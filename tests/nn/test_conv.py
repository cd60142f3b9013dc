"""Convolution equals its definition and torch, over torch's own samples."""

import math

import pytest
import torch
from contract import EXACT, ModuleContract
from torch import nn as theirs
from torch.nn import functional
from torch.testing import assert_close
from twins import accepted, grid, same, same_calls, same_layers

from pfs import nn
from pfs.errors import PfsError
from pfs.nn import conv, conv_shifts

EVEN = "ignore:Using padding='same' with even kernel:UserWarning"


def images(*shape):
    return staticmethod(lambda batch: (torch.randn(batch, *shape),))


class TestConv2d(ModuleContract):
    module = staticmethod(lambda: nn.Conv2d(3, 4, 3, padding=1))
    twin = staticmethod(lambda: theirs.Conv2d(3, 4, 3, padding=1))
    inputs = images(3, 6, 5)
    parameters = 4 * 3 * 3 * 3 + 4


class TestConv2dOfManyChannels(ModuleContract):
    options = {"padding": (1, 0), "dilation": (1, 2)}
    module = staticmethod(lambda o=options: nn.Conv2d(8, 3, (3, 2), **o))
    twin = staticmethod(lambda o=options: theirs.Conv2d(8, 3, (3, 2), **o))
    inputs = images(8, 6, 5)
    parameters = 3 * 8 * 3 * 2 + 3


class TestConv2dOfOnePlace(ModuleContract):
    module = staticmethod(lambda: nn.Conv2d(5, 4, 1, stride=2))
    twin = staticmethod(lambda: theirs.Conv2d(5, 4, 1, stride=2))
    inputs = images(5, 6, 5)
    parameters = 5 * 4 + 4


class TestConv2dInGroups(ModuleContract):
    options = {"stride": (2, 1), "padding": (2, 0), "dilation": 2, "groups": 2}
    module = staticmethod(
        lambda o=options: nn.Conv2d(4, 6, (3, 2), bias=False, **o)
    )
    twin = staticmethod(
        lambda o=options: theirs.Conv2d(4, 6, (3, 2), bias=False, **o)
    )
    inputs = images(4, 6, 5)
    parameters = 6 * 2 * 3 * 2


@pytest.fixture(params=["by windows", "by shifts"])
def way(request, monkeypatch):
    """Both ways, whatever the number of channels."""
    many = 1 if request.param == "by shifts" else 10**9
    monkeypatch.setattr(conv, "MANY", many)


both_ways = pytest.mark.usefixtures("way")


def numbers(*shape):
    chance = torch.Generator().manual_seed(sum(shape))
    return torch.randn(shape, generator=chance, dtype=torch.float64)


def test_the_definition_number_by_number():
    x, w, b = numbers(2, 3, 5, 6), numbers(4, 3, 3, 2), numbers(4)
    y = nn.conv2d(x, w, b, stride=(2, 1), dilation=(1, 2))
    assert y.shape == (2, 4, 2, 4)
    for n, o, p, q in torch.cartesian_prod(*map(torch.arange, y.shape)):
        window = x[n, :, 2 * p : 2 * p + 3, q : q + 3 : 2]
        assert_close(y[n, o, p, q], (w[o] * window).sum() + b[o], **EXACT)


@both_ways
def test_equal_to_torch_in_every_combination():
    x, b = numbers(3, 4, 7, 6), numbers(8)
    count = 0
    for size, options in (
        (size, options)
        for size in ((1, 1), (3, 3), (2, 4))
        for options in grid(
            stride=[1, 2, (2, 3)],
            padding=[0, (1, 2)],
            dilation=[1, (1, 2)],
            groups=[1, 2, 4],
        )
    ):
        w = numbers(8, 4 // options["groups"], *size)
        form = lambda f, o=options: lambda *given: f(*given, **o)
        if accepted(form(functional.conv2d), x, w, b):
            same(form(nn.conv2d), form(functional.conv2d), x, w, b)
            count += 1
    assert count > 90


@both_ways
@pytest.mark.filterwarnings(EVEN)
def test_equal_to_torch_on_its_own_samples():
    assert same_calls("conv2d") == 30
    assert same_layers("Conv2d") == 4


@both_ways
@pytest.mark.filterwarnings(EVEN)
@pytest.mark.parametrize("padding", ["same", "valid"])
def test_padding_by_a_word(padding):
    for size, gap in (((3, 3), 1), ((2, 4), 1), ((4, 3), 3), ((1, 1), 1)):
        x, w = numbers(2, 3, 12, 11), numbers(4, 3, *size)
        form = lambda f, g=gap: lambda *t: f(*t, padding=padding, dilation=g)
        same(form(nn.conv2d), form(functional.conv2d), x, w)
        if padding == "same":
            assert form(nn.conv2d)(x, w).shape[2:] == x.shape[2:]


@both_ways
@pytest.mark.parametrize("room", [1, 4 * 100, 3 * 3 * 3 * 30 * 2, 10**9])
def test_a_few_images_at_a_time_are_the_same(room, monkeypatch):
    """One image (or place) a product, some and what is left, all of them."""
    monkeypatch.setattr(conv, "ROOM", room)
    monkeypatch.setattr(conv_shifts, "ROOM", room)
    x, w, b = numbers(5, 3, 6, 5), numbers(4, 3, 3, 3), numbers(4)
    form = lambda f: lambda *t: f(*t, padding=1)
    same(form(nn.conv2d), form(functional.conv2d), x, w, b)


@both_ways
def test_only_the_wanted_gradients():
    """Each alone is the one that comes with the others."""
    given = numbers(2, 3, 6, 5), numbers(4, 3, 3, 3), numbers(4)
    leaves = [t.clone().requires_grad_() for t in given]
    together = torch.autograd.grad(nn.conv2d(*leaves).square().sum(), leaves)
    for i, wanted in enumerate(together):
        one = [t.clone().requires_grad_(i == j) for j, t in enumerate(given)]
        (slope,) = torch.autograd.grad(nn.conv2d(*one).square().sum(), one[i])
        assert_close(slope, wanted, **EXACT)


@both_ways
def test_a_second_derivative_is_refused():
    x = numbers(1, 1, 4, 4).requires_grad_()
    y = nn.conv2d(x, numbers(1, 1, 3, 3))
    with pytest.raises(PfsError) as caught:
        torch.autograd.grad(y.sum(), x, create_graph=True)
    assert caught.value.code == "G01"


def test_the_weights_start_within_the_bound_of_their_window():
    torch.manual_seed(0)
    layer = nn.Conv2d(8, 64, (3, 5), groups=2)
    bound = 1 / math.sqrt(4 * 3 * 5)
    for parameter in layer.parameters():
        assert parameter.abs().max() <= bound
        assert parameter.abs().max() > 0.9 * bound
