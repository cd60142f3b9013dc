"""A trained model of question answering: keep it, find it again, ask it.

Note: notes/bert
"""

from dataclasses import asdict, dataclass, field
from pathlib import Path
from typing import Any, Final

from pfs.errors import PfsError, PfsValueError
from pfs.recipes.bert_qa_config import BertQaConfig
from pfs.recipes.bert_qa_model import described, rebuilt
from pfs.text.wordpiece import WordPiece
from pfs.training.saved import load_folder, save_folder, unreadable
from pfs.words.bert import BertForQuestionAnswering
from pfs.words.bert_questions import Answer, answer

KIND: Final = "bert-qa"
"""What a folder that holds this model says it is."""


@dataclass
class Trained:
    """A model with everything that is needed to use it and to judge it."""

    model: BertForQuestionAnswering
    """The model."""
    wordpiece: WordPiece
    """Its tokenizer."""
    threshold: float | None
    """How much better "no answer" must be; `None` if there always is one."""
    config: BertQaConfig
    """How it was trained."""
    result: dict[str, Any] = field(default_factory=dict)
    """What was measured: `metrics`, and where it comes from."""

    def ask(self, question: str, paragraph: str, count: int) -> list[Answer]:
        """Ask the model.

        Args:
            question: The question.
            paragraph: The text.
            count: How many answers are wanted.

        Returns:
            The answers, the best first.
        """
        return answer(
            self.model.eval(),
            self.wordpiece,
            question,
            paragraph,
            length=self.config.places,
            stride=self.config.stride,
            threshold=self.threshold,
            count=count,
        )


def speak(
    trained: Trained,
    prompt: str | None = None,
    *,
    length: int,
    temperature: float,
    seed: int | None = None,
) -> str:
    """Answer a question.

    Args:
        trained: The model.
        prompt: The question, a tab, and the paragraph; `None` for the first
            one that it was judged on.
        length: Plays no part: an answer is a piece of the paragraph.
        temperature: Plays no part.
        seed: Plays no part.

    Returns:
        The question, an arrow, and the answer; a dash for "no answer".

    Raises:
        ValueError: A01 if there is no tab.

    Examples:
        >>> speak.__name__
        'speak'

    Source:
        This project.

    Differs:
        nothing
    """
    sample = trained.result.get("sample", {})
    shown = f"{sample.get('question', '')}\t{sample.get('paragraph', '')}"
    question, tab, paragraph = (prompt or shown).partition("\t")
    if not tab or not paragraph.strip():
        raise PfsValueError(
            "A01",
            where="--prompt",
            expected="a question, a tab, and a paragraph",
            got=repr(prompt),
            todo="easier: pfs answer DIR --question Q --paragraph FILE",
        )
    found = trained.ask(question, paragraph, 1)
    said = found[0].text if found and found[0].text else "-"
    return f"{question} → {said}"


def save(trained: Trained, folder: str | Path) -> None:
    """Save a trained model, its tokenizer and its result as a folder.

    Args:
        trained: What `train` returned.
        folder: Where to; it is made if it is not there.

    Raises:
        OSError: M02 if the folder cannot be written.

    Examples:
        >>> save.__name__
        'save'

    Source:
        This project.

    Differs:
        nothing
    """
    about = {
        "config": asdict(trained.config),
        "sizes": described(trained.model),
        "tokens": list(trained.wordpiece.tokens),
        "lower_case": trained.wordpiece.lower_case,
        "strip_accents": trained.wordpiece.strip_accents,
        "threshold": trained.threshold,
    }
    save_folder(folder, KIND, trained.model.state_dict(), about, trained.result)


def load(folder: str | Path) -> Trained:
    """Load what `save` has saved.

    Args:
        folder: The folder.

    Returns:
        The same model, ready to answer.

    Raises:
        OSError: M01 if there is no such folder, or something in it is missing,
            damaged, or not a model of question answering.

    Examples:
        >>> load("no such folder")
        Traceback (most recent call last):
        ...
        pfs.errors.PfsFileError: M01: a saved model cannot be read
          where:    no such folder...
          ...

    Source:
        This project.

    Differs:
        nothing
    """
    tensors, about, result = load_folder(folder, KIND)
    try:
        config = BertQaConfig(**about["config"])
        wordpiece = WordPiece(
            about["tokens"],
            lower_case=about["lower_case"],
            strip_accents=about["strip_accents"],
        )
        model = rebuilt(about["sizes"], config.precision)
        model.load_state_dict(tensors)
        threshold = about["threshold"]
    except (PfsError, KeyError, TypeError, ValueError, RuntimeError) as error:
        what = str(error).splitlines()[0]
        raise unreadable(folder, f"parts that do not fit: {what}") from error
    return Trained(model.eval(), wordpiece, threshold, config, result)
