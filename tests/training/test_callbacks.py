"""Schedules, by the numbers of the steps."""

import copy

import pytest
import torch

from pfs.training.callbacks import warmup_then_cosine


@pytest.mark.parametrize(("warmup", "steps"), [(0, 7), (1, 7), (4, 30)])
def test_the_cosine_is_that_of_torch(warmup, steps):
    factor = warmup_then_cosine(warmup, steps)
    rising = [factor(t) for t in range(1, warmup + 1)]
    assert rising == [t / warmup for t in range(1, warmup + 1)]
    p = torch.nn.Parameter(torch.ones(1))
    theirs = torch.optim.SGD([p], lr=1.0)
    length = steps - warmup + 1
    cosine = torch.optim.lr_scheduler.CosineAnnealingLR(theirs, length)
    for t in range(warmup + 1, steps + 1):
        theirs.step()
        cosine.step()
        assert factor(t) == pytest.approx(theirs.param_groups[0]["lr"])
    assert 0 < factor(steps) < 0.5
    assert factor(steps + 1) == factor(steps + 9) == pytest.approx(0)


def test_a_run_that_is_shorter_than_its_warm_up_only_rises():
    factor = warmup_then_cosine(9, 5)
    assert [factor(t) for t in (1, 5)] == [1 / 9, 5 / 9]
    assert copy.copy(factor) is factor  # no state: a resume needs none
