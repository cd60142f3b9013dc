"""What one of several processes does: train InvaSpread on its part of a batch.

Started by `test_inva_spread.py`: `inva_spread_two.py FOLDER`.
"""

import sys
from dataclasses import replace
from pathlib import Path

import torch
from torch import nn

from pfs.contrastive.inva_spread import TINY, InvaSpread
from pfs.training.distributed import Processes, processes, share

STEPS, BATCH = 3, 8


def small(norm=True, **changes):
    """An InvaSpread in float64, with a batch normalization or without."""
    torch.manual_seed(0)
    layers = [nn.Flatten(), nn.Linear(4, 6), nn.BatchNorm1d(6), nn.ReLU()]
    if not norm:
        layers.pop(2)
    config = replace(TINY, feature_size=6, **changes)
    return InvaSpread(nn.Sequential(*layers), config).double()


def train(model, group=None):
    """A few steps on the same batches in every process; the losses."""
    generator = torch.Generator().manual_seed(1)
    wrapped = group.wrap(model) if group else model
    optimizer = torch.optim.SGD(model.parameters(), lr=0.5)
    rows = share(BATCH, group) if group else slice(None)
    losses = []
    for _ in range(STEPS):
        shape = (2, BATCH, 1, 2, 2)
        views = torch.rand(shape, generator=generator, dtype=torch.float64)
        loss = wrapped(views[0, rows], views[1, rows])
        optimizer.zero_grad()
        loss.backward()
        optimizer.step()
        losses.append(loss.item())
    return losses


def both_forms(group=None):
    """The losses and the weights at the end, for each form."""
    results = []
    for joint in (False, True):
        model = small(norm=False, joint=joint)
        losses = train(model, group)
        results.append((losses, dict(model.state_dict())))
    return results


def member(group: Processes, folder: Path) -> None:
    """Save what this process has at the end."""
    torch.save(both_forms(group), folder / f"{group.rank}.pt")


if __name__ == "__main__":
    with processes("cpu") as all_of_them:
        member(all_of_them, Path(sys.argv[1]))
