"""Which part of a text is read, and which is judged.

Note: notes/rnn
"""

import math
from dataclasses import dataclass

from pfs.data.batches import too_short
from pfs.errors import PfsValueError
from pfs.nn import checks
from pfs.recipes.char_models import CharConfig
from pfs.shapes import Int, Tensor
from pfs.text.vocabulary import Vocabulary


@dataclass(frozen=True)
class Split:
    """A text as ids: what is read, and what is judged."""

    vocabulary: Vocabulary
    read: Int[Tensor, " read"]
    judged: Int[Tensor, " judged"]
    """The held-out text, with one symbol before it."""


def split_text(text: str, vocabulary: Vocabulary, config: CharConfig) -> Split:
    """Cut a text into the part that is read and the part that is judged.

    Args:
        text: The text.
        vocabulary: Its symbols.
        config: The settings.

    Returns:
        Both parts as ids.

    Raises:
        ValueError: X06 if the text is shorter than one window, A01 if the
            config is out of range.

    Examples:
        >>> from pfs.recipes.char_rnn_config import CHAR_RNN
        >>> split = split_text("ab" * 99, Vocabulary("ab"), CHAR_RNN)
        >>> len(split.read), len(split.judged)
        (178, 21)

    Source:
        This project.

    Differs:
        nothing
    """
    ids = vocabulary.encode(text)
    cut = _cut(len(ids), config)
    return Split(vocabulary, ids[:cut], ids[cut - 1 :])


def _cut(length: int, config: CharConfig) -> int:
    """Return where the held-out text begins, or say what is out of range."""
    checks.positive(
        type(config).__name__,
        steps=config.steps,
        batch_size=config.batch_size,
        window=config.window,
        evaluations=config.evaluations,
        checkpoint_every=config.checkpoint_every,
    )
    if not 0 < config.held_out < 1:
        raise PfsValueError(
            "A01",
            where="setting held_out",
            expected="a share between 0 and 1",
            got=repr(config.held_out),
            todo="pass 0.1 to judge the model on the last tenth of the text",
        )
    cut = int(length * (1 - config.held_out))
    if cut < config.window + 1:
        shortest = math.ceil((config.window + 1) / (1 - config.held_out))
        raise too_short(length, shortest + 1)
    return cut


def fitting_batch_size(length: int, config: CharConfig) -> int:
    """Read a short text with fewer strips, so that each fills a window.

    Args:
        length: Length of the text that is read.
        config: The settings.

    Returns:
        How many strips, at most as many as the config says.

    Examples:
        >>> from pfs.recipes.char_rnn_config import CHAR_RNN
        >>> fitting_batch_size(200, CHAR_RNN)
        3

    Source:
        This project.

    Differs:
        nothing
    """
    return min(config.batch_size, length // (config.window + 1))
