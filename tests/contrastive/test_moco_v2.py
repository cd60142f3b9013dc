"""MoCo v2: the head, and that all else is MoCo's."""

import math

import pytest
import torch
from contract import EXACT
from contrastive.moco_two import train
from contrastive.test_moco import Official, trunk, views
from oracles import vision as oracle
from torch import nn
from torch.nn.functional import normalize
from torch.testing import assert_close

from pfs import ledger
from pfs.contrastive.moco import MoCo
from pfs.contrastive.moco_names import from_official, to_official
from pfs.contrastive.moco_v2 import (
    MOCO_V2_RESNET_50,
    TINY,
    MoCoV2,
    MoCoV2Config,
)
from pfs.vision.resnet import RESNET_18, ResNet

oracle.make_importable()
import torchvision  # noqa: E402


def small():
    torch.manual_seed(0)
    return MoCoV2(nn.Sequential(nn.Flatten(), nn.Linear(4, 6)), TINY).double()


def test_the_head_equals_torchs_layers():
    ours = small()
    theirs = nn.Sequential(nn.Linear(6, 6), nn.ReLU(), nn.Linear(6, 4))
    theirs = theirs.double()
    theirs.load_state_dict(ours.head.state_dict(), strict=True)
    x = views()[0, 0]
    want = normalize(theirs(ours.encoder(x)), dim=1)
    got = ours.embed(x)
    assert_close(got, want, **EXACT)
    mix = torch.randn(want.shape, dtype=want.dtype)
    a = torch.autograd.grad(got, list(ours.head.parameters()), mix)
    b = torch.autograd.grad(want, list(theirs.parameters()), mix)
    assert_close(a, b, **EXACT)


def test_keys_follow_with_both_layers():
    model = small()
    before = [p.clone() for p in model.key_head.parameters()]
    train(model)
    with torch.no_grad():
        late = [p.clone() for p in model.key_head.parameters()]
        model.follow()
    pairs = zip(late, model.head.parameters(), strict=True)
    want = [0.9 * k + 0.1 * q for k, q in pairs]
    assert_close(list(model.key_head.parameters()), want, **EXACT)
    assert len(before) == 4
    assert all(not torch.equal(a, b) for a, b in zip(before, late, strict=True))


def test_weights_of_the_authors_load_and_go_back():
    torch.manual_seed(3)
    theirs = Official(mlp=True).eval()
    state = {f"module.{n}": v for n, v in theirs.state_dict().items()}
    ours = MoCoV2(trunk(theirs.encoder_q), TINY).eval()
    ours.load_state_dict(from_official(state), strict=True)
    x = torch.rand(3, 1, 2, 2)
    assert_close(ours.embed(x), normalize(theirs.encoder_q(x), dim=1))
    assert_close(to_official(ours.state_dict()), state, rtol=0, atol=0)


class Features(ResNet):
    """Our ResNet as an encoder: without the layer of the classes."""

    def __init__(self, config):
        super().__init__(config)
        del self.fc

    def forward(self, x):
        return self.features(x)


def test_a_checkpoint_of_the_authors_fits_our_resnet():
    """Their model is torchvision's, with two layers in place of `fc`."""
    torch.manual_seed(4)
    sides = {}
    for side in ("encoder_q", "encoder_k"):
        net = torchvision.models.resnet18(num_classes=128)
        net.fc = nn.Sequential(nn.Linear(512, 512), nn.ReLU(), net.fc)
        sides[side] = net.double().eval()
    state = {
        f"module.{side}.{name}": value
        for side, net in sides.items()
        for name, value in net.state_dict().items()
    }
    state["module.queue"] = torch.randn(128, 8, dtype=torch.float64)
    state["module.queue_ptr"] = torch.tensor([4])
    config = MoCoV2Config(feature_size=512, queue_size=8)
    ours = MoCoV2(Features(RESNET_18), config).double().eval()
    ours.load_state_dict(from_official(state), strict=True)
    x = torch.rand(2, 3, 32, 32, dtype=torch.float64)
    with torch.no_grad():
        want = normalize(sides["encoder_q"](x), dim=1)
        assert_close(ours.embed(x), want, **EXACT)
        key = ours.key_head(ours.key_encoder(x))
        assert_close(key, sides["encoder_k"](x), **EXACT)


def test_only_head_and_temperature_differ():
    config = MOCO_V2_RESNET_50
    assert config.temperature == ledger.value("moco-v2-temperature")
    assert config.queue_size == ledger.value("moco-queue")
    assert config.momentum == ledger.value("moco-momentum")
    assert config.hidden_size == config.feature_size == 2048
    changed = {
        name
        for name in vars(MoCo)
        if callable(vars(MoCo)[name]) and name in vars(MoCoV2)
    }
    assert changed - {"__init__"} <= {"make_head"}


@pytest.mark.parametrize("size", [6, 16])
def test_the_head_has_as_many_units_as_features(size):
    config = MoCoV2Config(feature_size=size, embedding_size=4, queue_size=8)
    head = MoCoV2.make_head(config)
    count = sum(p.numel() for p in head.parameters())
    assert count == size * (size + 1) + 4 * (size + 1)


def test_losses_of_two_temperatures_cannot_be_compared():
    """The same vectors: perfect, with orthogonal negatives."""
    for name, t in (
        ("moco-loss-orthogonal", 0.07),
        ("moco-v2-loss-orthogonal", 0.2),
    ):
        loss = math.log1p(65_536 * math.exp(-1 / t))
        assert loss == pytest.approx(ledger.value(name), rel=2e-3)
