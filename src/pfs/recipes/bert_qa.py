r"""Train a BERT to answer questions: on small stories, or on real questions.

Note: notes/bert
"""

import time
from dataclasses import asdict, replace
from pathlib import Path
from typing import Any

from pfs.data.questions import Question
from pfs.errors import PfsValueError
from pfs.recipes.bert_qa_config import BERT_QA, BertQaConfig
from pfs.recipes.bert_qa_data import Questions, read_questions
from pfs.recipes.bert_qa_gaps import AfterGaps, PlainText
from pfs.recipes.bert_qa_model import answering
from pfs.recipes.bert_qa_saved import KIND, Trained, load, save, speak
from pfs.recipes.bert_qa_score import answers, scores
from pfs.recipes.bert_qa_training import (
    beginning,
    refuse,
    rows_of,
    trainer_of,
)
from pfs.recipes.running import RUNNING, Running, carry_out, prepared
from pfs.text.wordpiece import WordPiece
from pfs.training.provenance import provenance

__all__ = [
    "BERT_QA",
    "BertQaConfig",
    "Trained",
    "evaluate",
    "load",
    "run",
    "save",
    "speak",
    "train",
]


NOTHING = "-"
"""How "there is no answer" is written where answers are shown."""


def run(config: BertQaConfig = BERT_QA, running: Running = RUNNING) -> Trained:
    """Train on the questions that the config names, and save what comes out.

    Args:
        config: The settings.
        running: How to carry it out; in its folder lie, at the end, the model
            and its `result.json`.

    Returns:
        The model and its result.

    Raises:
        ValueError: As `train`.
        OSError: Of data or weights that cannot be had, M02 if the folder
            cannot be written.

    Examples:
        >>> from dataclasses import replace
        >>> few = {"stories": 20, "steps": 1, "d_model": 8, "batch_size": 4}
        >>> sorted(run(replace(BERT_QA, **few)).result["data"])[:2]
        ['language', 'licence']

    Source:
        Devlin et al. (2019), section 4.2; the protocol is this project's.

    Differs:
        nothing
    """
    questions = read_questions(config)
    trained = train(questions, config, running)
    trained.result = _result(questions, trained)
    if running.folder and trained.result["processes"]["rank"] == 0:
        save(trained, running.folder)
    return trained


def train(
    questions: Questions,
    config: BertQaConfig = BERT_QA,
    running: Running = RUNNING,
) -> Trained:
    """Train a model that answers, and judge it on questions not seen.

    Args:
        questions: The questions.
        config: The settings; those about the data are not read here.
        running: How to carry it out.

    Returns:
        The model as it is after the last step, and what was measured.

    Raises:
        ValueError: A01 if the config is out of range, A03 if settings exclude
            each other, X06 if there are fewer windows than a batch, T04 if
            the loss is not finite.
        OSError: M01 if there are no such weights.

    Examples:
        >>> from dataclasses import replace
        >>> config = replace(
        ...     BERT_QA, stories=20, steps=2, d_model=8, batch_size=4
        ... )
        >>> trained = train(read_questions(config), config)
        >>> trained.result["metrics"]["steps"]
        2

    Source:
        Devlin et al. (2019), section 4.2; the protocol is this project's.

    Differs:
        In the paper pre-training is a run of its own, with an optimizer of
        its own.
    """
    began = time.perf_counter()
    with prepared(config) as group:
        refuse(config, group)
        model, wordpiece, digest = beginning(config, questions)
        rows = rows_of(wordpiece, questions, config)
        gaps = None
        if steps := config.pretrain_steps:
            asked = (questions.languages, rows[0][:3], config)
            gaps = AfterGaps(PlainText(wordpiece, *asked), steps)
            running = replace(running, callbacks=(gaps, *running.callbacks))
        model = model.to(group.device)
        trainer, evaluation = trainer_of(
            model, rows, gaps, config, running, group
        )
        about = {"questions": questions.sha256, "weights": digest}
        carry_out(trainer, config, running, evaluation, about)
        if evaluation.at(trainer.step) is None:  # it was stopped
            evaluation.measure_now(trainer.model, trainer.step)
        seconds = time.perf_counter() - began
        threshold = 0.0 if questions.has_empty else None
        made = answering(trainer.model).eval()
        trained = Trained(made, wordpiece, threshold, config)
        metrics = {
            **_measured(trained, questions),
            **(gaps.found if gaps else {}),
            "curve": [asdict(point) for point in evaluation.points],
            "held_out_loss": evaluation.points[-1].held_out,
            "steps": trainer.step,
            "parameters": sum(p.numel() for p in made.parameters()),
            **_counts(wordpiece, questions),
        }
        trained.model = made.cpu()
        trained.result = {
            "metrics": metrics,
            "weights": digest,
            "processes": {"rank": group.rank, "size": group.size},
            "device": group.device.type,
            "wall_seconds": round(seconds, 1),
        }
    return trained


def _counts(wordpiece: WordPiece, questions: Questions) -> dict[str, int]:
    """Count what was read and judged."""
    return {
        "pieces": len(wordpiece),
        "train_questions": len(questions.train),
        "test_questions": len(questions.test),
    }


def _measured(trained: Trained, questions: Questions) -> dict[str, Any]:
    """Answer what was held out, and count what is right."""
    found = answers(
        trained.model,
        trained.wordpiece,
        questions.test,
        trained.config,
        trained.threshold,
    )
    said = [one.text for one in found]
    some = [*zip(questions.test, said, strict=True)]
    step = max(1, len(some) // 8)
    return {
        **scores(questions, questions.test, said),
        "examples": [
            [f"{q.question} {q.context}", _first(q), text or NOTHING]
            for q, text in some[::step][:8]
        ],
    }


def _first(question: Question) -> str:
    return question.answers[0][0] if question.answers else NOTHING


def _result(questions: Questions, trained: Trained) -> dict[str, Any]:
    """Put together what a reader needs to believe the numbers."""
    first = questions.test[0]
    return {
        "recipe": KIND,
        "data": {
            "name": questions.name,
            "title": questions.title,
            "language": ", ".join(questions.languages),
            "licence": questions.licence,
            "sha256": questions.sha256,
        },
        "config": asdict(trained.config),
        "seed": trained.config.seed,
        **trained.result,
        "sample": {"question": first.question, "paragraph": first.context},
        **provenance(trained.result["device"]),
    }


def evaluate(folder: str | Path) -> dict[str, Any]:
    """Judge a saved model again, on the questions that it was judged on.

    Args:
        folder: Where it was saved.

    Returns:
        The share of exact matches now, and `reported` when it was
        trained.

    Raises:
        OSError: M01 if there is no saved model, and of data that cannot be
            had.
        ValueError: T07 if the questions are not those that it was trained on.

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
    questions = read_questions(trained.config)
    wanted = trained.result.get("data", {}).get("sha256")
    if questions.sha256 != wanted:
        raise PfsValueError(
            "T07",
            where=f"{folder}, questions {questions.title}",
            expected=f"sha256 {wanted}",
            got=f"sha256 {questions.sha256}",
            todo="put the data back as they were when the model was trained",
        )
    return {
        "exact_match": _measured(trained, questions)["exact_match"],
        "reported": trained.result["metrics"]["exact_match"],
    }
