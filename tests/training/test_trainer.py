import json
import math
import re

import pytest
import torch
from torch import nn
from training.models import KINDS, make

from pfs.data.streams import ExampleStream
from pfs.errors import (
    PfsError,
    PfsFileError,
    PfsRuntimeError,
    PfsValueError,
)
from pfs.optim import SGD
from pfs.training import Evaluation, Log, Trainer, linear_decay
from pfs.training.faults import memory_named
from pfs.training.interrupts import Interrupts


def line(x, seed=0, **kw):
    """Fit y = 3 x with one weight."""
    torch.manual_seed(seed)
    model = nn.Linear(1, 1, bias=False).double()

    def loss(model, batch, _):
        (x,) = batch
        return (model(x) - 3 * x).square().mean(), None

    lr, size = kw.pop("lr", 0.1), kw.pop("batch_size", 4)
    stream = ExampleStream((x,), size, seed=seed)
    return Trainer(model, SGD(model.parameters(), lr=lr), stream, loss, **kw)


def data(n=32):
    return torch.randn(
        n, 1, generator=torch.Generator().manual_seed(7)
    ).double()


def test_a_line_is_found():
    trainer = line(data(), steps=300)
    trainer.fit()
    assert trainer.model.weight.item() == pytest.approx(3, abs=1e-6)


def test_two_half_batches_are_one_whole():
    whole = line(data(), steps=6, batch_size=8)
    halves = line(data(), steps=6, batch_size=4, accumulate=2)
    whole.fit()
    halves.fit()
    # One round of 32 examples is drawn in the same order either way.
    assert halves.batches.place == 4
    assert whole.model.weight.item() == pytest.approx(
        halves.model.weight.item(), rel=1e-12
    )


def test_the_gradient_is_clipped_before_the_update():
    trainer = line(data(), steps=1, clip=1e-3, lr=1.0)
    before = trainer.model.weight.item()
    trainer.fit()
    moved = abs(trainer.model.weight.item() - before)
    assert moved == pytest.approx(1e-3, rel=1e-2)


def test_the_schedule_gives_the_rate_of_the_step():
    rates = []
    watch = lambda trainer, step: rates.append(step.lr)
    schedule = linear_decay(4)
    line(data(), steps=4, schedule=schedule, callbacks=[watch]).fit()
    assert rates == pytest.approx([0.1, 0.075, 0.05, 0.025])


@pytest.mark.parametrize("kind", KINDS)
def test_a_seed_decides_every_bit(kind):
    one, two = make(kind), make(kind)
    for trainer in (one, two):
        torch.manual_seed(3)
        trainer.fit()
    for name, p in one.model.state_dict().items():
        assert torch.equal(p, two.model.state_dict()[name]), name


def test_training_ends_after_the_step_in_which_it_is_asked_to():
    seen = []
    trainer = line(
        data(),
        steps=9,
        stop=lambda: len(seen) == 3,
        callbacks=[lambda t, step: seen.append(step.number)],
    )
    trainer.fit()
    assert seen == [1, 2, 3, 4]
    assert trainer.stopped


@pytest.mark.parametrize("kind", KINDS)
def test_autocast_and_float64_learn_as_well(kind):
    losses = {}
    for precision in ("float32", "bf16"):
        found = losses[precision] = []
        trainer = make(kind, 10, precision=precision)
        trainer.callbacks = (lambda t, step, f=found: f.append(step.loss),)
        torch.manual_seed(0)
        trainer.fit()
        assert trainer.model.out.weight.dtype == torch.float32
    assert losses["bf16"] != losses["float32"]
    assert losses["bf16"] == pytest.approx(losses["float32"], rel=0.1)


@pytest.mark.filterwarnings("ignore::DeprecationWarning")
def test_a_compiled_model_learns_the_same():
    eager = line(data(), steps=5)
    compiled = line(data(), steps=5, compile=True)
    eager.fit()
    compiled.fit()
    torch.testing.assert_close(compiled.model.weight, eager.model.weight)
    assert list(compiled.model.state_dict()) == ["weight"]


def test_the_log_has_a_line_a_step_and_forgets_what_was_after(tmp_path):
    evaluation = Evaluation(lambda model: model.weight.item(), every=2)
    log = Log(tmp_path / "log.jsonl", evaluation)
    line(data(), steps=5, callbacks=[evaluation, log]).fit()
    lines = [json.loads(x) for x in log.path.read_text("utf-8").splitlines()]
    assert [x["step"] for x in lines] == [1, 2, 3, 4, 5]
    assert ["held_out" in x for x in lines] == [False, True, False, True, True]
    with log.path.open("a", encoding="utf-8") as file:
        file.write('{"step": 6, "lo')  # cut off by a kill
    log.drop_after(3)
    assert len(log.path.read_text("utf-8").splitlines()) == 3
    log.drop_after(9)
    assert len(log.path.read_text("utf-8").splitlines()) == 3


@pytest.mark.filterwarnings("ignore::DeprecationWarning")
def test_tensorboard_gets_the_same_numbers(tmp_path):
    from tensorboard.backend.event_processing import event_accumulator

    from pfs.training import TensorBoard

    board = TensorBoard(tmp_path)
    losses = []
    watch = lambda trainer, step: losses.append(step.loss)
    line(data(), steps=4, callbacks=[board, watch]).fit()
    board.writer.close()
    events = event_accumulator.EventAccumulator(str(tmp_path)).Reload()
    written = [event.value for event in events.Scalars("loss")]
    assert written == pytest.approx(losses)


