r"""Train a model to translate: numbers and dates in three languages, or pairs.

Note: notes/transformer
"""

import time
from dataclasses import asdict
from pathlib import Path
from typing import Any

import torch
from torch import nn

from pfs.data.streams import ExampleStream
from pfs.errors import PfsValueError
from pfs.optim import Adam
from pfs.recipes.running import (
    RUNNING,
    Running,
    carry_out,
    every_so_often,
    prepared,
)
from pfs.recipes.translate_config import TRANSLATE, TranslateConfig
from pfs.recipes.translate_data import GENERATED, Pairs, read_pairs
from pfs.recipes.translate_judge import (
    curve_of,
    encoded,
    held_out_perplexity,
    measured,
    pieces_of,
)
from pfs.recipes.translate_model import build
from pfs.recipes.translate_saved import KIND, Trained, load, save, speak
from pfs.recipes.translate_score import LONGER, sacrebleu
from pfs.shapes import Float, Tensor
from pfs.training.callbacks import Evaluation, warmup_then_decay
from pfs.training.distributed import Processes, share
from pfs.training.provenance import provenance
from pfs.training.trainer import Trainer
from pfs.translation.batches import Codec, Padded, sequence_loss, shift

__all__ = [
    "TRANSLATE",
    "Trained",
    "TranslateConfig",
    "evaluate",
    "load",
    "run",
    "save",
    "speak",
    "train",
]

BETAS = (0.9, 0.98)
"""Of Adam, as Vaswani et al. (2017), section 5.3, chose them."""


def run(
    config: TranslateConfig = TRANSLATE, running: Running = RUNNING
) -> Trained:
    """Train on the pairs that the config names, and save what comes out.

    Args:
        config: The settings.
        running: How to carry it out; in its folder lie, at the end, the model
            and its `result.json`.

    Returns:
        The model and its result.

    Raises:
        ValueError: As `train`.
        OSError: Of data that cannot be had, E05 if sacreBLEU is needed and not
            installed, M02 if the folder cannot be written.

    Examples:
        >>> from dataclasses import replace
        >>> few = {"size": 40, "steps": 1, "d_model": 8, "batch_size": 4}
        >>> sorted(run(replace(TRANSLATE, **few)).result["data"])[:2]
        ['language', 'licence']

    Source:
        Vaswani et al. (2017), section 5; the protocol is this project's.

    Differs:
        nothing
    """
    pairs = read_pairs(config)
    if config.data not in GENERATED:
        sacrebleu()  # better before the training than after it
    trained = train(pairs, config, running)
    trained.result = _result(pairs, trained)
    if running.folder and trained.result["processes"]["rank"] == 0:
        save(trained, running.folder)
    return trained


def train(
    pairs: Pairs,
    config: TranslateConfig = TRANSLATE,
    running: Running = RUNNING,
) -> Trained:
    """Train a model of translation and judge it on pairs it has not seen.

    Args:
        pairs: The pairs.
        config: The settings; those about the data are not read here.
        running: How to carry it out.

    Returns:
        The model as it is after the last step, and what was measured.

    Raises:
        ValueError: A01 if the config is out of range, X06 if there are fewer
            pairs than a batch, T04 if the loss is not finite.

    Examples:
        >>> from dataclasses import replace
        >>> config = replace(
        ...     TRANSLATE, size=40, steps=2, d_model=8, batch_size=4
        ... )
        >>> trained = train(read_pairs(config), config)
        >>> trained.result["metrics"]["steps"]
        2

    Source:
        Vaswani et al. (2017), section 5; the protocol is this project's.

    Differs:
        nothing
    """
    began = time.perf_counter()
    made = config.data in GENERATED
    pieces = pieces_of(pairs, 1 if made else config.least, not made)
    codec = Codec(pieces)
    source, target = encoded(codec, pairs.train)
    longest = (source.ids.shape[1], target.ids.shape[1])
    with prepared(config) as group:
        trainer, evaluation = _trainer(
            codec, source, target, pairs, config, running, group
        )
        carry_out(trainer, config, running, evaluation, {"pairs": pairs.sha256})
        if evaluation.at(trainer.step) is None:  # it was stopped
            evaluation.measure_now(trainer.model, trainer.step)
        seconds = time.perf_counter() - began
        trained = Trained(trainer.model, pieces, max(longest) + LONGER, config)
        metrics = {
            **measured(trained, pairs),
            "curve": curve_of(evaluation),
            "held_out_perplexity": evaluation.points[-1].held_out,
            "steps": trainer.step,
            "parameters": sum(p.numel() for p in trainer.model.parameters()),
            "pieces": len(pieces),
            "train_pairs": len(pairs.train),
            "test_pairs": len(pairs.test),
        }
        trained.result = {
            "metrics": metrics,
            "processes": {"rank": group.rank, "size": group.size},
            "device": group.device.type,
            "wall_seconds": round(seconds, 1),
        }
    return trained


