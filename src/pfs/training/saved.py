"""Keep a model as a folder of numbers and JSON; never as a pickle.

`model.safetensors` holds the tensors, `model.json` what they mean, with
checksums of both; `result.json` what was measured, for people to read.
"""

import hashlib
import json
import os
from collections.abc import Mapping
from pathlib import Path
from typing import Any, Final

from safetensors import SafetensorError
from safetensors.torch import load as load_tensors
from safetensors.torch import save as save_tensors

from pfs.errors import PfsFileError
from pfs.shapes import Tensor

FORMAT: Final = 1
"""Number of the layout of the folder."""
TENSORS, ABOUT, RESULT = "model.safetensors", "model.json", "result.json"


def save_folder(
    folder: str | Path,
    kind: str,
    tensors: Mapping[str, Tensor],
    about: Mapping[str, Any],
    result: Mapping[str, Any],
) -> None:
    """Write a model into a folder; each file is whole or not there.

    Args:
        folder: Where to; it is made if it is not there.
        kind: What the model is, such as `"char-rnn"`.
        tensors: Its parameters by name.
        about: What is needed to build it again; plain JSON.
        result: What was measured; plain JSON.

    Raises:
        OSError: M02 if the folder cannot be written.

    Examples:
        >>> import tempfile, torch
        >>> folder = tempfile.mkdtemp()
        >>> save_folder(folder, "demo", {"w": torch.ones(2)}, {"size": 2}, {})
        >>> load_folder(folder, "demo")[0]["w"]
        tensor([1., 1.])

    Source:
        This project.

    Differs:
        nothing
    """
    numbers = save_tensors({k: t.contiguous() for k, t in tensors.items()})
    content = {
        "kind": kind,
        "format": FORMAT,
        "sha256": hashlib.sha256(numbers).hexdigest(),
        "about": dict(about),
    }
    place = Path(folder)
    try:
        place.mkdir(parents=True, exist_ok=True)
        _write(place / TENSORS, numbers)
        _write(place / ABOUT, _json(content | {"check": _checksum(content)}))
        _write(place / RESULT, _json(dict(result)))
    except OSError as error:
        raise PfsFileError(
            "M02",
            where=str(folder),
            expected="a folder that can be written",
            got=(error.strerror or str(error)).lower(),
            todo="choose another folder",
        ) from None


def load_folder(
    folder: str | Path, kind: str
) -> tuple[dict[str, Tensor], dict[str, Any], dict[str, Any]]:
    """Read what `save_folder` wrote, and believe nothing.

    Args:
        folder: The folder.
        kind: What the model must be.

    Returns:
        The tensors, what is needed to build the model, and the result.

    Raises:
        OSError: M01 if a file is missing, damaged, or of another kind.

    Examples:
        >>> load_folder("no such folder", "demo")
        Traceback (most recent call last):
        ...
        pfs.errors.PfsFileError: M01: a saved model cannot be read
          ...

    Source:
        This project.

    Differs:
        nothing
    """
    content = _read_json(folder, ABOUT)
    check = content.pop("check", None)
    if content.get("kind") != kind or content.get("format") != FORMAT:
        raise unreadable(
            folder,
            f"a {content.get('kind')!r} in format {content.get('format')!r}",
            f"a {kind!r} in format {FORMAT}",
        )
    if check != _checksum(content):
        raise unreadable(folder, f"{ABOUT} was changed after it was saved")
    numbers = _read(folder, TENSORS)
    if hashlib.sha256(numbers).hexdigest() != content.get("sha256"):
        raise unreadable(folder, f"{TENSORS} is damaged")
    try:
        tensors = load_tensors(numbers)
    except SafetensorError as error:
        raise unreadable(folder, f"{TENSORS}: {error}") from None
    return tensors, content.get("about", {}), _read_json(folder, RESULT)


def kind_of(folder: str | Path) -> str:
    """Tell what kind of model a folder holds.

    Args:
        folder: The folder.

    Returns:
        The kind that `save_folder` was given.

    Raises:
        OSError: M01 if it holds no saved model.

    Examples:
        >>> kind_of("no such folder")
        Traceback (most recent call last):
        ...
        pfs.errors.PfsFileError: M01: a saved model cannot be read
          ...

    Source:
        This project.

    Differs:
        nothing
    """
    return str(_read_json(folder, ABOUT).get("kind"))


def unreadable(
    folder: str | Path, got: str, expected: str = "what training saved there"
) -> PfsFileError:
    """Describe a folder that is not a saved model (M01).

    Args:
        folder: The folder.
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
        where=str(folder),
        expected=expected,
        got=got,
        todo="check the name of the folder, or train again into a new one",
    )


def _read(folder: str | Path, name: str) -> bytes:
    try:
        return (Path(folder) / name).read_bytes()
    except (OSError, ValueError) as error:
        reason = str(getattr(error, "strerror", None) or error).lower()
        raise unreadable(folder, f"{name}: {reason}") from None


def _read_json(folder: str | Path, name: str) -> dict[str, Any]:
    try:
        content = json.loads(_read(folder, name).decode("utf-8"))
    except (ValueError, RecursionError):
        raise unreadable(folder, f"{name} is damaged") from None
    if not isinstance(content, dict):
        raise unreadable(folder, f"{name} is damaged")
    return content


def _json(content: Mapping[str, Any]) -> bytes:
    return (json.dumps(content, ensure_ascii=False, indent=1) + "\n").encode()


def _checksum(content: Mapping[str, Any]) -> str:
    line = json.dumps(content, ensure_ascii=False, sort_keys=True)
    return hashlib.sha256(line.encode("utf-8", "surrogatepass")).hexdigest()


def _write(path: Path, data: bytes) -> None:
    """Write beside the place and move there: never half a file."""
    part = path.with_name(f"{path.name}.part")
    part.write_bytes(data)
    os.replace(part, path)


def last_saved(runs: Path) -> Path:
    """Find the model that was saved last.

    Args:
        runs: The folder of the runs.

    Returns:
        The run's folder; `runs` itself if there is none, so that reading it
        says what is missing.

    Examples:
        >>> last_saved(Path("no such folder")).name
        'no such folder'

    Source:
        This project.

    Differs:
        nothing
    """
    saved = runs.glob("*/model.json")
    newest = max(saved, key=lambda path: path.stat().st_mtime, default=None)
    return runs if newest is None else newest.parent
