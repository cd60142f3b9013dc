"""Which checkpoints of a run stay, and which one is believed."""

import json
import warnings
from collections.abc import Iterator
from pathlib import Path

from pfs.errors import PfsFileError
from pfs.training.checkpoint import (
    STATE,
    Checkpoint,
    read_checkpoint,
    remove_whole,
)


def newest_checkpoint(folder: Path) -> Checkpoint | None:
    """Read the newest checkpoint that is whole.

    A damaged one is passed over with a warning, and the one before it is read.

    Args:
        folder: Where the checkpoints of a run lie.

    Returns:
        The checkpoint; `None` if there was never one.

    Raises:
        OSError: T05 if all of them are damaged, and what `read_checkpoint`
            raises about one that is whole but not ours.

    Examples:
        >>> newest_checkpoint(Path("no such folder")) is None
        True

    Source:
        This project.

    Differs:
        nothing
    """
    fault = None
    for path in sorted(_all(folder), reverse=True):
        try:
            checkpoint = read_checkpoint(path)
        except PfsFileError as error:
            if error.code != "T05":
                raise
            fault = fault or error
            continue
        if fault:
            warnings.warn(
                f"T05: {Path(fault.where).name} is damaged ({fault.got}), "
                f"using {path.name} instead",
                stacklevel=2,
            )
        return checkpoint
    if fault:
        raise fault
    return None


def prune_checkpoints(folder: Path, keep: int = 2) -> None:
    """Remove old checkpoints: the last ones and the best one stay.

    The best is the one whose state has the lowest `metric`.

    Args:
        folder: Where the checkpoints of a run lie.
        keep: How many of the last ones stay.

    Examples:
        >>> prune_checkpoints(Path("no such folder"))

    Source:
        This project.

    Differs:
        nothing
    """
    paths = sorted(_all(folder))
    stay = set(paths[-keep:])
    best = best_checkpoint(folder)
    for path in paths:
        if path not in stay and path != best:
            remove_whole(path)


def best_checkpoint(folder: Path) -> Path | None:
    """Find the checkpoint with the lowest metric.

    Args:
        folder: Where the checkpoints of a run lie.

    Returns:
        Its folder; `None` if none has a metric.

    Examples:
        >>> best_checkpoint(Path("no such folder")) is None
        True

    Source:
        This project.

    Differs:
        nothing
    """
    judged = [
        (metric, path) for path in _all(folder) for metric in _metric(path)
    ]
    return min(judged)[1] if judged else None


def _all(folder: Path) -> Iterator[Path]:
    return folder.glob("step-*")


def _metric(path: Path) -> Iterator[float]:
    try:
        metric = json.loads((path / STATE).read_text("utf-8"))["metric"]
    except (OSError, ValueError, KeyError, TypeError):
        return
    if isinstance(metric, float):
        yield metric
