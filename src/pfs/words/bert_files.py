r"""The files of a published BERT: where they are, and what may be in them.

A folder as `transformers` saves it, or a name at huggingface.co.
Note: notes/bert
"""

import importlib
import io
import json
import re
from pathlib import Path
from typing import Any, Final

import torch
from safetensors.torch import load as load_tensors

from pfs.errors import PfsFileError
from pfs.shapes import Float, Tensor

CONFIG: Final = "config.json"
VOCABULARY: Final = "vocab.txt"
TOKENIZER: Final = "tokenizer_config.json"
WEIGHTS: Final = ("model.safetensors", "pytorch_model.bin")
"""Names that a file of weights may have; the first is looked for first."""


def fetch(name: str) -> Path:
    """Fetch a model from huggingface.co with the client made for it.

    Args:
        name: `OWNER/NAME`, such as `google-bert/bert-base-uncased`.

    Returns:
        The folder with its files, in the client's own cache.

    Raises:
        OSError: E05 if the package `huggingface_hub` is missing, D01 if the
            files cannot be fetched, M01 if the name is none.

    Examples:
        >>> fetch("no name")
        Traceback (most recent call last):
        ...
        pfs.errors.PfsFileError: M01: a saved model cannot be read
          ...

    Source:
        This project.

    Differs:
        Other files of this project come with a checksum of ours. Weights of
        others have none here: `Pretrained.sha256` says what came, and
        `load_pretrained(..., sha256=...)` insists on it.
    """
    if not re.fullmatch(r"[\w.-]+/[\w.-]+", name):
        raise unreadable(name, "no such name", "hf:OWNER/NAME")
    try:
        hub = importlib.import_module("huggingface_hub")
    except ImportError:
        raise PfsFileError(
            "E05",
            where=f"hf:{name}",
            expected="the package huggingface_hub, which fetches models",
            got="it is not installed",
            todo="pip install huggingface_hub, or fetch the files yourself "
            "and name their folder",
        ) from None
    small = [CONFIG, VOCABULARY, TOKENIZER]
    try:
        for weights in WEIGHTS:
            given = hub.snapshot_download(
                name, allow_patterns=[*small, weights]
            )
            if Path(given, weights).is_file():
                break
    except Exception as error:
        reason = f"{type(error).__name__}: {error}".split("\n", 1)[0]
        raise PfsFileError(
            "D01",
            where=f"hf:{name}",
            expected=f"{CONFIG}, {VOCABULARY} and {' or '.join(WEIGHTS)}",
            got=reason[:200],
            todo="check the name and the network, or fetch the files yourself "
            "and name their folder",
        ) from None
    return Path(given)


def find(place: str | Path) -> tuple[Path, str]:
    """Find the folder of a model, and its file of weights.

    Args:
        place: The folder, the file, or `hf:OWNER/NAME`.

    Returns:
        The folder and the file's name.

    Raises:
        OSError: M01 if there are no weights; D01 and E05 as `fetch`.

    Examples:
        >>> find("somewhere/model.safetensors")[1]
        'model.safetensors'

    Source:
        This project.

    Differs:
        nothing
    """
    if str(place).startswith("hf:"):
        place = fetch(str(place).removeprefix("hf:"))
    path = Path(place)
    if path.suffix in (".safetensors", ".bin"):
        return path.parent, path.name
    there = [name for name in WEIGHTS if (path / name).is_file()]
    if not there:
        raise unreadable(path, "no such file", " or ".join(WEIGHTS))
    return path, there[0]


def read_tensors(
    folder: Path, file: str, data: bytes
) -> dict[str, Float[Tensor, "..."]]:
    """Read numbers, and nothing else, from the bytes of a file.

    Args:
        folder: Where it lies, for messages.
        file: Its name; the ending says how it is written.
        data: Its content.

    Returns:
        The tensors by name.

    Raises:
        OSError: M01 if it is damaged or holds more than tensors.

    Examples:
        >>> read_tensors(Path("here"), "model.safetensors", b"")
        Traceback (most recent call last):
        ...
        pfs.errors.PfsFileError: M01: a saved model cannot be read
          ...

    Source:
        This project.

    Differs:
        nothing
    """
    try:
        if file.endswith(".safetensors"):
            state: Any = load_tensors(data)
        else:
            state = torch.load(
                io.BytesIO(data), map_location="cpu", weights_only=True
            )
    except Exception as error:  # pickle's readers raise of all kinds
        reason = str(error).split("\n", 1)[0][:200]
        raise unreadable(folder, f"{file}: {reason}") from None
    if not isinstance(state, dict) or not all(
        isinstance(tensor, Tensor) for tensor in state.values()
    ):
        raise unreadable(folder, f"{file} holds more than tensors")
    return state


def read_json(folder: Path, name: str) -> dict[str, Any]:
    """Read a table of settings.

    Args:
        folder: Where it lies.
        name: The file.

    Returns:
        Its content.

    Raises:
        OSError: M01 if it is missing or damaged.

    Examples:
        >>> read_json(Path("no such folder"), CONFIG)
        Traceback (most recent call last):
        ...
        pfs.errors.PfsFileError: M01: a saved model cannot be read
          ...

    Source:
        This project.

    Differs:
        nothing
    """
    try:
        content = json.loads(read(folder, name).decode("utf-8"))
    except (ValueError, RecursionError):
        raise unreadable(folder, f"{name} is damaged") from None
    if not isinstance(content, dict):
        raise unreadable(folder, f"{name} is damaged")
    return content


def read(folder: Path, name: str) -> bytes:
    """Read a file whole.

    Args:
        folder: Where it lies.
        name: The file.

    Returns:
        Its content.

    Raises:
        OSError: M01 if it cannot be read.

    Examples:
        >>> read(Path("no such folder"), CONFIG)
        Traceback (most recent call last):
        ...
        pfs.errors.PfsFileError: M01: a saved model cannot be read
          ...

    Source:
        This project.

    Differs:
        nothing
    """
    try:
        return (folder / name).read_bytes()
    except (OSError, ValueError) as error:
        reason = str(getattr(error, "strerror", None) or error).lower()
        raise unreadable(folder, f"{name}: {reason}") from None


def unreadable(
    where: str | Path, got: str, expected: str = "a BERT of transformers"
) -> PfsFileError:
    """Describe what is no published BERT (M01).

    Args:
        where: The folder or name.
        got: What is wrong with it.
        expected: What should have been there.

    Returns:
        The error, to be raised.

    Examples:
        >>> unreadable("here", "nothing").code
        'M01'

    Source:
        This project.

    Differs:
        nothing
    """
    return PfsFileError(
        "M01",
        where=str(where),
        expected=expected,
        got=got,
        todo=f"name a folder with {CONFIG}, {VOCABULARY} and "
        f"{' or '.join(WEIGHTS)}, or hf:OWNER/NAME",
    )
