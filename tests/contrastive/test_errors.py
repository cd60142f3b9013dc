"""Wrong inputs of the methods of contrastive learning: what the user reads."""

from dataclasses import replace

import pytest
import torch
from torch import nn

from pfs.contrastive import inst_disc, moco, moco_v2, simclr
from pfs.contrastive.inst_disc import (
    InstDisc,
    estimate_normalizer,
    nce_loss,
    non_parametric_softmax_loss,
)
from pfs.contrastive.inva_spread import (
    InvaSpread,
    InvaSpreadConfig,
    inva_spread_loss,
    log_not_softmax,
)
from pfs.contrastive.moco import MoCo, info_nce
from pfs.contrastive.moco_v2 import MoCoV2
from pfs.contrastive.simclr import SimCLR, nt_xent
from pfs.errors import PfsError

BANK, F = torch.eye(4), torch.eye(4)[:2]
INDEX, NOISE, Z = torch.tensor([0, 3]), torch.tensor([[1], [2]]), BANK.sum()
IMAGES = torch.zeros(2, 1, 2, 2)


def inst(**changes):
    encoder = nn.Sequential(nn.Flatten(), nn.Linear(4, 4))
    return InstDisc(encoder, replace(inst_disc.TINY, **changes))


def softmax(f=F, bank=BANK, index=INDEX, temperature=0.1):
    return non_parametric_softmax_loss(f, bank, index, temperature)


def nce(f=F, bank=BANK, index=INDEX, noise=NOISE, temperature=0.1):
    return nce_loss(f, bank, index, noise, Z, temperature)


def inva(f=F, copies=F, **form):
    return inva_spread_loss(f, copies, **form)


def inva_config(**changes):
    return InvaSpreadConfig(**({"feature_size": 4} | changes))


def inva_method(second=None):
    encoder = nn.Sequential(nn.Flatten(), nn.Linear(4, 4))
    model = InvaSpread(encoder, inva_config())
    return model(IMAGES, IMAGES[:1] if second is None else second)


INVA = [
    (lambda: inva(temperature=0.0), "A01", "0.1"),
    (lambda: inva(temperature=float("inf")), "A01", "temperature"),
    (lambda: inva(F[:1], F[:1]), "A01", "two images"),
    (lambda: inva(F[:1], F[:1], joint=True), "A01", "nobody"),
    (lambda: inva(copies=F[:, :3]), "S14", "second"),
    (lambda: inva(copies=F[:1]), "S14", "second"),
    (lambda: inva(F[0], F[0]), "S14", "first"),
    (lambda: inva(copies=F.double()), "S01", "float64"),
    (lambda: inva(copies=F.to("meta")), "S02", "meta"),
    (lambda: inva([1.0], F), "A02", "first"),
    (lambda: log_not_softmax(F[0]), "S14", "scores"),
    (lambda: inva_config(feature_size=0), "A01", "feature_size"),
    (lambda: inva_config(embedding_size=1.5), "A02", "embedding_size"),
    (lambda: inva_config(temperature=-0.1), "A01", "temperature"),
    (lambda: inva_method(), "S14", "second"),
]
VIEW = torch.rand(4, 1, 2, 2)


def moco_of(kind=MoCo, **changes):
    tiny = moco.TINY if kind is MoCo else moco_v2.TINY
    encoder = nn.Sequential(nn.Flatten(), nn.Linear(4, 6))
    return kind(encoder, replace(tiny, **changes))


