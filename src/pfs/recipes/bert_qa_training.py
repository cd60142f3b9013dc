r"""The training of the recipe: model, windows, loss and optimizer.

Note: notes/bert
"""

import math
from typing import Any

import torch
from torch import nn

from pfs.data.streams import ExampleStream
from pfs.errors import PfsValueError
from pfs.optim.adam import AdamW
from pfs.recipes.bert_qa_config import BertQaConfig
from pfs.recipes.bert_qa_data import Questions, first_answer, make_wordpiece
from pfs.recipes.bert_qa_gaps import AfterGaps, Gaps, TwoPhases
from pfs.recipes.bert_qa_model import GapsAndAnswers, as_wanted, match, sizes
from pfs.recipes.bert_qa_score import windows_of
from pfs.recipes.running import Running, every_so_often
from pfs.shapes import Float, Tensor
from pfs.text.wordpiece import WordPiece
from pfs.training.callbacks import Evaluation, warmup_then_decay
from pfs.training.distributed import Processes, share
from pfs.training.trainer import Trainer
from pfs.words.bert import BertForQuestionAnswering
from pfs.words.bert_pretraining import (
    LEFT_OUT,
    decay_groups,
    pretraining_loss,
)
from pfs.words.bert_spans import span_loss
from pfs.words.bert_weights import load_pretrained
from pfs.words.bert_windows import collate, label

Rows = tuple[Tensor, ...]
"""Windows as tensors: ids, types, padding, allowed, start, end."""
WATCHED = 256
"""So many windows of the validation part are judged while training."""


def refuse(config: BertQaConfig, group: Processes) -> None:
    """Refuse settings that exclude each other.

    Args:
        config: The settings.
        group: The processes that train together.

    Raises:
        ValueError: A03 if they do.

    Examples:
        >>> from pfs.recipes.bert_qa_config import BERT_QA
        >>> from pfs.training.distributed import ALONE
        >>> refuse(BERT_QA, ALONE)

    Source:
        This project.

    Differs:
        nothing
    """
    reason = ""
    if config.weights and config.vocabulary:
        reason = "weights= brings its own vocabulary"
    elif config.pretrain_steps and config.weights:
        reason = "weights= is pre-trained already"
    elif config.pretrain_steps and group.size > 1:
        reason = "pre-training runs in one process"
    if reason:
        raise PfsValueError(
            "A03",
            where="settings of bert-qa",
            expected="settings that go together",
            got=reason,
            todo="leave one of the two out",
        )


def beginning(
    config: BertQaConfig, questions: Questions
) -> tuple[Any, WordPiece, str]:
    """Load the model that a run begins with, or make it.

    Args:
        config: The settings.
        questions: The questions; a vocabulary may be made of them.

    Returns:
        The model, its tokenizer, and the checksum of published weights.

    Raises:
        ValueError: A01 if a size is out of range.
        OSError: M01 if there are no such weights.

    Examples:
        >>> beginning.__name__
        'beginning'

    Source:
        This project.

    Differs:
        nothing
    """
    if config.weights:
        loaded = load_pretrained(
            BertForQuestionAnswering, config.weights, new_head=True
        )
        model = as_wanted(loaded.model, config.precision)
        return model, loaded.wordpiece, loaded.sha256
    wordpiece = make_wordpiece(config, questions)
    kind = GapsAndAnswers if config.pretrain_steps else BertForQuestionAnswering
    made = kind(sizes(config, len(wordpiece)))
    if config.matched:
        match(made)
    return as_wanted(made, config.precision), wordpiece, ""


