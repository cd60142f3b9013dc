r"""Train a bidirectional network to fill the gaps of a text.

Note: notes/bidirectional
"""

import math
import time
from dataclasses import asdict
from pathlib import Path
from typing import Any

import torch

from pfs.data.streams import TextStream
from pfs.errors import PfsValueError
from pfs.nn import checks
from pfs.optim import SGD, Adam
from pfs.recipes.char_rnn_config import OPTIMIZERS
from pfs.recipes.char_rnn_data import Split, fitting_batch_size, split_text
from pfs.recipes.corpus import Corpus, read_corpus
from pfs.recipes.fill_gaps_config import FILL_GAPS, FillGapsConfig
from pfs.recipes.fill_gaps_model import SideBySide, gap_loss, judge
from pfs.recipes.fill_gaps_saved import Trained, load, save, speak
from pfs.recipes.running import (
    RUNNING,
    Running,
    carry_out,
    every_so_often,
    prepared,
)
from pfs.text.vocabulary import Vocabulary
from pfs.training.between import between
from pfs.training.callbacks import Evaluation, linear_decay
from pfs.training.distributed import Processes, share
from pfs.training.language import to_perplexity
from pfs.training.ngram import floors
from pfs.training.provenance import provenance, sha256
from pfs.training.trainer import Trainer

__all__ = [
    "FILL_GAPS",
    "FillGapsConfig",
    "SideBySide",
    "Trained",
    "evaluate",
    "load",
    "run",
    "save",
    "speak",
    "train",
]
SHOWN = 200
"""How many held-out symbols the result shows, and what was guessed there."""


def run(
    config: FillGapsConfig = FILL_GAPS, running: Running = RUNNING
) -> Trained:
    """Train on the text that the config names, and save what comes out.

    Args:
        config: The settings.
        running: How to carry it out; in its folder lie, at the end, the model
            and its `result.json`.

    Returns:
        The models and their result.

    Raises:
        ValueError: As `train`, and of a text that cannot be had.
        OSError: M02 if the folder cannot be written.

    Examples:
        >>> from dataclasses import replace
        >>> short = replace(FILL_GAPS, data="story-ko", steps=1, hidden_size=8)
        >>> run(short).result["corpus"]["language"]
        'ko'

    Source:
        This project.

    Differs:
        nothing
    """
    corpus = read_corpus(config.data, config.letters)
    trained = train(corpus.text, config, running)
    trained.result = _result(corpus, trained)
    if running.folder and trained.result["processes"]["rank"] == 0:
        save(trained, running.folder)
    return trained


def train(
    text: str,
    config: FillGapsConfig = FILL_GAPS,
    running: Running = RUNNING,
) -> Trained:
    """Train on the beginning of a text, judge every symbol of its end.

    Args:
        text: The text, normalized as `pfs.text.read_text` does.
        config: The settings; `data` and `letters` are not read here.
        running: How to carry it out.

    Returns:
        The models as they are after the last step, and what was measured.

    Raises:
        ValueError: X06 if the text is shorter than one window, A01 if the
            config is out of range, T04 if the loss is not finite.

    Examples:
        >>> from dataclasses import replace
        >>> short = replace(FILL_GAPS, steps=2, hidden_size=8)
        >>> trained = train("나는 읽고 또 읽는다. " * 50, short)
        >>> trained.result["metrics"]["steps"]
        2

    Source:
        Berglund et al. (2015), section 4.1, who hide symbols of a text; the
        protocol is this project's.

    Differs:
        nothing
    """
    split = split_text(text, Vocabulary.from_text(text), config)
    began = time.perf_counter()
    with prepared(config) as group:
        trainer, evaluation = _trainer(split, config, running, group)
        about = {"text": sha256(text)}
        carry_out(trainer, config, running, evaluation, about)
        if evaluation.at(trainer.step) is None:  # it was stopped
            evaluation.measure_now(trainer.model, trainer.step)
        seconds = time.perf_counter() - began
        metrics = _measured(trainer, evaluation, split)
        result = {
            "metrics": metrics,
            "processes": {"rank": group.rank, "size": group.size},
            "device": group.device.type,
            "wall_seconds": round(seconds, 1),
        }
    return Trained(_model(trainer), split.vocabulary, config, result)


def _model(trainer: Trainer) -> SideBySide:
    assert isinstance(trainer.model, SideBySide)
    return trainer.model


