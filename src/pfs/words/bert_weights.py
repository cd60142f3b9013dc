r"""Load a BERT that others have trained: its sizes, weights and vocabulary.

A folder as `transformers` saves it, or a name at huggingface.co.
Note: notes/bert
"""

import hashlib
from dataclasses import fields
from pathlib import Path
from typing import Any, Final, NamedTuple, TypeVar

from torch import nn

from pfs.data.vocabularies import tokens
from pfs.errors import PfsError, PfsValueError
from pfs.text.wordpiece import WordPiece
from pfs.words.bert_config import BertConfig
from pfs.words.bert_files import (
    CONFIG,
    TOKENIZER,
    VOCABULARY,
    find,
    read,
    read_json,
    read_tensors,
    unreadable,
)
from pfs.words.bert_names import State, from_hugging_face

Model = TypeVar("Model", bound=nn.Module)
HEADS: Final = ("mlm.", "nsp.", "span.", "bert.pooler.")
"""Parts that a model may be without, though the file has them."""
SPELLED: Final = {"gelu_new": "gelu_tanh", "gelu_pytorch_tanh": "gelu_tanh"}
"""Other names of the formula of the released code."""


class Pretrained(NamedTuple):
    """A model that was trained elsewhere, and what it reads.

    Source:
        This project.

    Differs:
        nothing
    """

    model: Any
    """The model, ready to be evaluated."""
    wordpiece: WordPiece
    """Its tokenizer."""
    sha256: str
    """The checksum of the file of weights."""


# --8<-- [start:load]
def load_pretrained(
    kind: type[Model],
    place: str | Path,
    *,
    new_head: bool = False,
    sha256: str | None = None,
) -> Pretrained:
    """Build a model with the weights of a folder.

    Nothing in the folder is run: weights are numbers, and the older format is
    opened so that it cannot hold anything else.

    Args:
        kind: The class: `Bert`, `BertForPreTraining` or
            `BertForQuestionAnswering`.
        place: A folder with `config.json`, `vocab.txt` and the weights; the
            file of weights in such a folder; or `hf:OWNER/NAME`.
        new_head: Whether a head that the file does not have may stay as it
            was drawn, to be trained.
        sha256: The checksum that the file of weights must have.

    Returns:
        The model in evaluation mode, its tokenizer and the checksum.

    Raises:
        OSError: M01 if a file is missing, damaged or of another model, D01
            and E05 as `fetch`, D03 if the vocabulary is none.

    Examples:
        >>> from pfs.words.bert import Bert
        >>> load_pretrained(Bert, "no such folder")
        Traceback (most recent call last):
        ...
        pfs.errors.PfsFileError: M01: a saved model cannot be read
          ...

    Source:
        This project.

    Differs:
        `transformers` draws a missing head without being asked, with a
        warning.
    """
    folder, file = find(place)
    config = read_config(folder)
    data = read(folder, file)
    digest = hashlib.sha256(data).hexdigest()
    if sha256 is not None and digest != sha256.lower():
        raise unreadable(folder, f"{file} with sha256 {digest}", sha256)
    try:
        state = from_hugging_face(read_tensors(folder, file, data))
    except PfsValueError as error:
        raise unreadable(folder, f"{file}: {error}") from None
    vocabulary = tokens({VOCABULARY: read(folder, VOCABULARY)})
    if len(vocabulary) > config.vocab_size:
        got = f"{VOCABULARY} has {len(vocabulary):,} tokens"
        raise unreadable(folder, got, f"at most {config.vocab_size:,}")
    model = kind(config)
    _fill(model, state, folder, new_head)
    lower = _lower_case(folder, vocabulary)
    wordpiece = WordPiece(vocabulary, lower_case=lower, strip_accents=lower)
    return Pretrained(model.eval(), wordpiece, digest)


# --8<-- [end:load]


def read_config(folder: Path) -> BertConfig:
    """Read the sizes of a published BERT.

    Args:
        folder: Where `config.json` lies.

    Returns:
        The sizes.

    Raises:
        OSError: M01 if the file is missing, damaged or of another model.

    Examples:
        >>> read_config(Path("no such folder"))
        Traceback (most recent call last):
        ...
        pfs.errors.PfsFileError: M01: a saved model cannot be read
          ...

    Source:
        The released `bert_config.json`; `transformers` adds `model_type`.

    Differs:
        A decoder, relative positions and other models are refused.
    """
    content = read_json(folder, CONFIG)
    other = {
        "model_type": "bert",
        "position_embedding_type": "absolute",
        "is_decoder": False,
    }
    for key, wanted in other.items():
        if content.get(key, wanted) != wanted:
            got = f"{CONFIG}: {key} {content[key]!r}"
            raise unreadable(folder, got, repr(wanted))
    names = {field.name for field in fields(BertConfig)}
    given = {key: value for key, value in content.items() if key in names}
    act = given.get("hidden_act", "gelu")
    given["hidden_act"] = SPELLED.get(str(act), act)
    try:
        return BertConfig(**given)
    except (TypeError, PfsError) as error:
        raise unreadable(folder, f"{CONFIG}: {error}") from None


def _fill(model: nn.Module, state: State, folder: Path, new: bool) -> None:
    """Put every number in its place, and refuse what has none."""
    wanted = dict(model.state_dict())
    alone = not any(name.startswith("bert.") for name in wanted)
    prefix = "bert." if alone else ""
    wanted = {prefix + name: tensor for name, tensor in wanted.items()}
    absent = tuple(h for h in HEADS if not _has(wanted, h))
    given = {n: t for n, t in state.items() if not n.startswith(absent)}
    missing = [name for name in wanted if name not in given]
    if new:
        drawn = tuple(h for h in HEADS if not _has(given, h))
        missing = [name for name in missing if not name.startswith(drawn)]
    extra = [name for name in given if name not in wanted]
    if missing:
        got = f"no {', '.join(missing[:3])}"
        more = "" if new else "; new_head=True draws a head that is missing"
        raise unreadable(folder, got, f"a {type(model).__name__}{more}")
    if extra:
        got = f"more: {', '.join(extra[:3])}"
        raise unreadable(folder, got, f"a {type(model).__name__}")
    for name, tensor in given.items():
        if tensor.shape != wanted[name].shape:
            got = f"{name} of shape {tuple(tensor.shape)}"
            raise unreadable(folder, got, f"{tuple(wanted[name].shape)}")
    own = {name.removeprefix(prefix): t for name, t in given.items()}
    model.load_state_dict(own, strict=not new)


def _has(state: State, part: str) -> bool:
    return any(name.startswith(part) for name in state)


def _lower_case(folder: Path, vocabulary: tuple[str, ...]) -> bool:
    """Ask the folder, else the vocabulary, whether capitals matter."""
    if (folder / TOKENIZER).is_file():
        said = read_json(folder, TOKENIZER).get("do_lower_case")
        if isinstance(said, bool):
            return said
    return "A" not in vocabulary
