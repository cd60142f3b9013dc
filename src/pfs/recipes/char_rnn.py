r"""Train a recurrent network to read a text character by character.

Notes: notes/rnn, notes/lstm, notes/gru
"""

import math
import time
from collections.abc import Callable
from dataclasses import asdict
from pathlib import Path
from typing import Any

import torch

from pfs.data.streams import TextStream
from pfs.errors import PfsValueError
from pfs.nn import checks
from pfs.optim import SGD, Adam
from pfs.recipes.char_gpt_config import CharGPTConfig
from pfs.recipes.char_models import CharConfig, model_of
from pfs.recipes.char_rnn_config import CHAR_RNN, OPTIMIZERS, CharRNNConfig
from pfs.recipes.char_rnn_data import Split, fitting_batch_size, split_text
from pfs.recipes.char_rnn_model import CharRNN
from pfs.recipes.char_rnn_saved import KIND, Trained, load, save, speak
from pfs.recipes.corpus import Corpus, read_corpus
from pfs.recipes.running import (
    RUNNING,
    Running,
    carry_out,
    every_so_often,
    prepared,
)
from pfs.text.vocabulary import Vocabulary
from pfs.training.callbacks import (
    Evaluation,
    linear_decay,
    warmup_then_decay,
)
from pfs.training.distributed import Processes, share
from pfs.training.language import (
    next_symbol_loss,
    perplexity,
    to_perplexity,
)
from pfs.training.ngram import floors
from pfs.training.provenance import provenance, sha256
from pfs.training.trainer import Trainer

__all__ = [
    "CHAR_RNN",
    "CharRNN",
    "CharRNNConfig",
    "Trained",
    "evaluate",
    "load",
    "run",
    "save",
    "speak",
    "train",
]


def run(config: CharConfig = CHAR_RNN, running: Running = RUNNING) -> Trained:
    """Train on the text that the config names, and save what comes out.

    Args:
        config: The settings.
        running: How to carry it out; in its folder lie, at the end, the model
            and its `result.json`.

    Returns:
        The model and its result.

    Raises:
        ValueError: As `train`, and of a text that cannot be had.
        OSError: M02 if the folder cannot be written.

    Examples:
        >>> from dataclasses import replace
        >>> short = replace(CHAR_RNN, data="story-ko", steps=1, hidden_size=8)
        >>> run(short).result["corpus"]["language"]
        'ko'

    Source:
        Mikolov et al. (2010); the protocol is this project's.

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
    config: CharConfig = CHAR_RNN,
    running: Running = RUNNING,
) -> Trained:
    """Train a character model on the beginning of a text, judge it on its end.

    Args:
        text: The text, normalized as `pfs.text.read_text` does.
        config: The settings; `data` and `letters` are not read here.
        running: How to carry it out.

    Returns:
        The model as it is after the last step, and what was measured.

    Raises:
        ValueError: X06 if the text is shorter than one window, A01 if the
            config is out of range, T04 if the loss is not finite.

    Examples:
        >>> from dataclasses import replace
        >>> short = replace(CHAR_RNN, steps=2, hidden_size=8)
        >>> trained = train("나는 읽고 또 읽는다. " * 50, short)
        >>> trained.result["metrics"]["steps"]
        2

    Source:
        Mikolov et al. (2010); the protocol is this project's.

    Differs:
        The d2l book reports the perplexity on the text that it trains on;
        here it is that of held-out text, beside what counting reaches.
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
    return Trained(trainer.model, split.vocabulary, config, result)


def _trainer(
    split: Split, config: CharConfig, running: Running, group: Processes
) -> tuple[Trainer, Evaluation]:
    checks.one_of(
        type(config).__name__, "optimizer", config.optimizer, OPTIMIZERS
    )
    move = {"sgd": SGD, "adam": Adam}[config.optimizer]
    batch_size = fitting_batch_size(len(split.read), config)
    kind = torch.float64 if config.precision == "float64" else torch.float32
    model = model_of(len(split.vocabulary), config).to(group.device, kind)
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
        next_symbol_loss,
        steps=config.steps,
        clip=config.clip,
        accumulate=config.accumulate,
        schedule=_schedule(config),
        precision=config.precision,
        compile=config.compile,
        stop=running.stop,
        group=group,
    )
    evaluation = Evaluation(
        lambda model: perplexity(model, split.judged),
        every_so_often(config.steps, config.evaluations),
        running.watch,
    )
    return trainer, evaluation


def _schedule(config: CharConfig) -> Callable[[int], float]:
    if isinstance(config, CharGPTConfig):
        return warmup_then_decay(config.warmup, config.steps)
    return linear_decay(config.steps)


def _measured(
    trainer: Trainer, evaluation: Evaluation, split: Split
) -> dict[str, Any]:
    counted = floors(split.read, split.judged[1:], len(split.vocabulary))
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
        "train_perplexity": last["train"],
        "floors": asdict(counted),
        "curve": curve,
        "steps": trainer.step,
        "batch_size": trainer.batches.batch_size,  # type: ignore[attr-defined]
        "parameters": sum(p.numel() for p in trainer.model.parameters()),
        "train_characters": len(split.read),
        "held_out_characters": len(split.judged) - 1,
    }


def _result(corpus: Corpus, trained: Trained) -> dict[str, Any]:
    """Put together what a reader needs to believe the numbers."""
    source = asdict(corpus) | {
        "characters": len(corpus.text),
        "symbols": len(trained.vocabulary),
        "sha256": sha256(corpus.text),
    }
    del source["text"]
    text = speak(trained, length=200, temperature=0.8, seed=0)
    return {
        "recipe": trained.config.KIND,
        "corpus": source,
        "config": asdict(trained.config),
        "seed": trained.config.seed,
        **trained.result,
        "sample": {"text": text, "temperature": 0.8, "seed": 0},
        **provenance(trained.result["device"]),
    }


def evaluate(folder: str | Path, kind: str = KIND) -> dict[str, Any]:
    """Judge a saved model again, on the text that it was judged on.

    Args:
        folder: Where it was saved.
        kind: What it must say it is: the name of a recipe.

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
    trained = load(folder, kind)
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
    return {
        "held_out_perplexity": perplexity(trained.model, split.judged),
        "reported": metrics["held_out_perplexity"],
        "floors": metrics["floors"],
    }
