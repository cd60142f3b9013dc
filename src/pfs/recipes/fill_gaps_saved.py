r"""A trained gap filler: keep it, find it again, let it fill.

Note: notes/bidirectional
"""

from dataclasses import asdict, dataclass, field
from pathlib import Path
from typing import Any, Final

import torch

from pfs.errors import PfsError, PfsValueError
from pfs.nn import softmax
from pfs.recipes.fill_gaps_config import FillGapsConfig
from pfs.recipes.fill_gaps_model import SideBySide
from pfs.shapes import Int, Tensor
from pfs.text.vocabulary import Vocabulary
from pfs.training.saved import load_folder, save_folder, unreadable

GAP: Final = "_"
"""What stands for a hidden symbol in a prompt."""
SWEEPS: Final = 16
"""How often every gap is filled anew: each looks at what fills the others."""


@dataclass
class Trained:
    """The models with everything that is needed to use and to judge them."""

    model: SideBySide
    """The gap filler, and its rival that knows the left side only."""
    vocabulary: Vocabulary
    """The symbols that they know."""
    config: FillGapsConfig
    """How they were trained."""
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
    """Fill the gaps of a prompt.

    Args:
        trained: The models.
        prompt: A text in which `_` stands for a hidden symbol. Without any,
            and for `None`, gaps are put behind it.
        length: How many gaps to put behind a prompt that has none.
        temperature: 0 for the likeliest, 1 for as the model believes.
        seed: Of the randomness; `None` for another text every time.

    Returns:
        The prompt with its gaps filled.

    Raises:
        ValueError: X08 if the prompt holds a symbol that the model does not
            know, A01 for a length or temperature below 0.

    Examples:
        >>> from dataclasses import replace
        >>> from pfs.recipes.fill_gaps import FILL_GAPS, train
        >>> short = replace(FILL_GAPS, steps=60, hidden_size=8)
        >>> trained = train("abc" * 99, short)
        >>> speak(trained, "abc_bca_ca", length=0, temperature=0.0)
        'abcabcabca'

    Source:
        Berglund et al. (2015), section 3.1: one gap after the other is filled,
        given the rest, many times over.

    Differs:
        Every second gap is filled at once. Neighbours never change together.
    """
    if length < 0 or not temperature >= 0:
        raise PfsValueError(
            "A01",
            where="speak",
            expected="a length and a temperature of at least 0",
            got=f"length={length}, temperature={temperature}",
            todo="choose, for example, length=200 and temperature=0.8",
        )
    text = prompt or ""
    text = text if GAP in text else text + GAP * length
    if not text:
        return text
    gaps = torch.tensor([t for t, symbol in enumerate(text) if symbol == GAP])
    # A gap holds any symbol until it is filled for the first time.
    ids = trained.vocabulary.encode(
        text.replace(GAP, trained.vocabulary.symbols[0])
    )
    generator = torch.Generator()
    if seed is None:
        generator.seed()
    else:
        generator.manual_seed(seed)
    ids = fill(trained.model, ids, gaps.long(), temperature, generator)
    return trained.vocabulary.decode(ids)


@torch.no_grad()
def fill(
    model: SideBySide,
    ids: Int[Tensor, " length"],
    gaps: Int[Tensor, " gap"],
    temperature: float,
    generator: torch.Generator,
) -> Int[Tensor, " length"]:
    """Fill gaps, again and again, each given all that stands elsewhere.

    Args:
        model: The models.
        ids: The text, with anything in its gaps.
        gaps: The places of the gaps, from left to right.
        temperature: 0 for the likeliest, 1 for as the model believes.
        generator: Where the randomness comes from.

    Returns:
        The text with filled gaps.

    Examples:
        >>> from pfs.recipes.fill_gaps_config import FILL_GAPS
        >>> model, start = SideBySide(3, FILL_GAPS), torch.tensor([1, 0, 2])
        >>> chance = torch.Generator()
        >>> fill(model, start, torch.tensor([1]), 1.0, chance)[[0, 2]].tolist()
        [1, 2]

    Source:
        Berglund et al. (2015), section 3.1.

    Differs:
        Every second gap is filled at once.
    """
    filler = model.both.cpu().eval()
    ids = ids.clone()
    vocab = filler.output.out_features
    ids[gaps] = torch.randint(vocab, gaps.shape, generator=generator)
    for _ in range(SWEEPS):
        for some in (gaps[::2], gaps[1::2]):
            if not len(some):
                continue
            logits = filler(ids[None])[0, some].double()
            if temperature:
                p = softmax(logits / temperature, -1)
                drawn = torch.multinomial(p, 1, generator=generator)[:, 0]
            else:
                drawn = logits.argmax(-1)
            ids[some] = drawn
    return ids


def save(trained: Trained, folder: str | Path) -> None:
    """Save the trained models, their vocabulary and their result as a folder.

    Args:
        trained: What `train` returned.
        folder: Where to; it is made if it is not there.

    Raises:
        OSError: M02 if the folder cannot be written.

    Examples:
        >>> import tempfile
        >>> from dataclasses import replace
        >>> from pfs.recipes.fill_gaps import FILL_GAPS, train
        >>> trained = train("ab" * 99, replace(FILL_GAPS, steps=1))
        >>> folder = tempfile.mkdtemp()
        >>> save(trained, folder)
        >>> load(folder).vocabulary.symbols
        ('a', 'b')

    Source:
        This project.

    Differs:
        nothing
    """
    about = {
        "config": asdict(trained.config),
        "vocabulary": list(trained.vocabulary.symbols),
    }
    tensors = trained.model.state_dict()
    save_folder(folder, FillGapsConfig.KIND, tensors, about, trained.result)


def load(folder: str | Path) -> Trained:
    """Load what `save` has saved.

    Args:
        folder: The folder.

    Returns:
        The same models, ready to fill.

    Raises:
        OSError: M01 if there is no such folder, or something in it is missing,
            damaged, or not a gap filler.

    Examples:
        >>> load("no such folder")
        Traceback (most recent call last):
        ...
        pfs.errors.PfsFileError: M01: a saved model cannot be read
          ...

    Source:
        This project.

    Differs:
        nothing
    """
    tensors, about, result = load_folder(folder, FillGapsConfig.KIND)
    try:
        config = FillGapsConfig(**about["config"])
        vocabulary = Vocabulary(about["vocabulary"])
        kind = torch.float64 if config.precision == "float64" else torch.float32
        model = SideBySide(len(vocabulary), config).to(kind)
        model.load_state_dict(tensors)
    except (PfsError, KeyError, TypeError, RuntimeError) as error:
        what = str(error).splitlines()[0]
        raise unreadable(folder, f"parts that do not fit: {what}") from error
    return Trained(model.eval(), vocabulary, config, result)
