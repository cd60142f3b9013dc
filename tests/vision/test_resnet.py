"""ResNet equals torchvision's and Hugging Face's, and the paper's numbers."""

import copy
from dataclasses import replace

import pytest
import torch
from contract import EXACT, ModuleContract, gradients
from oracles import vision as oracle
from torch import nn as theirs
from torch.testing import assert_close
from torch.utils.flop_counter import FlopCounterMode

import pfs
from pfs import ledger
from pfs.vision import resnet
from pfs.vision.resnet import (
    RESNET_18,
    RESNET_18_CIFAR,
    RESNET_34,
    RESNET_50,
    TINY,
    BasicBlock,
    Bottleneck,
    ResNet,
    cifar,
)
from pfs.vision.resnet_costs import layer_costs, multiply_adds
from pfs.vision.resnet_names import from_hugging_face, to_hugging_face

oracle.make_importable()
import torchvision  # noqa: E402
from torchvision.models import resnet as published  # noqa: E402

DEPTHS = (18, 34, 50, 101, 152)
NARROW = replace(
    RESNET_50, depths=(1, 2), widths=(2, 4), classes=3, stem="cifar"
)


def named(depth):
    return getattr(resnet, f"RESNET_{depth}")


def projected(channels, output, stride):
    return theirs.Sequential(
        theirs.Conv2d(channels, output, 1, stride, bias=False),
        theirs.BatchNorm2d(output),
    )


class Zeros(theirs.Module):
    """Option A by padding, where ours appends."""

    def forward(self, x):
        missing = x.shape[1]
        x = torch.nn.functional.max_pool2d(x, 1, 2)
        return torch.nn.functional.pad(x, (0, 0, 0, 0, 0, missing))


class Nothing(theirs.Module):
    """The shortcut of a plain network."""

    def __init__(self, output, stride):
        super().__init__()
        self.output, self.stride = output, stride

    def forward(self, x):
        x = x[:, :1, :: self.stride, :: self.stride]
        return torch.zeros_like(x).expand(-1, self.output, -1, -1)


def judge(kind, channels, width, stride, downsample=None):
    """torchvision's block, with the shortcut as its last part."""
    block = kind(channels, width, stride)
    block.downsample = downsample
    return block


class TestBasicBlock(ModuleContract):
    module = staticmethod(lambda: BasicBlock(3, 3, 1, TINY))
    twin = staticmethod(lambda: judge(published.BasicBlock, 3, 3, 1))
    inputs = staticmethod(lambda batch: (torch.randn(batch, 3, 5, 4),))
    parameters = 2 * 3 * 3 * 9 + 4 * 3
    signature = False


def bottleneck():
    block = judge(published.Bottleneck, 3, 2, 2)
    block.downsample = projected(3, 8, 2)  # drawn last, as ours
    return block


class TestBottleneck(ModuleContract):
    module = staticmethod(lambda: Bottleneck(3, 2, 2, RESNET_50))
    twin = staticmethod(bottleneck)
    inputs = staticmethod(lambda batch: (torch.randn(batch, 3, 5, 4),))
    parameters = 3 * 2 + 2 * 2 * 9 + 2 * 8 + 2 * (2 + 2 + 8) + 3 * 8 + 2 * 8
    signature = False


class Small(theirs.Module):
    """TINY from torchvision's blocks."""

    def __init__(self):
        super().__init__()
        self.conv1 = theirs.Conv2d(3, 4, 3, padding=1, bias=False)
        self.bn1 = theirs.BatchNorm2d(4)
        first = judge(published.BasicBlock, 4, 4, 1)
        second = judge(published.BasicBlock, 4, 8, 2, projected(4, 8, 2))
        self.layer1 = theirs.Sequential(first)
        self.layer2 = theirs.Sequential(second)
        self.fc = theirs.Linear(8, 3)
        for module in self.modules():
            if isinstance(module, theirs.Conv2d):
                theirs.init.kaiming_normal_(module.weight, mode="fan_out")

    def forward(self, x):
        x = torch.relu(self.bn1(self.conv1(x)))
        x = self.layer2(self.layer1(x))
        x = torch.nn.functional.adaptive_avg_pool2d(x, 1)
        return self.fc(x.flatten(1))


class TestResNet(ModuleContract):
    module = staticmethod(lambda: ResNet(TINY))
    twin = staticmethod(Small)
    inputs = staticmethod(lambda batch: (torch.randn(batch, 3, 6, 5),))
    parameters = (
        *(3 * 4 * 9 + 2 * 4, 2 * 4 * 4 * 9 + 4 * 4),
        *(4 * 8 * 9 + 8 * 8 * 9 + 4 * 8, 4 * 8 + 2 * 8, 8 * 3 + 3),
    )
    parameters = sum(parameters)
    signature = False


