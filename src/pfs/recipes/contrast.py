r"""Train an encoder without labels, by one of five methods, on one budget.

Note: notes/simclr
"""

import copy
import time
from collections.abc import Iterator
from dataclasses import asdict
from pathlib import Path
from typing import Any

import torch
from torch import nn

from pfs.backend import backend
from pfs.errors import PfsValueError
from pfs.optim import SGD
from pfs.recipes.contrast_config import CONTRAST, ContrastConfig
from pfs.recipes.contrast_data import (
    Pair,
    PairStream,
    Pictures,
    read_pictures,
    views_of,
)
from pfs.recipes.contrast_model import build, uninformed
from pfs.recipes.contrast_saved import KIND, Trained, load, save
from pfs.recipes.contrast_score import error_of, floors_of, measured
from pfs.recipes.running import (
    RUNNING,
    Running,
    carry_out,
    every_so_often,
    prepared,
)
from pfs.shapes import Float, Tensor
from pfs.training.callbacks import Evaluation, warmup_then_cosine
from pfs.training.distributed import Processes, share
from pfs.training.provenance import provenance
from pfs.training.trainer import Remembering, Step, Trainer

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


class FirstLoss(Remembering):
    """Keeps the loss of the first step: that of a method that knows nothing.

    Examples:
        >>> FirstLoss().state()
        {'loss': None}

    Source:
        This project.

    Differs:
        nothing
    """

    def __init__(self) -> None:
        self.loss: float | None = None

    def __call__(self, trainer: Trainer, step: Step) -> None:
        """Keep the loss if it is the first.

        Args:
            trainer: The run.
            step: The step that was made.
        """
        if step.number == 1:
            self.loss = step.loss

    def state(self) -> dict[str, Any]:
        """Return the loss."""
        return {"loss": self.loss}

    def load_state(self, state: dict[str, Any]) -> None:
        """Take it back.

        Args:
            state: What `state` returned.
        """
        self.loss = state["loss"]


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
        The papers train each method on a budget of its own.
    """
    began = time.perf_counter()
    with prepared(config) as group:
        trainer, evaluation, first = _trainer(pictures, config, running, group)
        random = copy.deepcopy(_encoder(trainer.model))
        about = {
            "pictures": f"{pictures.name} {pictures.sha256}",
            "images": len(pictures.train),
        }
        carry_out(trainer, config, _with(running, first), evaluation, about)
        if evaluation.at(trainer.step) is None:  # it was stopped
            evaluation.measure_now(trainer.model, trainer.step)
        trained_for = time.perf_counter() - began
        metrics = {
            **measured(trainer.model, pictures, config),
            "floors": floors_of(random, pictures, config),
            "first_loss": first.loss,
            "uninformed_loss": uninformed(config),
            "curve": [asdict(point) for point in evaluation.points],
            "steps": trainer.step,
            "parameters": sum(p.numel() for p in random.parameters()),
            "train_images": len(pictures.train),
            "test_images": len(pictures.test),
            "train_seconds": round(trained_for, 1),
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


def _with(running: Running, first: FirstLoss) -> Running:
    return Running(
        **{**vars(running), "callbacks": (first, *running.callbacks)}
    )


def _encoder(method: Any) -> nn.Module:
    encoder: nn.Module = method.encoder
    return encoder


def _loss(
    model: nn.Module, batch: Pair, _: object
) -> tuple[Float[Tensor, ""], None]:
    own = next(model.parameters())
    first, second = batch.first.to(own), batch.second.to(own)
    return model(first, second, batch.numbers.to(own.device)), None


def _groups(model: nn.Module, decay: float) -> Iterator[dict[str, Any]]:
    """Matrices and kernels decay; biases and normalisation do not."""
    for matrices in (True, False):
        some = [
            p
            for p in model.parameters()
            if p.requires_grad and (p.ndim > 1) is matrices
        ]
        if some:
            yield {"params": some, "weight_decay": decay * matrices}


def _trainer(
    pictures: Pictures,
    config: ContrastConfig,
    running: Running,
    group: Processes,
) -> tuple[Trainer, Evaluation, FirstLoss]:
    kind = torch.float64 if config.precision == "float64" else torch.float32
    channels, height, width = pictures.train.shape[1:]
    model = build(config, (channels, height, width), len(pictures.train))
    model = model.to(group.device, kind)
    trainer = Trainer(
        model,
        SGD(
            _groups(model, config.decay), lr=config.lr, momentum=config.momentum
        ),
        PairStream(
            pictures.train.to(kind),
            config.batch_size,
            views_of(config),
            seed=config.seed,
            rows=share(config.batch_size, group),
        ),
        _loss,
        steps=config.steps,
        accumulate=config.accumulate,
        schedule=warmup_then_cosine(config.warmup, config.steps),
        precision=config.precision,
        compile=config.compile,
        stop=running.stop,
        group=group,
    )
    evaluation = Evaluation(
        lambda model: error_of(_encoder(model), pictures),
        every_so_often(config.steps, config.evaluations),
        running.watch,
    )
    return trainer, evaluation, FirstLoss()


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
