"""What one of several processes does: one step of SimCLR on its rows.

Started by `test_simclr.py`: `simclr_two.py FOLDER`.
"""

import sys
from dataclasses import replace
from pathlib import Path

import torch
from torch import nn

from pfs.contrastive.simclr import TINY, SimCLR, gather
from pfs.training.distributed import Processes, processes, share

BATCH = 6


def small(form="paper"):
    """A SimCLR in float64 whose encoder looks at one image at a time."""
    torch.manual_seed(0)
    encoder = nn.Sequential(nn.Flatten(), nn.Linear(4, 6), nn.Tanh())
    return SimCLR(encoder, replace(TINY, form=form)).double()


def views():
    """Two views of a batch, the same in every process."""
    chance = torch.Generator().manual_seed(1)
    shape = (2, BATCH, 1, 2, 2)
    return torch.rand(shape, generator=chance, dtype=torch.float64)


def one_step(model, rows=slice(None), wrapped=None):
    """The loss and the gradients of a batch, or of some rows of it."""
    first, second = views()
    loss = (wrapped or model)(first[rows], second[rows])
    loss.backward()
    return loss.item(), [p.grad for p in model.parameters()]


def member(group: Processes, folder: Path) -> None:
    """Save what this process has at the end."""
    rows = share(BATCH, group)
    results = []
    for form in ("paper", "official"):
        model = small(form)
        results.append(one_step(model, rows, group.wrap(model)))
    mine = torch.full((2, 3), group.rank + 1.0, requires_grad=True)
    every = gather(mine)
    weight = torch.arange(4.0)[:, None] * 10**group.rank
    (every * weight).sum().backward()
    results.append((every.detach(), mine.grad))
    torch.save(results, folder / f"{group.rank}.pt")


if __name__ == "__main__":
    with processes("cpu") as all_of_them:
        member(all_of_them, Path(sys.argv[1]))
