"""The network of 1989 equals torch's convolutions, and counts as the paper."""

from dataclasses import replace

import pytest
import torch
from contract import EXACT, ModuleContract
from torch import nn as theirs
from torch.nn import functional
from torch.testing import assert_close

from pfs import ledger
from pfs.basics import cnn
from pfs.basics.cnn import (
    BLOCKS,
    SHARED_BIAS,
    ZIP_CODE,
    FeatureMaps,
    ZipCodeConfig,
    ZipCodeNetwork,
    scaled_tanh,
    squared_error,
)

SMALL = ZipCodeConfig(
    side=8,
    maps=4,
    table=((0, 1), (2, 3), (3, 0)),
    hidden_size=5,
    num_classes=3,
)


class Judge(theirs.Module):
    """The same network as sums of torch's convolutions, map by map."""

    def __init__(self, config):
        super().__init__()
        self.config = config
        first, second = config.side // 2, config.side // 4
        first, second = (first, second) if config.own_bias else (1, 1)
        maps, reads = len(config.table), len(config.table[0])
        self.h1 = theirs.Module()
        self.h1.weight = theirs.Parameter(torch.zeros(config.maps, 1, 5, 5))
        self.h1.bias = theirs.Parameter(torch.zeros(config.maps, first, first))
        self.h2 = theirs.Module()
        self.h2.weight = theirs.Parameter(torch.zeros(maps, reads, 5, 5))
        self.h2.bias = theirs.Parameter(torch.zeros(maps, second, second))
        units = maps * (config.side // 4) ** 2
        self.h3 = theirs.Linear(units, config.hidden_size)
        self.output = theirs.Linear(config.hidden_size, config.num_classes)
        for layer in (self.h1.weight, self.h2.weight):
            bound = 2.4 / layer[0].numel()
            theirs.init.uniform_(layer, -bound, bound)
        for layer in (self.h3, self.output):
            bound = 2.4 / layer.in_features
            theirs.init.uniform_(layer.weight, -bound, bound)
            theirs.init.zeros_(layer.bias)

    def forward(self, x):
        x = functional.pad(x, (2, 2, 2, 2), value=-1.0)
        x = functional.conv2d(x, self.h1.weight, stride=2) + self.h1.bias
        x = 1.7159 * torch.tanh(2 / 3 * x)
        x = functional.pad(x, (2, 2, 2, 2), value=-1.0)
        maps = []
        for row, weight, bias in zip(
            self.config.table, self.h2.weight, self.h2.bias, strict=True
        ):
            some = x[:, list(row)]
            maps.append(functional.conv2d(some, weight[None], stride=2) + bias)
        x = 1.7159 * torch.tanh(2 / 3 * torch.cat(maps, 1))
        x = 1.7159 * torch.tanh(2 / 3 * self.h3(x.flatten(1)))
        return 1.7159 * torch.tanh(2 / 3 * self.output(x))


class Networks(ModuleContract):
    signature = False
    inputs = staticmethod(
        lambda batch: (
            torch.randn(
                batch, 1, 8, 8, generator=torch.Generator().manual_seed(0)
            ),
        )
    )

    def test_starts_like_the_twin(self):
        """The layers are drawn in another order: compare the ranges."""
        torch.manual_seed(5)
        model = type(self).module()
        bounds = {"h1": 25, "h2": 50, "h3": 12, "output": 5}
        for name, inputs in bounds.items():
            layer = getattr(model, name)
            top = layer.weight.abs().max()
            assert 0.6 * 2.4 / inputs < top <= 2.4 / inputs
            assert not layer.bias.any()


class TestOwnBiases(Networks):
    module = staticmethod(lambda: ZipCodeNetwork(SMALL))
    twin = staticmethod(lambda: Judge(SMALL))
    parameters = (4 * 25 + 4 * 16) + (3 * 50 + 3 * 4) + 13 * 5 + 6 * 3


class TestSharedBiases(Networks):
    shared = replace(SMALL, own_bias=False)
    module = staticmethod(lambda: ZipCodeNetwork(TestSharedBiases.shared))
    twin = staticmethod(lambda: Judge(TestSharedBiases.shared))
    parameters = (4 * 25 + 4) + (3 * 50 + 3) + 13 * 5 + 6 * 3


def total(module):
    return sum(p.numel() for p in module.parameters())


def test_the_paper_counts_the_same():
    numbers = ledger.load()
    model = ZipCodeNetwork(ZIP_CODE)
    counts = cnn.count(ZIP_CODE)
    assert counts.units == numbers["cnn-units"].value
    assert counts.connections == numbers["cnn-connections"].value
    assert counts.parameters == numbers["cnn-parameters"].value
    assert total(model) == numbers["cnn-parameters"].value
    assert total(model.h1) == numbers["cnn-h1-parameters"].value
    assert total(model.h2) == numbers["cnn-h2-parameters"].value
    h3 = numbers["cnn-h3-parameters"].value
    assert total(model.h3) == h3
    assert total(model.output) == numbers["cnn-output-parameters"].value
    parts = ("h1", "h2", "h3", "output")
    each = [numbers[f"cnn-{part}-connections"].value for part in parts]
    assert sum(each) == counts.connections


@pytest.mark.parametrize(
    "config", [ZIP_CODE, SHARED_BIAS, SMALL, replace(SMALL, side=7, stride=3)]
)
def test_counts_are_those_of_the_model(config):
    """Connections counted by running: windows times their sizes."""
    model = ZipCodeNetwork(config).double()
    counts = cnn.count(config)
    assert total(model) == counts.parameters
    connections, units = 0, config.side**2
    x = torch.zeros(1, 1, config.side, config.side).double()
    for layer in (model.h1, model.h2):
        x = layer(x)
        units += x.numel()
        reads = layer.weight[0].numel()
        connections += x.numel() * (reads + 1)
    for layer in (model.h3, model.output):
        units += layer.out_features
        connections += layer.out_features * (layer.in_features + 1)
    assert (units, connections) == counts[:2]


def test_each_map_of_h2_reads_eight_and_each_of_h1_is_read_equally():
    assert {len(set(row)) for row in BLOCKS} == {8}
    read = torch.tensor(BLOCKS).flatten().bincount(minlength=12)
    assert read.tolist() == [8] * 12


def test_a_map_depends_on_no_other_maps():
    layer = FeatureMaps(ZIP_CODE, 12, 8, BLOCKS).double()
    x = torch.randn(1, 12, 8, 8, dtype=torch.float64, requires_grad=True)
    for number, row in enumerate(BLOCKS):
        (slope,) = torch.autograd.grad(layer(x)[0, number].sum(), x)
        seen = slope[0].flatten(1).any(1).nonzero()[:, 0]
        assert seen.tolist() == list(row)


def test_an_empty_image_goes_on_as_background():
    """All windows of a blank image are equal, the frame included."""
    layer = FeatureMaps(ZIP_CODE, 1, 16, ((0,),) * 12)
    y = layer(torch.full((1, 1, 16, 16), -1.0))
    assert_close(y, y[..., :1, :1].expand_as(y))
    black = FeatureMaps(replace(ZIP_CODE, background=0.0), 1, 16, ((0,),) * 12)
    z = black(torch.full((1, 1, 16, 16), -1.0))
    assert not torch.allclose(z[..., 0, 0], z[..., 4, 4])


def test_the_squashing_function_is_one_at_one():
    x = torch.tensor([-1.0, 0.0, 1.0, 50.0], dtype=torch.float64)
    y = scaled_tanh(x)
    assert_close(y[:3], x[:3], atol=1e-4, rtol=0.0)
    assert y[3] == pytest.approx(1.7159)
    wanted = 1.7159 * torch.tanh(2 * x / 3)
    assert_close(y, wanted, **EXACT)


def test_the_error_is_that_of_targets_of_one():
    y = torch.randn(4, 10, dtype=torch.float64)
    labels = torch.tensor([3, 0, 9, 3])
    targets = 2 * functional.one_hot(labels, 10).double() - 1
    assert_close(squared_error(y, labels), functional.mse_loss(y, targets))
    perfect = squared_error(targets, labels)
    assert perfect == 0


def test_the_root_makes_larger_weights():
    torch.manual_seed(0)
    large = ZipCodeNetwork(replace(ZIP_CODE, init="root"))
    top = large.h2.weight.abs().max()
    assert 0.9 * 2.4 / 200**0.5 < top <= 2.4 / 200**0.5


def test_it_learns_two_digits():
    torch.manual_seed(0)
    model = ZipCodeNetwork(replace(SMALL, num_classes=2))
    x = torch.full((2, 1, 8, 8), -1.0)
    x[0, 0, :, 3] = 1.0  # a line that stands
    x[1, 0, 3, :] = 1.0  # one that lies
    labels = torch.tensor([0, 1])
    for _ in range(60):
        loss = squared_error(model(x), labels)
        model.zero_grad()
        loss.backward()
        with torch.no_grad():
            for parameter in model.parameters():
                parameter -= 0.3 * parameter.grad
    assert loss < 0.1
    assert model(x).argmax(1).tolist() == [0, 1]
