"""Wrong inputs of the networks on images: what the user reads."""

from dataclasses import replace

import pytest
import torch

import pfs
from pfs.errors import PfsError
from pfs.vision.resnet import TINY, ResNet, cifar
from pfs.vision.resnet_names import from_hugging_face, to_hugging_face

x = torch.zeros(2, 3, 6, 6)


def form(**changes):
    return ResNet(replace(TINY, **changes))


CASES = [
    (lambda: form(block="wide"), "A01", "'bottleneck'"),
    (lambda: form(stem="mnist"), "A01", "'cifar'"),
    (lambda: form(shortcut="D"), "A01", "'none'"),
    (lambda: form(stride_in="7x7"), "A01", "'3x3'"),
    (lambda: form(classes=0), "A01", "classes"),
    (lambda: form(channels=3.0), "A02", "channels"),
    (lambda: form(depths=(), widths=()), "A01", "stages"),
    (lambda: form(depths=(1, 0)), "A01", "depths"),
    (lambda: form(depths=(1, 1.5)), "A02", "depths"),
    (lambda: form(widths=(4, -8)), "A01", "widths"),
    (lambda: form(widths=(4, 8, 16)), "A03", "2 depths and 3 widths"),
    (lambda: cifar(51), "A01", "depth=50"),
    (lambda: cifar(2), "A01", "6n + 2"),
    (lambda: cifar(20.0), "A02", "depth"),
    (lambda: form()(x[0]), "S14", "images[None]"),
    (lambda: form()(x[:, :1]), "S14", "3 channels"),
    (lambda: form()(x.permute(0, 2, 3, 1)), "S14", "channels come second"),
    (lambda: form()(x.tolist()), "A02", "list"),
    (lambda: form()(x.double()), "S01", "float64"),
    (lambda: from_hugging_face({"vit.x": x}), "A03", "vit.x"),
    (lambda: to_hugging_face({"layer1.0.se.weight": x}), "A03", "layer1.0.se"),
]


@pytest.mark.parametrize("backend", ["ours", "fused"])
@pytest.mark.parametrize(("call", "code", "words"), CASES)
def test_the_message_helps(call, code, words, backend):
    with pytest.raises(PfsError) as caught, pfs.backend(backend):
        call()
    assert caught.value.code == code
    assert words in str(caught.value)
    assert isinstance(caught.value, ValueError | TypeError)