def rows_of(
    wordpiece: WordPiece, questions: Questions, config: BertQaConfig
) -> tuple[Rows, Rows]:
    """Cut the questions to train on, and some to watch, into windows.

    Args:
        wordpiece: The tokenizer.
        questions: The questions.
        config: The settings.

    Returns:
        All windows to train on, and some of the validation part. An answer
        that a window does not hold is at place 0.

    Raises:
        ValueError: A01 if there are too few places.

    Examples:
        >>> rows_of.__name__
        'rows_of'

    Source:
        Devlin et al. (2019), section 4.2.

    Differs:
        nothing
    """
    found = []
    for part in (questions.train, questions.validation):
        cut, places = [], []
        for q in part:
            right = first_answer(q)
            if q.answers and right is None:
                continue
            for window in windows_of(q.question, q.context, wordpiece, config):
                cut.append(window)
                places.append(label(window, *right) if right else (0, 0))
        if part is questions.validation:
            step = max(1, len(cut) // WATCHED)
            cut, places = cut[::step], places[::step]
        padding = wordpiece.ids.get("[PAD]", 0)
        batch = collate(cut, padding)
        allowed = batch.paragraph.clone()
        allowed[:, :1] = True  # [CLS], for "no answer"
        ends = torch.tensor(places).reshape(-1, 2)
        found.append((*batch[:3], allowed, ends[:, 0], ends[:, 1]))
    return found[0], found[1]


def _loss(
    model: nn.Module, batch: Rows | Gaps, _: object
) -> tuple[Float[Tensor, ""], None]:
    device = next(model.parameters()).device
    if isinstance(batch, Gaps):
        gaps = Gaps(*(t.to(device) for t in batch))
        chosen = gaps.targets != LEFT_OUT
        words, order = model(*gaps[:3], chosen)
        right = gaps.targets[chosen]
        return pretraining_loss(words, right, order, gaps.random), None
    longest = int((~batch[2]).sum(1).max())
    ids, types, padding, allowed = (
        t[:, :longest].to(device) for t in batch[:4]
    )
    places = (batch[4].to(device), batch[5].to(device))
    return span_loss(model(ids, types, padding), places, allowed), None


def trainer_of(
    model: nn.Module,
    rows: tuple[Rows, Rows],
    gaps: AfterGaps | None,
    config: BertQaConfig,
    running: Running,
    group: Processes,
) -> tuple[Trainer, Evaluation]:
    """Put together what a run needs.

    Args:
        model: The model, on its device.
        rows: The windows to train on and to watch.
        gaps: The text of pre-training, if there is one.
        config: The settings.
        running: How to carry it out.
        group: The processes that train together.

    Returns:
        The run, and what judges it on the way.

    Raises:
        ValueError: X06 if there are fewer windows than a batch.

    Examples:
        >>> trainer_of.__name__
        'trainer_of'

    Source:
        The released `optimization.py`: no bias correction, no decay of
        shifts and gains; Devlin et al. (2019), appendix A.2 for the rates.

    Differs:
        Both phases share an optimizer.
    """
    stream: Any = ExampleStream(
        rows[0],
        config.batch_size,
        seed=config.seed,
        rows=share(config.batch_size, group),
    )
    first = config.pretrain_steps
    if gaps:
        stream = TwoPhases(gaps.text.batch, first * config.accumulate, stream)
    before = warmup_then_decay(config.warmup, max(1, first))
    after = warmup_then_decay(config.warmup, config.steps - first)
    trainer = Trainer(
        model,
        AdamW(
            decay_groups(model, config.decay),
            lr=config.lr,
            eps=1e-6,
            bias_correction=False,
        ),
        stream,
        _loss,
        steps=config.steps,
        clip=config.clip,
        accumulate=config.accumulate,
        schedule=lambda t: before(t) if t <= first else after(t - first),
        precision=config.precision,
        compile=config.compile,
        stop=running.stop,
        group=group,
    )
    evaluation = Evaluation(
        lambda model: _held_out(model, rows[1]),
        every_so_often(config.steps, config.evaluations),
        running.watch,
    )
    return trainer, evaluation


def _held_out(model: nn.Module, rows: Rows) -> float:
    """Return the loss on the windows that are watched."""
    was = model.training
    model.eval()
    total = 0.0
    with torch.no_grad():
        for some in torch.arange(len(rows[0])).split(64):
            part = tuple(t[some] for t in rows)
            total += _loss(model, part, None)[0].item() * len(some)
    model.train(was)
    return total / len(rows[0]) if len(rows[0]) else math.nan
