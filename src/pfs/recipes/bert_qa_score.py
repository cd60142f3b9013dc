"""What a model answers, and how good that is.

Note: notes/bert
"""

from collections.abc import Sequence
from typing import Any

from pfs.data.questions import Question
from pfs.recipes.bert_qa_config import BertQaConfig
from pfs.recipes.bert_qa_data import Questions
from pfs.text.wordpiece import WordPiece
from pfs.words.answer_scores import exact_match, f1
from pfs.words.bert_questions import Answer, read_answers, score_windows
from pfs.words.bert_windows import Window, windows


def windows_of(
    question: str, paragraph: str, wordpiece: WordPiece, config: BertQaConfig
) -> list[Window]:
    """Cut a paragraph as the settings say.

    Args:
        question: The question.
        paragraph: The text.
        wordpiece: The tokenizer.
        config: The settings.

    Returns:
        The windows.

    Raises:
        ValueError: A01 if there are too few places.

    Examples:
        >>> from pfs.recipes.bert_qa_config import BERT_QA
        >>> wordpiece = WordPiece(["[UNK]", "[CLS]", "[SEP]", "a"])
        >>> len(windows_of("a", "a " * 200, wordpiece, BERT_QA))
        3

    Source:
        This project.

    Differs:
        nothing
    """
    return windows(
        question,
        paragraph,
        wordpiece,
        length=config.places,
        stride=config.stride,
        question_length=max(1, config.places // 4),
    )


def answers(
    model: Any,
    wordpiece: WordPiece,
    some: Sequence[Question],
    config: BertQaConfig,
    threshold: float | None,
) -> list[Answer]:
    """Answer many questions.

    Args:
        model: A `BertForQuestionAnswering`.
        wordpiece: Its tokenizer.
        some: The questions.
        config: The settings.
        threshold: As of `read_answers`.

    Returns:
        The best answer to each; an empty one where there is no legal span.

    Examples:
        >>> answers.__name__
        'answers'

    Source:
        This project.

    Differs:
        nothing
    """
    if not some:
        return []
    cut = [windows_of(q.question, q.context, wordpiece, config) for q in some]
    was = model.training
    model.eval()
    logits = iter(score_windows(model, [w for one in cut for w in one]))
    model.train(was)
    found = []
    for question, one in zip(some, cut, strict=True):
        best = read_answers(
            question.context,
            [(window, next(logits)) for window in one],
            longest=config.longest_answer,
            count=1,
            threshold=threshold,
        )
        found.append(best[0] if best else Answer("", -1, -1, 0.0, 0.0))
    return found


def scores(
    questions: Questions, some: Sequence[Question], said: Sequence[str]
) -> dict[str, Any]:
    """Count what is right.

    Args:
        questions: Where they come from: it knows the language of each.
        some: The questions.
        said: The answers.

    Returns:
        `exact_match` and `f1`, shares from 0 to 1. Where there are several,
        the exact matches of each of the `languages`, and of the `kinds`:
        questions with and without an answer.

    Examples:
        >>> from pfs.recipes.bert_qa_data import Questions
        >>> asked = Question("1", "a b", "?", (("b", 2),))
        >>> some = Questions("x", "x", ("en",), "x", (), (), (asked,))
        >>> scores(some, some.test, ["b"])
        {'exact_match': 1.0, 'f1': 1.0}

    Source:
        As of `exact_match`.

    Differs:
        nothing
    """
    exact, shared = [], []
    groups: dict[str, dict[str, list[float]]] = {"languages": {}, "kinds": {}}
    for question, text in zip(some, said, strict=True):
        language = questions.language(question)
        right = [reference for reference, _ in question.answers]
        exact.append(exact_match(text, right, language))
        shared.append(f1(text, right, language))
        kind = "answerable" if right else "unanswerable"
        groups["languages"].setdefault(language, []).append(exact[-1])
        groups["kinds"].setdefault(kind, []).append(exact[-1])
    made: dict[str, Any] = {"exact_match": _mean(exact), "f1": _mean(shared)}
    for name, parts in groups.items():
        if len(parts) > 1:
            made[name] = {part: _mean(of) for part, of in parts.items()}
    return made


def _mean(some: Sequence[float]) -> float:
    return sum(some) / max(1, len(some))
