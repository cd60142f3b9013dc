r"""Train a recurrent network to read a text character by character.

Note: notes/rnn
"""

import math
import time
from collections.abc import Callable, Iterable
from dataclasses import asdict, dataclass, field
from itertools import takewhile
from pathlib import Path
from typing import Any, Final

import torch

from pfs.data.batches import endless_batches, too_short
from pfs.errors import PfsError, PfsValueError
from pfs.nn import checks
from pfs.optim import SGD
from pfs.recipes.char_rnn_config import CHAR_RNN, CharRNNConfig
from pfs.recipes.char_rnn_model import CharRNN
from pfs.text.vocabulary import Vocabulary
from pfs.training.callbacks import Curve, Point, linear_decay
from pfs.training.language import Callback, train_language_model
from pfs.training.ngram import Floors, floors
from pfs.training.saved import load_folder, save_folder, unreadable

__all__ = [
    "CHAR_RNN",
    "CharRNN",
    "CharRNNConfig",
    "Trained",
    "load",
    "save",
    "steps_per_round",
    "train",
]

KIND: Final = "char-rnn"
"""What a folder that holds this model says it is."""


@dataclass
class Trained:
    """A model with everything that is needed to use it and to judge it."""

    model: CharRNN
    """The model."""
    vocabulary: Vocabulary
    """The symbols that it knows."""
    config: CharRNNConfig
    """How it was trained."""
    result: dict[str, Any] = field(default_factory=dict)
    """What was measured: `metrics`, and where it comes from."""


def train(
    text: str,
    config: CharRNNConfig = CHAR_RNN,
    *,
    callbacks: Iterable[Callback] = (),
    watch: Callable[[Point], None] = lambda point: None,
    stop: Callable[[], bool] = lambda: False,
) -> Trained:
    """Train a character model on the beginning of a text, judge it on its end.

    Args:
        text: The text, normalised as `pfs.text.read_text` does.
        config: The run.
        callbacks: Called after every step.
        watch: Called ten times, whenever the held-out text was read.
        stop: Asked before every step whether to end here.

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
    vocabulary = Vocabulary.from_text(text)
    ids = vocabulary.encode(text)
    split = _split(len(ids), config)
    read, judged = ids[:split], ids[split - 1 :]
    batch_size = _batch_size(split, config)

    began = time.perf_counter()
    with torch.random.fork_rng(devices=[]):
        torch.manual_seed(config.seed)
        generator = torch.Generator().manual_seed(config.seed)
        model = CharRNN(len(vocabulary), config)
        optimizer = SGD(model.parameters(), lr=config.lr)
        curve = Curve(model, judged, math.ceil(config.steps / 10), watch)
        batches = endless_batches(read, batch_size, config.window, generator)
        train_language_model(
            model,
            takewhile(lambda _: not stop(), batches),
            optimizer,
            steps=config.steps,
            clip=config.clip,
            callbacks=[
                linear_decay(optimizer, config.steps),
                curve,
                *callbacks,
            ],
        )
        curve.finish()
    seconds = time.perf_counter() - began
    metrics = {
        **_measured(curve, floors(read, judged[1:], len(vocabulary))),
        "batch_size": batch_size,
        "parameters": sum(p.numel() for p in model.parameters()),
        "train_characters": split,
        "held_out_characters": len(ids) - split,
    }
    result = {"metrics": metrics, "wall_seconds": round(seconds, 1)}
    return Trained(model, vocabulary, config, result)


def _measured(curve: Curve, counted: Floors) -> dict[str, object]:
    last = curve.points[-1]
    return {
        "held_out_perplexity": last.held_out,
        "held_out_bits_per_character": math.log2(last.held_out),
        "train_perplexity": last.train,
        "floors": asdict(counted),
        "curve": [asdict(point) for point in curve.points],
        "steps": last.step,
    }


def steps_per_round(characters: int, config: CharRNNConfig) -> int:
    """Count the windows that it takes to read a training text once.

    Args:
        characters: Length of the whole text, held-out part included.
        config: The run.

    Returns:
        How many steps make one epoch, the last window included.

    Raises:
        ValueError: X06 if the text is shorter than one window, A01 if the
            config is out of range.

    Examples:
        >>> from dataclasses import replace
        >>> steps_per_round(1000, replace(CHAR_RNN, batch_size=3, window=30))
        10

    Source:
        This project.

    Differs:
        nothing
    """
    split = _split(characters, config)
    batch_size = _batch_size(split, config)
    return math.ceil((split - 1) // batch_size / config.window)


def save(trained: Trained, folder: str | Path) -> None:
    """Save a trained model, its vocabulary and its result as a folder.

    Args:
        trained: What `train` returned.
        folder: Where to; it is made if it is not there.

    Raises:
        OSError: M02 if the folder cannot be written.

    Examples:
        >>> import tempfile
        >>> from dataclasses import replace
        >>> trained = train("ab" * 99, replace(CHAR_RNN, steps=1))
        >>> folder = tempfile.mkdtemp()
        >>> save(trained, folder)
        >>> load(folder).vocabulary.symbols
        ('a', 'b')

    Source:
        This project.

    Differs:
        `torch.save` pickles, and what is unpickled may run any code; here
        there are numbers (safetensors) and JSON.
    """
    about = {
        "config": asdict(trained.config),
        "vocabulary": list(trained.vocabulary.symbols),
    }
    save_folder(folder, KIND, trained.model.state_dict(), about, trained.result)


def load(folder: str | Path) -> Trained:
    """Load what `save` has saved.

    Args:
        folder: The folder.

    Returns:
        The same model, ready to speak.

    Raises:
        OSError: M01 if there is no such folder, or something in it is missing,
            damaged, or not a character model.

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
        config = CharRNNConfig(**about["config"])
        vocabulary = Vocabulary(about["vocabulary"])
        model = CharRNN(len(vocabulary), config)
        model.load_state_dict(tensors)
    except (PfsError, KeyError, TypeError, RuntimeError) as error:
        what = str(error).splitlines()[0]
        raise unreadable(folder, f"parts that do not fit: {what}") from error
    return Trained(model.eval(), vocabulary, config, result)


def _split(length: int, config: CharRNNConfig) -> int:
    """Return where the held-out text begins, or say what is out of range."""
    checks.positive(
        "CharRNNConfig",
        steps=config.steps,
        batch_size=config.batch_size,
        window=config.window,
    )
    if not 0 <= config.seed < 2**63:
        raise PfsValueError(
            "A01",
            where="CharRNNConfig, seed",
            expected="a whole number from 0 to 2**63 - 1",
            got=str(config.seed),
            todo="choose another seed, such as 0",
        )
    if not 0 < config.held_out < 1:
        raise PfsValueError(
            "A01",
            where="CharRNNConfig, held_out",
            expected="a share between 0 and 1",
            got=repr(config.held_out),
            todo="pass 0.1 to judge the model on the last tenth of the text",
        )
    split = int(length * (1 - config.held_out))
    if split < config.window + 1:
        shortest = math.ceil((config.window + 1) / (1 - config.held_out))
        raise too_short(length, shortest + 1)
    return split


def _batch_size(split: int, config: CharRNNConfig) -> int:
    """Read a short text with fewer strips, so that each fills a window."""
    return min(config.batch_size, split // (config.window + 1))