def disturb(model):
    """Random running statistics, gains and shifts."""
    for name, tensor in model.state_dict().items():
        if tensor.is_floating_point() and tensor.ndim == 1:
            positive = "var" in name or name.endswith("weight")
            noise = torch.rand_like(tensor)
            tensor.copy_(noise + 0.5 if positive else noise - 0.5)


def compare(ours, judge, images, named=lambda state: state):
    """Values, gradients and running statistics, in both modes."""
    for training in (False, True):
        ours.train(training)
        judge.train(training)
        got, want = ours(images), judge(images)
        assert_close(got, want, **EXACT)
        slope = torch.randn_like(want)
        a = torch.autograd.grad(got, list(ours.parameters()), slope)
        b = torch.autograd.grad(want, list(judge.parameters()), slope)
        names = named(dict(zip(dict(judge.named_parameters()), b, strict=True)))
        slopes = dict(zip(dict(ours.named_parameters()), a, strict=True))
        assert set(names) == set(slopes)
        for name, value in slopes.items():
            assert_close(value, names[name], rtol=1e-8, atol=1e-9)
    assert_close(ours.state_dict(), dict(named(judge.state_dict())), **EXACT)


@pytest.mark.parametrize(
    ("config", "block", "layers"),
    [
        (
            replace(RESNET_18, depths=(2, 1, 1, 1)),
            published.BasicBlock,
            [2, 1, 1, 1],
        ),
        (
            replace(RESNET_50, depths=(1, 2, 1, 1)),
            published.Bottleneck,
            [1, 2, 1, 1],
        ),
    ],
    ids=["basic", "bottleneck"],
)
def test_torchvision_gives_the_same(config, block, layers):
    torch.manual_seed(0)
    config = replace(config, classes=5)
    other = torchvision.models.ResNet(block, layers, 5)
    other.double()
    disturb(other)
    ours = ResNet(config).double()
    ours.load_state_dict(other.state_dict(), strict=True)
    compare(ours, other, torch.randn(2, 3, 33, 24).double())


@pytest.mark.parametrize("zero", [False, True])
@pytest.mark.parametrize("depth", [18, 50])
def test_the_start_is_torchvisions(depth, zero):
    """The same draws: He's normal weights by the number of outputs."""
    make = getattr(torchvision.models, f"resnet{depth}")
    torch.manual_seed(1)
    theirs = make(zero_init_residual=zero)
    torch.manual_seed(1)
    ours = ResNet(replace(named(depth), zero_init_residual=zero))
    assert_close(ours.state_dict(), dict(theirs.state_dict()), rtol=0, atol=0)


@pytest.mark.parametrize("depth", DEPTHS)
def test_names_and_counts_are_the_published_ones(depth):
    with torch.device("meta"):
        other = getattr(torchvision.models, f"resnet{depth}")()
    ours = ResNet(named(depth), device="meta")
    want = {n: t.shape for n, t in other.state_dict().items()}
    assert {n: t.shape for n, t in ours.state_dict().items()} == want
    assert list(ours.state_dict()) == list(want)
    number = ledger.load()[f"resnet-{depth}-parameters"].value
    assert sum(p.numel() for p in ours.parameters()) == number
    assert named(depth).depth == depth


@pytest.mark.parametrize("depth", DEPTHS)
def test_multiply_adds_are_the_published_ones(depth):
    """Table 1 prints two digits; those are of the paper's own form."""
    numbers = ledger.load()
    config = named(depth)
    with pfs.backend("fused"):
        if depth >= 50:
            v15 = ResNet(config, device="meta")
            number = numbers[f"resnet-{depth}-macs-v15"].value
            assert multiply_adds(v15, 3, 224, 224) == number
            config = getattr(resnet, f"RESNET_{depth}_V1")
        got = multiply_adds(ResNet(config, device="meta"), 3, 224, 224)
    name = f"resnet-{depth}-macs" + ("-v1" if depth >= 50 else "")
    assert got == numbers[name].value
    printed = numbers[f"resnet-{depth}-flops-printed"].value
    assert abs(got / 1e9 - printed) < 0.1


def test_costs_equal_what_torch_counts():
    with torch.device("meta"):
        other = torchvision.models.resnet50()
    with FlopCounterMode(display=False) as counter:
        other(torch.empty(1, 3, 224, 224, device="meta"))
    ours = ResNet(RESNET_50, device="meta")
    twice = 2 * multiply_adds(ours, 3, 224, 224)  # a sum is a FLOP, too
    assert twice == counter.get_total_flops()


