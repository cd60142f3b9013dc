"""What one of several processes does: train MoCo on its part of a batch.

Started by `test_moco.py`: `moco_two.py FOLDER`.
"""

import sys
from dataclasses import replace
from pathlib import Path

import torch
from torch import nn

from pfs.contrastive.moco import TINY, MoCo
from pfs.training.distributed import Processes, processes, share

STEPS, BATCH = 3, 8


def small(norm=True, **changes):
    """A MoCo in float64 whose encoder has a batch normalization."""
    torch.manual_seed(0)
    layers = [nn.Flatten(), nn.Linear(4, 6), nn.BatchNorm1d(6), nn.ReLU()]
    if not norm:
        layers.pop(2)
    return MoCo(nn.Sequential(*layers), replace(TINY, **changes)).double()


def train(model, group=None, lr=0.5):
    """A few steps on the same batches in every process; the losses."""
    generator = torch.Generator().manual_seed(1)
    torch.manual_seed(2 + (group.rank if group else 0))
    wrapped = group.wrap(model) if group else model
    optimizer = torch.optim.SGD(model.parameters(), lr=lr)
    rows = share(BATCH, group) if group else slice(None)
    losses = []
    for _ in range(STEPS):
        shape = (2, BATCH, 1, 2, 2)
        views = torch.rand(shape, generator=generator, dtype=torch.float64)
        loss = wrapped(views[0, rows], views[1, rows])
        optimizer.zero_grad()
        loss.backward()
        optimizer.step()
        value = loss.detach()[None]
        losses.append((group.mean(value) if group else value).item())
    return losses


def member(group: Processes, folder: Path) -> None:
    """Save what this process has at the end."""
    model = small(queue_size=16)
    losses = train(model, group)
    torch.save((losses, model.state_dict()), folder / f"{group.rank}.pt")


if __name__ == "__main__":
    with processes("cpu") as all_of_them:
        member(all_of_them, Path(sys.argv[1]))