def _trainer(
    split: Split, config: FillGapsConfig, running: Running, group: Processes
) -> tuple[Trainer, Evaluation]:
    checks.one_of("FillGapsConfig", "optimizer", config.optimizer, OPTIMIZERS)
    move = {"sgd": SGD, "adam": Adam}[config.optimizer]
    batch_size = fitting_batch_size(len(split.read), config)
    kind = torch.float64 if config.precision == "float64" else torch.float32
    model = SideBySide(len(split.vocabulary), config).to(group.device, kind)
    trainer = Trainer(
        model,
        move(model.parameters(), lr=config.lr),
        TextStream(
            split.read,
            batch_size,
            config.window,
            seed=config.seed,
            rows=share(batch_size, group),
        ),
        gap_loss,
        steps=config.steps,
        clip=config.clip,
        accumulate=config.accumulate,
        schedule=linear_decay(config.steps),
        precision=config.precision,
        compile=config.compile,
        stop=running.stop,
        group=group,
    )
    evaluation = Evaluation(
        lambda _: judge(model.both, split.judged).perplexity,
        every_so_often(config.steps, config.evaluations),
        running.watch,
    )
    return trainer, evaluation


def _measured(
    trainer: Trainer, evaluation: Evaluation, split: Split
) -> dict[str, Any]:
    symbols, unseen = len(split.vocabulary), split.judged[1:]
    counted = floors(split.read, unseen, symbols)
    gaps = between(split.read, unseen, symbols)
    model = _model(trainer)
    both, left = (
        judge(model.both, split.judged),
        judge(model.left, split.judged),
    )
    curve = [
        {
            "step": point.step,
            "train": to_perplexity(point.train),
            "held_out": point.held_out,
        }
        for point in evaluation.points
    ]
    last = curve[-1]
    return {
        "held_out_perplexity": last["held_out"],
        "held_out_bits_per_character": math.log2(last["held_out"]),
        "held_out_accuracy": both.accuracy,
        "train_perplexity": last["train"],
        "left_perplexity": left.perplexity,
        "left_accuracy": left.accuracy,
        "floors": asdict(counted) | {"between": asdict(gaps)},
        "curve": curve,
        "steps": trainer.step,
        "batch_size": trainer.batches.batch_size,  # type: ignore[attr-defined]
        "parameters": model.sizes["both"],
        "left_parameters": model.sizes["left"],
        "train_characters": len(split.read),
        "held_out_characters": len(unseen),
    }


@torch.no_grad()
def _guesses(trained: Trained, text: str) -> dict[str, str]:
    """Show held-out text, and what the model takes each symbol of it for."""
    split = split_text(text, trained.vocabulary, trained.config)
    ids = split.judged[: SHOWN + 1].to(trained.result["device"])
    model = trained.model.both.eval()
    guessed = model(ids[None])[0].argmax(-1).cpu()
    read = trained.vocabulary.decode
    return {"text": read(guessed[1:]), "original": read(ids.cpu()[1:])}


def _result(corpus: Corpus, trained: Trained) -> dict[str, Any]:
    """Put together what a reader needs to believe the numbers."""
    source = asdict(corpus) | {
        "characters": len(corpus.text),
        "symbols": len(trained.vocabulary),
        "sha256": sha256(corpus.text),
    }
    del source["text"]
    return {
        "recipe": FillGapsConfig.KIND,
        "corpus": source,
        "config": asdict(trained.config),
        "seed": trained.config.seed,
        **trained.result,
        "sample": _guesses(trained, corpus.text),
        **provenance(trained.result["device"]),
    }


def evaluate(folder: str | Path) -> dict[str, Any]:
    """Judge a saved gap filler again, on the text that it was judged on.

    Args:
        folder: Where it was saved.

    Returns:
        `held_out_perplexity` now, `reported` when it was trained, and the
        `floors` of counting.

    Raises:
        OSError: M01 if there is no saved model, and of a text that cannot be
            had.
        ValueError: T07 if the text is not the one that it was trained on.

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
    corpus = read_corpus(trained.config.data, trained.config.letters)
    wanted = trained.result.get("corpus", {}).get("sha256")
    if sha256(corpus.text) != wanted:
        raise PfsValueError(
            "T07",
            where=f"{folder}, text {corpus.title}",
            expected=f"sha256 {wanted}",
            got=f"sha256 {sha256(corpus.text)}",
            todo="put the text back as it was when the model was trained",
        )
    split = split_text(corpus.text, trained.vocabulary, trained.config)
    metrics = trained.result["metrics"]
    now = judge(trained.model.both, split.judged)
    return {
        "held_out_perplexity": now.perplexity,
        "reported": metrics["held_out_perplexity"],
        "floors": metrics["floors"],
    }