def test_counting_leaves_a_network_alone():
    model = ResNet(TINY)
    before = copy.deepcopy(model.state_dict())
    rows = layer_costs(model, 3, 9, 7)
    assert_close(model.state_dict(), before, rtol=0, atol=0)
    assert model.training
    assert not any(m._forward_hooks for m in model.modules())
    assert [row.name for row in rows[:2]] == ["conv1", "bn1"]
    assert sum(r.parameters for r in rows) == TestResNet.parameters
    shapes = {row.name: row.shape for row in rows}
    assert shapes["layer2.0.conv1"] == (8, 5, 4)
    assert shapes["fc"] == (3,)
    costs = {row.name: row.multiply_adds for row in rows}
    assert costs["layer2.0.conv1"] == 5 * 4 * 8 * 4 * 9
    assert costs["layer2.0.downsample.0"] == 5 * 4 * 8 * 4
    assert costs["layer2.0.bn1"] == 0
    assert costs["fc"] == 8 * 3


@pytest.mark.parametrize("depth", [20, 32, 44, 56, 110])
def test_the_forms_for_small_images(depth):
    config = cifar(depth)
    model = ResNet(config, device="meta")
    count = sum(p.numel() for p in model.parameters())
    assert count == ledger.load()[f"resnet-cifar-{depth}-parameters"].value
    assert config.depth == depth
    assert config.feature_size == 64
    weighted = [m for m in model.modules() if hasattr(m, "weight")]
    layers = [m for m in weighted if m.weight.ndim > 1]
    assert len(layers) == depth  # option A: no other weights
    maps = model.maps(torch.empty(1, 3, 32, 32, device="meta"))
    sizes = [tuple(m.shape[1:]) for m in maps]
    assert sizes == [(16, 32, 32), (16, 32, 32), (32, 16, 16), (64, 8, 8)]


def test_1202_layers_are_counted_from_two_blocks():
    """Each three blocks more cost the same."""
    few, more = (
        sum(p.numel() for p in ResNet(cifar(d), device="meta").parameters())
        for d in (8, 14)
    )
    n = cifar(1202).depths[0]
    number = ledger.load()["resnet-cifar-1202-parameters"].value
    assert few + (n - 1) * (more - few) == number


@pytest.mark.parametrize(("depth", "count"), [(56, 855_770), (110, 1_730_714)])
def test_projections_for_small_images_are_those_of_pycls(depth, count):
    model = ResNet(cifar(depth, shortcut="B"), device="meta")
    assert sum(p.numel() for p in model.parameters()) == count


def test_resnet_18_for_small_images():
    model = ResNet(RESNET_18_CIFAR, device="meta")
    count = sum(p.numel() for p in model.parameters())
    assert count == ledger.load()["resnet-18-cifar-parameters"].value
    maps = model.maps(torch.empty(1, 3, 32, 32, device="meta"))
    assert [m.shape[-1] for m in maps] == [32, 32, 16, 8, 4]


def test_sizes_are_those_of_table_1():
    images = torch.empty(1, 3, 224, 224, device="meta")
    for depth in (34, 50):
        model = ResNet(named(depth), device="meta")
        maps = model.maps(images)
        assert [m.shape[-1] for m in maps] == [56, 56, 28, 14, 7]
        widths = [m.shape[1] for m in maps[1:]]
        assert widths == [
            w * model.config.expansion for w in (64, 128, 256, 512)
        ]
        assert model.conv1(images).shape[1:] == (64, 112, 112)


@pytest.mark.parametrize("stride", [1, 2])
@pytest.mark.parametrize("option", ["A", "B", "C", "none"])
def test_every_option_is_its_shortcut(option, stride):
    torch.manual_seed(0)
    width = 3 * stride
    ours = BasicBlock(3, width, stride, replace(TINY, shortcut=option)).double()
    shortcut = {
        "A": Zeros() if stride == 2 else None,
        "B": projected(3, width, stride) if stride == 2 else None,
        "C": projected(3, width, stride),
        "none": Nothing(width, stride),
    }[option]
    other = judge(published.BasicBlock, 3, width, stride, shortcut).double()
    disturb(other)
    ours.load_state_dict(other.state_dict(), strict=True)
    compare(ours, other, torch.randn(3, 3, 5, 4).double())


def test_option_a_is_applied_to_a_stage_of_another_width():
    """Stage 1 of a bottleneck widens without a stride."""
    model = ResNet(replace(NARROW, shortcut="A"))
    assert (
        repr(model.layer1[0].downsample) == "PadChannels(missing=6, stride=1)"
    )
    assert (
        repr(model.layer2[0].downsample) == "PadChannels(missing=8, stride=2)"
    )
    assert model.layer2[1].downsample is None
    assert model(torch.zeros(2, 3, 5, 5)).shape == (2, 3)


