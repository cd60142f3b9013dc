"""The step size of the Transformer: up in a line, down with the root."""

import math

import pytest

from pfs import ledger
from pfs.optim import SGD, noam


@pytest.mark.parametrize(
    ("width", "entry"),
    [
        (512, "transformer-peak-rate-base"),
        (1024, "transformer-peak-rate-big"),
    ],
)
def test_the_peak_is_at_the_end_of_the_warm_up(width, entry):
    factor = noam(width, 4000)
    peak = factor(4000)
    assert peak == pytest.approx(ledger.value(entry), rel=1e-5)
    assert peak == pytest.approx(1 / math.sqrt(width * 4000))
    assert factor(3999) < peak > factor(4001)
    assert max(map(factor, range(1, 20_000))) == peak


def test_a_line_and_then_a_root():
    factor = noam(512, 4000)
    for step in (1, 7, 1000, 4000):
        assert factor(step) == pytest.approx(step * factor(1))
    for times in (1, 4, 100):
        assert factor(4000 * times) == pytest.approx(
            factor(4000) / math.sqrt(times)
        )


def test_a_trainer_takes_it():
    import torch

    from pfs.data.streams import ExampleStream
    from pfs.training.trainer import Trainer

    model = torch.nn.Linear(1, 1)
    rates = []
    Trainer(
        model,
        SGD(model.parameters(), lr=1.0),
        ExampleStream((torch.ones(8, 1),), 4, seed=0),
        lambda model, batch, _: (model(batch[0]).square().mean(), None),
        steps=3,
        schedule=noam(16, 2),
        callbacks=[lambda trainer, step: rates.append(step.lr)],
    ).fit()
    assert rates == [noam(16, 2)(step) for step in (1, 2, 3)]
