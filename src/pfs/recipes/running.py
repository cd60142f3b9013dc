"""What all recipes that train share: files of a run, resume, provenance.

Note: notes/rnn
"""

from collections.abc import Callable, Iterator, Mapping
from contextlib import contextmanager
from dataclasses import asdict, dataclass
from pathlib import Path
from typing import Any, Final

import torch

from pfs.backend import backend
from pfs.errors import PfsFileError, PfsValueError
from pfs.recipes.settings import TrainingConfig, refuse_changes
from pfs.training.callbacks import Checkpoints, Evaluation, Point
from pfs.training.distributed import Processes, processes
from pfs.training.keeping import newest_checkpoint
from pfs.training.logs import Log, TensorBoard
from pfs.training.trainer import Callback, Trainer


@dataclass(frozen=True, kw_only=True)
class Running:
    """How a run is carried out; nothing of it decides what comes out."""

    folder: Path | None = None
    """Where log and checkpoints go; nothing is written if `None`."""
    resume: bool = False
    """Whether to go on from the newest checkpoint in the folder."""
    override: bool = False
    """Whether to go on although the settings differ."""
    callbacks: tuple[Callback, ...] = ()
    """What else happens after every step."""
    watch: Callable[[Point], None] = lambda point: None
    """Called whenever the held-out data were judged."""
    stop: Callable[[], bool] = lambda: False
    """Asked after every step whether to end."""


RUNNING: Final = Running()
"""Nothing is written, nobody watches."""


@contextmanager
def prepared(config: TrainingConfig) -> Iterator[Processes]:
    """Join the processes, choose the backend, and set the seed.

    Args:
        config: The settings.

    Yields:
        The processes. The random numbers of the caller are not touched.

    Raises:
        ValueError: A01 if the seed or the backend cannot be.

    Examples:
        >>> with prepared(TrainingConfig(device="cpu")) as group:
        ...     group.first
        True

    Source:
        This project.

    Differs:
        nothing
    """
    if not 0 <= config.seed < 2**63:
        raise PfsValueError(
            "A01",
            where="setting seed",
            expected="a whole number from 0 to 2**63 - 1",
            got=str(config.seed),
            todo="choose another seed, such as 0",
        )
    with (
        processes(config.device) as group,
        backend(config.backend),
        torch.random.fork_rng(devices=[]),
    ):
        torch.manual_seed(config.seed)
        yield group


def carry_out(
    trainer: Trainer,
    config: TrainingConfig,
    running: Running,
    evaluation: Evaluation,
    about: Mapping[str, Any],
) -> None:
    """Train, with the files of the run and from where it stopped.

    Args:
        trainer: The run, with no callbacks yet.
        config: The settings.
        running: How to carry it out.
        evaluation: Judges the held-out data.
        about: What must be the same when the run is resumed, such as the
            checksum of the text; plain JSON.

    Raises:
        ValueError: T07 if the settings or the data differ from those of the
            checkpoint.
        OSError: M01 if there is no checkpoint to resume, T05 if none of them
            is whole.

    Examples:
        >>> carry_out.__name__
        'carry_out'

    Source:
        This project.

    Differs:
        nothing
    """
    callbacks: list[Callback] = [evaluation]
    log = None
    if running.folder:
        running.folder.mkdir(parents=True, exist_ok=True)
        log = Log(running.folder / "log.jsonl", evaluation)
        callbacks.append(log)
        if config.tensorboard and trainer.group.first:
            callbacks.append(TensorBoard(running.folder / "events", evaluation))
    callbacks += running.callbacks
    kept = {"config": asdict(config), "about": dict(about)}
    if running.folder:
        callbacks.append(
            Checkpoints(
                running.folder / "checkpoints",
                config.checkpoint_every,
                kept,
                evaluation,
            )
        )
    trainer.callbacks = tuple(callbacks)
    if running.resume and running.folder:
        _go_on(trainer, config, running, about)
    trainer.group.wait()
    if log and trainer.group.first:
        log.drop_after(trainer.step)
    if trainer.group.size > 1 and not running.resume:
        # Every process drops other units than its neighbours.
        torch.manual_seed(config.seed + 1 + trainer.group.rank)
    trainer.fit()


def saved_config(folder: Path) -> dict[str, Any]:
    """Read the settings of the newest checkpoint of a run.

    Args:
        folder: The run's folder.

    Returns:
        `config` and `about`, as they were given to `carry_out`.

    Raises:
        OSError: M01 if there is no checkpoint.

    Examples:
        >>> saved_config(Path("no such folder"))
        Traceback (most recent call last):
        ...
        pfs.errors.PfsFileError: M01: a saved model cannot be read
          ...

    Source:
        This project.

    Differs:
        nothing
    """
    checkpoint = newest_checkpoint(folder / "checkpoints")
    if checkpoint is None:
        raise _no_checkpoint(folder)
    return {key: checkpoint.state[key] for key in ("config", "about")}


def _go_on(
    trainer: Trainer,
    config: TrainingConfig,
    running: Running,
    about: Mapping[str, Any],
) -> None:
    assert running.folder is not None
    checkpoint = newest_checkpoint(running.folder / "checkpoints")
    if checkpoint is None:
        raise _no_checkpoint(running.folder)
    state = checkpoint.state
    refuse_changes(config, state["config"], running.override)
    changed = [k for k, v in about.items() if state["about"].get(k) != v]
    if changed and not running.override:
        raise PfsValueError(
            "T07",
            where=", ".join(changed),
            expected=", ".join(f"{k} {state['about'].get(k)}" for k in changed),
            got=", ".join(f"{k} {about[k]}" for k in changed),
            todo="put the data back as they were, or begin a new run",
        )
    trainer.load_state(checkpoint.tensors, state)


def _no_checkpoint(folder: Path) -> PfsFileError:
    return PfsFileError(
        "M01",
        where=str(folder),
        expected="a run with at least one checkpoint",
        got="no checkpoints",
        todo="check the name of the folder, or begin anew without --resume",
    )


def every_so_often(steps: int, times: int) -> int:
    """Spread a number of events over a run.

    Args:
        steps: Length of the run.
        times: How many events, the last one at the end.

    Returns:
        After how many steps there is one.

    Examples:
        >>> every_so_often(1000, 10)
        100

    Source:
        This project.

    Differs:
        nothing
    """
    return max(1, -(-steps // max(1, times)))
