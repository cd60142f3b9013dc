r"""Train an encoder without labels, by one of five methods, on one budget.

Note: notes/simclr
"""

import copy
import time
from dataclasses import asdict
from pathlib import Path
from typing import Any

from pfs.backend import backend
from pfs.errors import PfsValueError
from pfs.recipes.contrast_config import CONTRAST, ContrastConfig
from pfs.recipes.contrast_data import Pictures, read_pictures
from pfs.recipes.contrast_model import uninformed
from pfs.recipes.contrast_saved import KIND, Trained, load, save
from pfs.recipes.contrast_score import floors_of, measured
from pfs.recipes.contrast_training import encoder_of, make_trainer, watched
from pfs.recipes.running import RUNNING, Running, carry_out, prepared
from pfs.training.provenance import provenance

__all__ = [
    "CONTRAST",
    "ContrastConfig",
    "Trained",
    "evaluate",
    "load",
    "run",
    "save",
    "train",
]


def run(
    config: ContrastConfig = CONTRAST, running: Running = RUNNING
) -> Trained:
    """Train on the pictures that the config names, and save what comes out.

    Args:
        config: The settings.
        running: How to carry it out; in its folder lie, at the end, the model
            and its `result.json`.

    Returns:
        The method and its result.

    Raises:
        ValueError: As `train`, and A01 if the data hold no images.
        OSError: Of data that cannot be had, M02 if the folder cannot be
            written.

    Examples:
        >>> from dataclasses import replace
        >>> few = {"images": 40, "steps": 1, "features": 8, "batch_size": 8}
        >>> run(replace(CONTRAST, **few)).result["data"]["name"]
        'digits'

    Source:
        This project; the methods name their papers.

    Differs:
        nothing
    """
    pictures = read_pictures(config)
    trained = train(pictures, config, running)
    trained.result = _result(pictures, trained)
    if running.folder and trained.result["processes"]["rank"] == 0:
        save(trained, running.folder)
    return trained


def train(
    pictures: Pictures,
    config: ContrastConfig = CONTRAST,
    running: Running = RUNNING,
) -> Trained:
    """Train a method without labels, and judge its features with them.

    Args:
        pictures: The pictures.
        config: The settings.
        running: How to carry it out.

    Returns:
        The method as it is after the last step, and what was measured.

    Raises:
        ValueError: A01 if the config is out of range, A03 if its numbers do
            not fit together, X06 if there are fewer pictures than a batch, T04
            if the loss is not finite.

    Examples:
        >>> from dataclasses import replace
        >>> few = {"images": 40, "steps": 2, "features": 8, "batch_size": 8}
        >>> config = replace(CONTRAST, **few)
        >>> train(read_pictures(config), config).result["metrics"]["steps"]
        2

    Source:
        This project: one encoder, one optimizer, one schedule for all.

    Differs:
        The papers train each method on a budget of its own, and with SGD
        (SimCLR with LARS). On so few steps only AdamW gets InstDisc going.
    """
    began = time.perf_counter()
    with prepared(config) as group:
        trainer, evaluation, first = make_trainer(
            pictures, config, running, group
        )
        random = copy.deepcopy(encoder_of(trainer.model))
        about = {
            "pictures": f"{pictures.name} {pictures.sha256}",
            "images": len(pictures.train),
        }
        carry_out(trainer, config, watched(running, first), evaluation, about)
        if evaluation.at(trainer.step) is None:  # it was stopped
            evaluation.measure_now(trainer.model, trainer.step)
        seconds = {"train_seconds": round(time.perf_counter() - began, 1)}
        judged = {}
        if group.first:  # the others wait
            judged = {
                **measured(trainer.model, pictures, config),
                "floors": floors_of(random, pictures, config),
            }
        metrics = {
            **group.gather(judged)[0],
            "first_loss": first.loss,
            "uninformed_loss": uninformed(config, len(pictures.train)),
            "curve": [asdict(point) for point in evaluation.points],
            "steps": trainer.step,
            "parameters": sum(p.numel() for p in random.parameters()),
            "train_images": len(pictures.train),
            "test_images": len(pictures.test),
            **seconds,
        }
        result = {
            "metrics": metrics,
            "processes": {"rank": group.rank, "size": group.size},
            "device": group.device.type,
            "wall_seconds": round(time.perf_counter() - began, 1),
        }
    channels, height, width = pictures.train.shape[1:]
    shape = (channels, height, width)
    return Trained(trainer.model, config, shape, len(pictures.train), result)


def _result(pictures: Pictures, trained: Trained) -> dict[str, Any]:
    """Put together what a reader needs to believe the numbers."""
    return {
        "recipe": KIND,
        "data": {
            "name": pictures.name,
            "title": pictures.title,
            "language": "",
            "licence": pictures.licence,
            "sha256": pictures.sha256,
        },
        "config": asdict(trained.config),
        "seed": trained.config.seed,
        **trained.result,
        **provenance(trained.result["device"]),
    }


def evaluate(folder: str | Path) -> dict[str, Any]:
    """Judge a saved method again, on the pictures that it was judged on.

    Args:
        folder: Where it was saved.

    Returns:
        `knn` now, and `reported` when it was trained.

    Raises:
        OSError: M01 if there is no saved method, and of data that cannot be
            had.
        ValueError: T07 if the pictures are not those that it was judged on.

    Examples:
        >>> evaluate("no such folder")
        Traceback (most recent call last):
        ...
        pfs.errors.PfsFileError: M01: a saved model cannot be read
          ...

    Source:
        This project.

    Differs:
        nothing
    """
    trained = load(folder)
    pictures = read_pictures(trained.config)
    wanted = trained.result.get("data", {}).get("sha256")
    if pictures.sha256 != wanted:
        raise PfsValueError(
            "T07",
            where=f"{folder}, pictures {pictures.title}",
            expected=f"sha256 {wanted}",
            got=f"sha256 {pictures.sha256}",
            todo="put the data back as they were when the model was trained",
        )
    with backend(trained.config.backend):
        now = measured(trained.method, pictures, trained.config)
    return {"knn": now["knn"], "reported": trained.result["metrics"]["knn"]}