INST_DISC = [
    (lambda: inst(num_images=0), "A01", "num_images"),
    (lambda: inst(embedding_size=-1), "A01", "embedding_size"),
    (lambda: inst(feature_size=4.0), "A02", "feature_size"),
    (lambda: inst(negatives=0), "A01", "negatives"),
    (lambda: inst(temperature=0.0), "A01", "above 0"),
    (lambda: inst(momentum=1.5), "A01", "momentum"),
    (lambda: inst(proximal=-1.0), "A01", "proximal"),
    (lambda: inst()(IMAGES, None, torch.tensor([6, 0])), "S09", "< 6"),
    (lambda: inst()(IMAGES, None, torch.tensor([-1, 0])), "S09", "-1"),
    (lambda: inst()(IMAGES, None, torch.tensor([1])), "S14", "index"),
    (lambda: inst()(IMAGES, None, torch.ones(2)), "S01", "float32"),
    (lambda: softmax(index=INDEX + 1), "S09", "0 <= id < 4"),
    (lambda: softmax(bank=BANK[:, :3]), "S14", "bank"),
    (lambda: softmax(bank=BANK.double()), "S01", "float64"),
    (lambda: softmax(index=[0, 3]), "A02", "a tensor"),
    (lambda: softmax(temperature=-0.1), "A01", "temperature"),
    (lambda: softmax(f=F[0]), "S14", "two axes"),
    (lambda: nce(noise=NOISE + 2), "S09", "noise"),
    (lambda: nce(noise=NOISE[:, :0]), "A01", "negatives"),
    (lambda: nce(noise=NOISE[:1]), "S14", "noise"),
    (lambda: nce(noise=NOISE[:, 0]), "S14", "two axes"),
    (lambda: nce(index=INDEX[:1]), "S14", "index"),
    (lambda: nce(temperature=0), "A01", "0.07"),
    (lambda: estimate_normalizer(F, BANK, NOISE + 3), "S09", "noise"),
    (lambda: estimate_normalizer(F, BANK[:, :2], NOISE), "S14", "bank"),
]
MOCO = [
    (lambda: moco_of(feature_size=0), "A01", "feature_size"),
    (lambda: moco_of(embedding_size=-1), "A01", "embedding_size"),
    (lambda: moco_of(queue_size=0), "A01", "queue_size"),
    (lambda: moco_of(split=0), "A01", "split"),
    (lambda: moco_of(momentum=1.5), "A01", "momentum"),
    (lambda: moco_of(momentum="slow"), "A02", "'slow'"),
    (lambda: moco_of(queue_size=8.0), "A02", "whole number"),
    (lambda: moco_of(temperature=0.0), "A01", "temperature"),
    (lambda: moco_of(temperature=float("nan")), "A01", "nan"),
    (lambda: moco_of(MoCoV2, temperature=-1.0), "A01", "MoCoV2, temperature"),
    (
        lambda: moco_of(queue_size=6)(VIEW, VIEW),
        "A03",
        "a multiple of the batch",
    ),
    (lambda: moco_of()(VIEW[:3], VIEW[:3]), "A03", "3 images"),
    (lambda: moco_of()(VIEW[:0], VIEW[:0]), "A03", "0 images"),
    (lambda: moco_of(split=3)(VIEW, VIEW), "A03", "a multiple of 3"),
    (lambda: moco_of()(VIEW, VIEW[:2]), "S14", "second"),
    (lambda: moco_of()(VIEW, [1]), "A02", "list"),
    (lambda: moco_of()([1], VIEW), "A02", "list"),
    (lambda: info_nce(BANK, BANK, BANK, 0.0), "A01", "temperature"),
    (lambda: info_nce(BANK[0], BANK[0], BANK, 1.0), "S14", "query"),
    (lambda: info_nce(BANK, BANK[:1], BANK, 1.0), "S14", "key"),
    (lambda: info_nce(BANK, BANK, BANK[0], 1.0), "S14", "queue"),
    (lambda: info_nce(BANK, BANK, BANK[:, :2], 1.0), "S14", "embedding"),
]
Z = torch.ones(3, 4)


def clr(second=None, **changes):
    encoder = nn.Sequential(nn.Flatten(), nn.Linear(4, 6))
    model = SimCLR(encoder, replace(simclr.TINY, **changes))
    return model(VIEW, VIEW if second is None else second)


SIMCLR = [
    (lambda: nt_xent(Z, Z, 0.0), "A01", "0.5 for CIFAR-10"),
    (lambda: nt_xent(Z, Z, -0.5), "A01", "above 0"),
    (lambda: nt_xent(Z, Z, float("nan")), "A01", "nan"),
    (lambda: nt_xent(Z, Z, float("inf")), "A01", "inf"),
    (lambda: nt_xent(Z, Z, 0.5, form="sum"), "A01", "'official'"),
    (lambda: nt_xent(Z, Z[:2], 0.5), "S14", "second"),
    (lambda: nt_xent(Z, Z[:1], 0.5), "S14", "second"),
    (lambda: nt_xent(Z[0], Z[0], 0.5), "S14", "two axes"),
    (lambda: nt_xent(Z[:0], Z[:0], 0.5), "S14", "at least one image"),
    (lambda: nt_xent(Z, Z.double(), 0.5), "S01", "float64"),
    (lambda: nt_xent(Z.long(), Z.long(), 0.5), "S01", "int64"),
    (lambda: nt_xent(Z.tolist(), Z, 0.5), "A02", "a tensor"),
    (lambda: clr(VIEW[:2]), "S14", "second"),
    (lambda: clr(feature_size=0), "A01", "feature_size"),
    (lambda: clr(embedding_size=4.0), "A02", "embedding_size"),
    (lambda: clr(temperature=0.0), "A01", "temperature"),
    (lambda: clr(head="mlp"), "A01", "'nonlinear'"),
    (lambda: clr(form="twice"), "A01", "form"),
    (lambda: clr(head="none"), "A03", "embedding_size = feature_size = 6"),
]
CASES = [*INST_DISC, *MOCO, *INVA, *SIMCLR]


@pytest.mark.parametrize(("call", "code", "words"), CASES)
def test_the_message_helps(call, code, words):
    with pytest.raises(PfsError) as caught:
        call()
    assert caught.value.code == code
    assert words in str(caught.value)
