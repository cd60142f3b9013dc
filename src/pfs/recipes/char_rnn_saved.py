r"""A trained character model: keep it, find it again, let it write.

Note: notes/rnn
"""

from dataclasses import asdict, dataclass, field
from pathlib import Path
from typing import Any, Final

import torch
from torch import nn

from pfs.errors import PfsError
from pfs.recipes.char_models import CONFIGS, CharConfig, model_of
from pfs.recipes.char_rnn_config import CharRNNConfig
from pfs.text.vocabulary import Vocabulary
from pfs.training.sampling import sample
from pfs.training.saved import load_folder, save_folder, unreadable

KIND: Final = CharRNNConfig.KIND
"""What a folder that holds a recurrent network says it is."""


@dataclass
class Trained:
    """A model with everything that is needed to use it and to judge it."""

    model: nn.Module
    """The model."""
    vocabulary: Vocabulary
    """The symbols that it knows."""
    config: CharConfig
    """How it was trained."""
    result: dict[str, Any] = field(default_factory=dict)
    """What was measured: `metrics`, and where it comes from."""


def speak(
    trained: Trained,
    prompt: str | None = None,
    *,
    length: int,
    temperature: float,
    seed: int | None = None,
) -> str:
    """Let a trained model write.

    Args:
        trained: The model.
        prompt: What it reads first; `None` for the beginning of a line.
        length: How many characters to write.
        temperature: As in `sample`.
        seed: Of the randomness; `None` for another text every time.

    Returns:
        The prompt, if there was one, and the text.

    Raises:
        ValueError: X08 if the prompt holds a symbol that the model does not
            know, and what `sample` raises.

    Examples:
        >>> from dataclasses import replace
        >>> from pfs.recipes.char_rnn import CHAR_RNN, train
        >>> trained = train("ab" * 99, replace(CHAR_RNN, steps=1))
        >>> speak(trained, "ba", length=0, temperature=1.0)
        'ba'

    Source:
        This project.

    Differs:
        nothing
    """
    generator = torch.Generator()
    if seed is None:
        generator.seed()
    else:
        generator.manual_seed(seed)
    symbols = trained.vocabulary.symbols
    start = next((s for s in ("\n", " ") if s in symbols), symbols[0])
    text = sample(
        trained.model.cpu(),
        trained.vocabulary,
        start if prompt is None else prompt,
        length,
        temperature=temperature,
        generator=generator,
    )
    return text.removeprefix(start) if prompt is None else text


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
        >>> from pfs.recipes.char_rnn import CHAR_RNN, train
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
    kind = trained.config.KIND
    save_folder(folder, kind, trained.model.state_dict(), about, trained.result)


def load(folder: str | Path, kind: str = KIND) -> Trained:
    """Load what `save` has saved.

    Args:
        folder: The folder.
        kind: What it must say it is: the name of a recipe.

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
    tensors, about, result = load_folder(folder, kind)
    try:
        config = CONFIGS[kind](**about["config"])
        vocabulary = Vocabulary(about["vocabulary"])
        dtype = (
            torch.float64 if config.precision == "float64" else torch.float32
        )
        model = model_of(len(vocabulary), config).to(dtype)
        model.load_state_dict(tensors)
    except (PfsError, KeyError, TypeError, RuntimeError) as error:
        what = str(error).splitlines()[0]
        raise unreadable(folder, f"parts that do not fit: {what}") from error
    return Trained(model.eval(), vocabulary, config, result)
