r"""Train a window model to read a text character by character.

Data, split, training, judging and saving are those of `char_rnn`, so that the
two can be compared: only the model and its settings are others.

Note: notes/sequence
"""

from pathlib import Path
from typing import Any

from pfs.recipes import char_rnn, char_rnn_saved
from pfs.recipes.char_rnn_saved import Trained, save, speak
from pfs.recipes.char_window_config import CHAR_WINDOW, CharWindowConfig
from pfs.recipes.char_window_model import CharWindow
from pfs.recipes.running import RUNNING, Running

__all__ = [
    "CHAR_WINDOW",
    "CharWindow",
    "CharWindowConfig",
    "Trained",
    "evaluate",
    "load",
    "run",
    "save",
    "speak",
    "train",
]


def run(
    config: CharWindowConfig = CHAR_WINDOW, running: Running = RUNNING
) -> Trained:
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
        >>> short = replace(CHAR_WINDOW, data="story-zh", steps=1)
        >>> run(short).result["corpus"]["language"]
        'zh'

    Source:
        Bengio et al. (2003); the protocol is this project's.

    Differs:
        Characters instead of words.
    """
    return char_rnn.run(config, running)


def train(
    text: str,
    config: CharWindowConfig = CHAR_WINDOW,
    running: Running = RUNNING,
) -> Trained:
    """Train a window model on the beginning of a text, judge it on its end.

    Args:
        text: The text, normalized as `pfs.text.read_text` does.
        config: The settings; `data` and `letters` are not read here.
        running: How to carry it out.

    Returns:
        The model as it is after the last step, and what was measured.

    Raises:
        ValueError: X06 if the text is shorter than one stretch, A01 or A03 if
            the config is out of range, T04 if the loss is not finite.

    Examples:
        >>> from dataclasses import replace
        >>> short = replace(CHAR_WINDOW, steps=2, hidden_units=8)
        >>> trained = train("나는 읽고 또 읽는다. " * 50, short)
        >>> trained.result["metrics"]["steps"]
        2

    Source:
        Bengio et al. (2003); the protocol is this project's.

    Differs:
        Stretches of the text in order instead of single words in order.
    """
    return char_rnn.train(text, config, running)


def load(folder: str | Path) -> Trained:
    """Load what `save` has saved.

    Args:
        folder: The folder.

    Returns:
        The same model, ready to speak.

    Raises:
        OSError: M01 if there is no such folder, or something in it is missing,
            damaged, or not a window model.

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
    return char_rnn_saved.load(folder, CharWindowConfig.KIND)


def evaluate(folder: str | Path) -> dict[str, Any]:
    """Judge a saved model again, on the text that it was judged on.

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
    return char_rnn.evaluate(folder, CharWindowConfig.KIND)