def test_without_tensorboard_the_message_names_the_package(
    monkeypatch, tmp_path
):
    from pfs.training import TensorBoard

    monkeypatch.setitem(__import__("sys").modules, "tensorboard", None)
    monkeypatch.delitem(
        __import__("sys").modules, "torch.utils.tensorboard", raising=False
    )
    with pytest.raises(PfsFileError, match="pip install tensorboard") as caught:
        TensorBoard(tmp_path)
    assert caught.value.code == "E05"


PARAMETERS = [
    (kind, name)
    for kind in KINDS
    for name, _ in make(kind).model.named_parameters()
]


@pytest.mark.parametrize(("kind", "name"), PARAMETERS)
def test_a_parameter_that_is_not_finite_is_named(kind, name):
    trainer = make(kind)
    with torch.no_grad():
        trainer.model.get_parameter(name).flatten()[0] = math.nan
    assert name in stopped(trainer, step=1)


@pytest.mark.parametrize(("kind", "name"), PARAMETERS)
def test_a_gradient_that_is_not_finite_is_named(kind, name):
    trainer = make(kind)
    parameter = trainer.model.get_parameter(name)
    parameter.register_hook(
        lambda g: g / 0 if trainer.step == 2 else g  # inf or nan
    )
    assert f"gradient of {name}" in stopped(trainer, step=3)


MODULES = [
    ("gru", "embedding"),
    ("gru", "gru"),
    ("gru", "out"),
    ("attention", "layer.linear1"),
    ("attention", "layer.norm2"),
    ("attention", "out"),
    ("convolution", "stem"),
    ("convolution", "norm"),
    ("convolution", "conv"),
    ("convolution", "out"),
]


@pytest.mark.parametrize(("kind", "name"), MODULES)
@pytest.mark.parametrize("bad", [math.nan, math.inf])
def test_an_output_that_is_not_finite_is_named(kind, name, bad):
    trainer = make(kind)

    def spoil(module, inputs, output):
        first = output[0] if isinstance(output, tuple) else output
        if trainer.step == 4:
            first.data[(0,) * first.dim()] = bad

    trainer.model.get_submodule(name).register_forward_hook(spoil)
    assert f"output of {name} " in stopped(trainer, step=5)


def test_a_batch_that_is_not_finite_is_named():
    trainer = make("convolution")
    trainer.batches.dataset[0][:, 0, 0, 0] = math.inf
    assert "tensor 0 of the batch" in stopped(trainer, step=1)


def stopped(trainer, step):
    """Return the message; nothing but the step before may have moved."""
    weights = {}

    def keep(trainer, done):
        weights.update(
            {k: v.clone() for k, v in trainer.model.named_parameters()}
        )

    keep(trainer, None)
    trainer.callbacks = (keep,)
    with pytest.raises(PfsValueError) as caught:
        trainer.fit()
    assert caught.value.code == "T04"
    assert re.search(rf"step {step}, batch \d+ of round \d+", str(caught.value))
    for name, p in trainer.model.named_parameters():
        assert torch.equal(p.nan_to_num(), weights[name].nan_to_num()), name
    return caught.value.got


def test_a_loss_of_many_steps_may_not_fit_into_memory():
    """A real allocation that no machine can serve."""

    def loss(model, batch, _):
        return torch.empty(2**60).sum(), None

    trainer = line(data(), steps=3)
    trainer.loss = loss
    with pytest.raises(PfsRuntimeError) as caught:
        trainer.fit()
    assert caught.value.code == "T12"
    assert "4 rows" in caught.value.got
    assert "batch_size=2" in caught.value.todo
    with (
        pytest.raises(RuntimeError, match="another reason"),
        memory_named(1, 0),
    ):
        raise RuntimeError("another reason")


@pytest.mark.parametrize(
    ("wrong", "code"),
    [
        ({"steps": 0}, "A01"),
        ({"steps": 5, "accumulate": 0}, "A01"),
        ({"steps": 5, "precision": "float16"}, "A01"),
    ],
)
def test_wishes_that_cannot_be_are_refused(wrong, code):
    with pytest.raises(PfsError) as caught:
        line(data(), **wrong)
    assert caught.value.code == code


def test_a_measure_that_is_not_finite_stops_the_run():
    evaluation = Evaluation(lambda model: math.nan, every=2)
    with pytest.raises(PfsValueError) as caught:
        line(data(), steps=5, callbacks=[evaluation]).fit()
    assert caught.value.code == "T04"
    assert "step 2" in str(caught.value)


def test_a_second_wish_to_stop_is_granted_at_once(monkeypatch):
    import signal
    import time

    with Interrupts() as interrupts:
        signal.raise_signal(signal.SIGINT)
        assert interrupts.asked()
        signal.raise_signal(signal.SIGINT)  # passed on by a launcher
        later = time.monotonic() + 2
        monkeypatch.setattr(time, "monotonic", lambda: later)
        with pytest.raises(KeyboardInterrupt):
            signal.raise_signal(signal.SIGINT)
