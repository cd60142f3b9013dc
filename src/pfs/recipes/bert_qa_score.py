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
        >>> answers(None, None, [], None, None)
        []

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
        `em` and `f1` from 0 to 1; the same for each language, and for the
        questions with and without an answer, where there are several.

    Examples:
        >>> from pfs.recipes.bert_qa_data import Questions
        >>> asked = Question("1", "a b", "?", (("b", 2),))
        >>> some = Questions("x", "x", ("en",), "x", (), (), (asked,))
        >>> scores(some, some.test, ["b"])
        {'em': 1.0, 'f1': 1.0}

    Source:
        As of `exact_match`.

    Differs:
        nothing
    """
    rows = []
    for question, text in zip(some, said, strict=True):
        language = questions.language(question)
        right = [reference for reference, _ in question.answers]
        pair = exact_match(text, right, language), f1(text, right, language)
        kind = "answerable" if right else "unanswerable"
        rows.append((language, kind, pair))
    made: dict[str, Any] = _mean([pair for *_, pair in rows])
    for name, column in (("languages", 0), ("kinds", 1)):
        groups = sorted({str(row[column]) for row in rows})
        if len(groups) > 1:
            made[name] = {
                group: _mean([row[2] for row in rows if row[column] == group])
                for group in groups
            }
    return made


def _mean(pairs: Sequence[tuple[float, float]]) -> dict[str, float]:
    count = max(1, len(pairs))
    return {
        "em": sum(em for em, _ in pairs) / count,
        "f1": sum(part for _, part in pairs) / count,
    }
