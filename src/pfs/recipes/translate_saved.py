"""A trained model of translation: keep it, find it again, let it translate.

Note: notes/seq2seq
"""

from dataclasses import asdict, dataclass, field
from pathlib import Path
from typing import Any, Final

import torch
from torch import nn

from pfs.errors import PfsError
from pfs.recipes.translate_config import TranslateConfig
from pfs.recipes.translate_model import build
from pfs.recipes.translate_score import translate
from pfs.text.pieces import Pieces
from pfs.training.saved import load_folder, save_folder, unreadable
from pfs.translation.batches import BOS, EOS, Codec
from pfs.translation.decoding import sample

KIND: Final = "translate"
"""What a folder that holds this model says it is."""


@dataclass
class Trained:
    """A model with everything that is needed to use it and to judge it."""

    model: nn.Module
    """The model, a `Translator`."""
    pieces: Pieces
    """The pieces that it knows."""
    most: int
    """How many pieces a translation has at most."""
    config: TranslateConfig
    """How it was trained."""
    result: dict[str, Any] = field(default_factory=dict)
    """What was measured: `metrics`, and where it comes from."""

    @property
    def codec(self) -> Codec:
        """Sentences to ids and back."""
        return Codec(self.pieces)


def speak(
    trained: Trained,
    prompt: str | None = None,
    *,
    length: int,
    temperature: float,
    seed: int | None = None,
) -> str:
    """Translate a sentence.

    Args:
        trained: The model.
        prompt: The sentence; `None` for the first one that it was judged on.
        length: How many pieces the translation has at most.
        temperature: 0 for the likeliest translation, else it is drawn.
        seed: Of the randomness; `None` for another text every time.

    Returns:
        The sentence, an arrow, and the translation.

    Raises:
        ValueError: X08 if the sentence holds a piece that the model does not
            know.

    Examples:
        >>> speak.__name__
        'speak'

    Source:
        This project.

    Differs:
        nothing
    """
    example = trained.result.get("sample", {}).get("source", "")
    source = example if prompt is None else prompt
    model, codec = trained.model.cpu(), trained.codec
    if temperature == 0:
        width = trained.config.beam
        text = translate(model, codec, [source], most=length, width=width)[0]
        return f"{source} → {text}"
    generator = torch.Generator()
    if seed is None:
        generator.seed()
    else:
        generator.manual_seed(seed)
    ids, lengths = codec.encode([source])
    written = sample(
        model,  # type: ignore[arg-type]
        ids,
        lengths,
        bos=BOS,
        eos=EOS,
        max_length=length,
        temperature=temperature,
        generator=generator,
    )
    return f"{source} → {codec.decode(written.tokens)[0]}"


def save(trained: Trained, folder: str | Path) -> None:
    """Save a trained model, its pieces and its result as a folder.

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
    unknown = trained.pieces.unknown
    about = {
        "config": asdict(trained.config),
        "pieces": list(trained.pieces.pieces[1 if unknown else 0 :]),
        "unknown": unknown,
        "most": trained.most,
    }
    save_folder(folder, KIND, trained.model.state_dict(), about, trained.result)


def load(folder: str | Path) -> Trained:
    """Load what `save` has saved.

    Args:
        folder: The folder.

    Returns:
        The same model, ready to translate.

    Raises:
        OSError: M01 if there is no such folder, or something in it is missing,
            damaged, or not a model of translation.

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
        config = TranslateConfig(**about["config"])
        pieces = Pieces(about["pieces"], unknown=about["unknown"])
        kind = torch.float64 if config.precision == "float64" else torch.float32
        model = build(config, len(Codec(pieces))).to(kind)
        model.load_state_dict(tensors)
        most = int(about["most"])
    except (PfsError, KeyError, TypeError, ValueError, RuntimeError) as error:
        what = str(error).splitlines()[0]
        raise unreadable(folder, f"parts that do not fit: {what}") from error
    return Trained(model.eval(), pieces, most, config, result)