@pytest.mark.parametrize(
    ("option", "learnt"), [("A", 0), ("B", 3), ("C", 16), ("none", 0)]
)
def test_projections_of_34_layers(option, learnt):
    model = ResNet(replace(RESNET_34, shortcut=option), device="meta")
    names = {
        n.split(".downsample")[0] for n in model.state_dict() if "down" in n
    }
    assert len(names) == learnt


@pytest.mark.parametrize("stride_in", ["1x1", "3x3"])
@pytest.mark.parametrize("block", ["basic", "bottleneck"])
def test_hugging_face_gives_the_same(block, stride_in):
    from transformers import ResNetConfig, ResNetForImageClassification

    torch.manual_seed(0)
    config = replace(
        RESNET_50,
        block=block,
        depths=(1, 2, 1),
        widths=(4, 5, 6),
        classes=3,
        stride_in=stride_in,
    )
    other = ResNetForImageClassification(
        ResNetConfig(
            embedding_size=4,
            hidden_sizes=[w * config.expansion for w in config.widths],
            depths=list(config.depths),
            layer_type=block,
            num_labels=3,
            downsample_in_bottleneck=stride_in == "1x1",
        )
    ).double()
    disturb(other)
    ours = ResNet(config).double()
    ours.load_state_dict(from_hugging_face(other.state_dict()), strict=True)
    assert_close(
        to_hugging_face(ours.state_dict()),
        dict(other.state_dict()),
        rtol=0,
        atol=0,
    )

    class Logits(theirs.Module):
        def __init__(self):
            super().__init__()
            self.model = other

        def forward(self, x):
            return self.model(x).logits

    def renamed(state):
        return from_hugging_face(
            {n.removeprefix("model."): t for n, t in state.items()}
        )

    compare(ours, Logits(), torch.randn(2, 3, 17, 20).double(), renamed)
    body = other.eval().resnet(torch.ones(1, 3, 17, 20).double())
    features = ours.eval().features(torch.ones(1, 3, 17, 20).double())
    assert_close(features, body.pooler_output.flatten(1), **EXACT)
    bare = from_hugging_face(other.resnet.state_dict())
    assert set(bare) == set(ours.state_dict()) - {"fc.weight", "fc.bias"}


def test_v1_and_v15_have_the_same_parameters_and_other_values():
    torch.manual_seed(0)
    first = ResNet(replace(NARROW, stride_in="1x1")).eval()
    second = ResNet(NARROW).eval()
    second.load_state_dict(first.state_dict(), strict=True)
    x = torch.randn(2, 3, 8, 8)
    assert (first(x) - second(x)).abs().max() > 1e-3


@pytest.mark.parametrize("config", [TINY, NARROW])
def test_with_zero_gains_a_block_is_its_shortcut(config):
    torch.manual_seed(0)
    model = ResNet(replace(config, zero_init_residual=True, shortcut="A"))
    x = torch.randn(2, 3, 6, 6)
    maps = model.maps(x)
    channels = config.widths[0]
    for y in maps[1:]:
        step = maps[0].shape[-1] // y.shape[-1]
        assert_close(y[:, :channels], maps[0][:, :, ::step, ::step])
        assert not y[:, channels:].any()


def test_features_are_what_the_classes_see():
    torch.manual_seed(0)
    model, seen = ResNet(TINY).eval(), []
    model.fc.register_forward_pre_hook(lambda _, args: seen.append(args[0]))
    x = torch.randn(2, 3, 7, 6)
    logits = model(x)
    features = model.features(x)
    assert_close(features, seen[0])
    assert_close(features, model.maps(x)[-1].flatten(2).mean(2))
    assert features.shape[1] == TINY.feature_size
    assert_close(logits, features @ model.fc.weight.T + model.fc.bias)


def test_the_start_keeps_the_variance_going_back():
    """Equation 9: standard deviations by the number of outputs."""
    torch.manual_seed(0)
    model = ResNet(replace(RESNET_18, widths=(64, 64, 64, 64)))
    for name, p in model.named_parameters():
        if p.ndim == 4:
            want = (2 / (p.shape[0] * p.shape[2] * p.shape[3])) ** 0.5
            assert abs(p.std().item() / want - 1) < 0.05, name
            assert abs(p.mean().item()) < 4 * want / p.numel() ** 0.5, name


def test_both_backends_agree():
    torch.manual_seed(0)
    model, x = ResNet(NARROW).double(), torch.randn(2, 3, 6, 5).double()
    results = {}
    for backend in ("ours", "fused"):
        with pfs.backend(backend):
            copied = copy.deepcopy(model)
            results[backend] = (
                copied(x),
                gradients(copied, (x,), *copied.parameters()),
            )
    assert_close(results["ours"], results["fused"], **EXACT)
