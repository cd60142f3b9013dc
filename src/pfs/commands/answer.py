"""`pfs answer`: ask a model a question about a text."""

from pathlib import Path
from typing import Any

from pfs.commands.terminal import out
from pfs.commands.words import say
from pfs.errors import PfsValueError

SHOWN = 60
"""An answer of more characters is cut in the middle where it is shown."""


def answer(
    folder: Path | None,
    question: str,
    paragraph: str,
    count: int,
    empty: bool,
) -> None:
    """Print the best answers to a question.

    Args:
        folder: What `pfs train bert-qa` has saved, or a published BERT that
            answers questions; the last run below `runs` if `None`.
        question: The question.
        paragraph: The text, or the name of a file that holds it.
        count: How many answers are wanted.
        empty: Whether a published model may say that there is none.

    Raises:
        OSError: M01 if there is no such model, X09 if a file cannot be read.
        ValueError: A01 if there is nothing to ask, or `count` is below 1; X01
            if the file is no text in UTF-8.

    Examples:
        >>> answer(Path("no such folder"), "Who?", "She.", 1, False)
        Traceback (most recent call last):
        ...
        pfs.errors.PfsFileError: M01: a saved model cannot be read
          ...

    Source:
        This project.

    Differs:
        nothing
    """
    from pfs.training.saved import last_saved

    place = folder or last_saved(Path("runs"))
    text = _text(paragraph)
    for name, given in (("--question", question), ("--paragraph", text)):
        if not given.strip():
            raise PfsValueError(
                "A01",
                where=name,
                expected="a text",
                got=repr(given),
                todo="write it in quotation marks",
            )
    found = _ask(place, question, text, count, empty)
    for one in found:
        where = f"{one.start}-{one.end}" if one.text else ""
        shown = _shortened(one.text) or say("no-answer")
        out.print(f"  {one.probability:7.4f}  {where:>11}  {shown}")
    if not found:
        out.print(say("no-answer"))


def _ask(
    place: Path, question: str, text: str, count: int, empty: bool
) -> list[Any]:
    """Ask our own run, or a published model."""
    from pfs.training.saved import ABOUT

    if (place / ABOUT).is_file():
        from pfs.recipes.bert_qa_saved import load

        return load(place).ask(question, text, count)
    from pfs.words.bert import BertForQuestionAnswering
    from pfs.words.bert_questions import answer as ask
    from pfs.words.bert_weights import load_pretrained
    from pfs.words.bert_windows import LENGTH, STRIDE

    loaded = load_pretrained(BertForQuestionAnswering, place)
    length = min(LENGTH, loaded.model.bert.config.max_position_embeddings)
    return ask(
        loaded.model,
        loaded.wordpiece,
        question,
        text,
        length=length,
        stride=min(STRIDE, max(1, length // 3)),
        threshold=0.0 if empty else None,
        count=count,
    )


def _text(given: str) -> str:
    """Read the file of that name, if there is one."""
    try:
        is_file = Path(given).is_file()
    except (OSError, ValueError):  # a long text is no name
        is_file = False
    if not is_file:
        return given
    from pfs.text import read_text

    return read_text(Path(given))


def _shortened(text: str) -> str:
    line = " ".join(text.split())
    half = SHOWN // 2
    return line if len(line) <= SHOWN else f"{line[:half]} … {line[-half:]}"