def _loss(label_smoothing: float) -> Any:
    def loss(
        model: nn.Module, batch: tuple[Tensor, ...], _: object
    ) -> tuple[Float[Tensor, ""], None]:
        device = next(model.parameters()).device
        source, lengths, target, ends = (t.to(device) for t in batch)
        source = source[:, : int(lengths.max())]
        target = target[:, : int(ends.max())]
        logits = model(source, shift(target), lengths)
        return sequence_loss(
            logits, target, label_smoothing=label_smoothing
        ), None

    return loss


def _trainer(
    codec: Codec,
    source: Padded,
    target: Padded,
    pairs: Pairs,
    config: TranslateConfig,
    running: Running,
    group: Processes,
) -> tuple[Trainer, Evaluation]:
    kind = torch.float64 if config.precision == "float64" else torch.float32
    model = build(config, len(codec)).to(group.device, kind)
    held_out = encoded(codec, pairs.validation)
    trainer = Trainer(
        model,
        Adam(model.parameters(), lr=config.lr, betas=BETAS, eps=1e-9),
        ExampleStream(
            (*source, *target),
            config.batch_size,
            seed=config.seed,
            rows=share(config.batch_size, group),
        ),
        _loss(config.label_smoothing),
        steps=config.steps,
        clip=config.clip,
        accumulate=config.accumulate,
        schedule=warmup_then_decay(config.warmup, config.steps),
        precision=config.precision,
        compile=config.compile,
        stop=running.stop,
        group=group,
    )
    evaluation = Evaluation(
        lambda model: held_out_perplexity(model, *held_out),
        every_so_often(config.steps, config.evaluations),
        running.watch,
    )
    return trainer, evaluation


def _result(pairs: Pairs, trained: Trained) -> dict[str, Any]:
    """Put together what a reader needs to believe the numbers."""
    source, _, text = trained.result["metrics"]["examples"][0]
    return {
        "recipe": KIND,
        "data": {
            "name": pairs.name,
            "title": pairs.title,
            "language": pairs.language,
            "licence": pairs.licence,
            "sha256": pairs.sha256,
        },
        "config": asdict(trained.config),
        "seed": trained.config.seed,
        **trained.result,
        "sample": {"source": source, "text": text},
        **provenance(trained.result["device"]),
    }


def evaluate(folder: str | Path) -> dict[str, Any]:
    """Judge a saved model again, on the pairs that it was judged on.

    Args:
        folder: Where it was saved.

    Returns:
        `exact` now, and `reported` when it was trained.

    Raises:
        OSError: M01 if there is no saved model, and of data that cannot be
            had.
        ValueError: T07 if the pairs are not those that it was trained on.

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
    pairs = read_pairs(trained.config)
    wanted = trained.result.get("data", {}).get("sha256")
    if pairs.sha256 != wanted:
        raise PfsValueError(
            "T07",
            where=f"{folder}, pairs {pairs.title}",
            expected=f"sha256 {wanted}",
            got=f"sha256 {pairs.sha256}",
            todo="put the data back as they were when the model was trained",
        )
    return {
        "exact": measured(trained, pairs)["exact"],
        "reported": trained.result["metrics"]["exact"],
    }
