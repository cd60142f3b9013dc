"""Checkpoints: whole or not there, checked before they are believed.

A checkpoint is a folder `step-00000400` of three files: the tensors
(safetensors), the rest (JSON), and `SHA256SUMS`, which `sha256sum -c` reads as
well. Nothing in it is ever unpickled.
"""

import hashlib
import json
import os
import shutil
from collections.abc import Mapping
from pathlib import Path
from typing import Any, Final, NamedTuple

import torch
from safetensors import SafetensorError
from safetensors.torch import load as load_tensors
from safetensors.torch import save as save_tensors

from pfs.errors import PfsFileError
from pfs.shapes import Tensor

FORMAT: Final = 1
"""Number of the layout of a checkpoint."""
TENSORS, STATE, SUMS = "tensors.safetensors", "state.json", "SHA256SUMS"


class Checkpoint(NamedTuple):
    """What a checkpoint holds."""

    path: Path
    """Its folder."""
    tensors: dict[str, Tensor]
    """Weights, moments, random states: whatever is a tensor, by name."""
    state: dict[str, Any]
    """The rest; plain JSON."""


# --8<-- [start:write]
def write_checkpoint(
    folder: Path,
    step: int,
    tensors: Mapping[str, Tensor],
    state: Mapping[str, Any],
) -> Path:
    """Write a checkpoint beside its place, then move it there.

    A process that is killed at any moment leaves the old checkpoints as they
    were, and at most a folder `.part`, which the next write removes.

    Args:
        folder: Where the checkpoints of a run lie.
        step: After which step it was taken.
        tensors: Tensors by name; they may share memory.
        state: Plain JSON.

    Returns:
        The checkpoint's folder.

    Raises:
        OSError: T02 if it cannot be written; the older ones are still there.

    Examples:
        >>> import tempfile, torch
        >>> folder = Path(tempfile.mkdtemp())
        >>> path = write_checkpoint(folder, 7, {"w": torch.ones(2)}, {})
        >>> path.name, read_checkpoint(path).tensors["w"]
        ('step-00000007', tensor([1., 1.]))

    Source:
        This project.

    Differs:
        `torch.save` pickles into one file, in place: what is cut off is lost,
        and what is loaded may run code.
    """
    place, part = folder / f"step-{step:08d}", folder / ".part"
    files = {
        TENSORS: save_tensors(
            {
                k: t.detach().cpu().clone(memory_format=torch.contiguous_format)
                for k, t in tensors.items()
            }  # clones: tied weights share memory
        ),
        STATE: _json({**state, "format": FORMAT, "step": step}),
    }
    files[SUMS] = _sums(files)
    try:
        folder.mkdir(parents=True, exist_ok=True)
        remove_whole(part)
        part.mkdir()
        for name, data in files.items():
            _write_through(part / name, data)
        remove_whole(place)
        os.replace(part, place)
        _flush_folder(folder)
    except OSError as error:
        shutil.rmtree(part, ignore_errors=True)
        raise _unwritten(place, files, error) from None
    return place


# --8<-- [end:write]


def read_checkpoint(path: Path) -> Checkpoint:
    """Read a checkpoint, and believe only what the checksums confirm.

    Args:
        path: Its folder.

    Returns:
        What `write_checkpoint` was given, and `step` and `format` in `state`.

    Raises:
        OSError: T05 if a file is missing, cut or altered, T06 if a file is
            not what its name says, T08 if the format is not known.

    Examples:
        >>> read_checkpoint(Path("no such folder"))
        Traceback (most recent call last):
        ...
        pfs.errors.PfsFileError: T05: a checkpoint is damaged
          where:    no such folder
          ...

    Source:
        This project.

    Differs:
        nothing
    """
    files = {name: _read(path, name) for name in (TENSORS, STATE, SUMS)}
    sums = files.pop(SUMS)
    if sums != _sums(files):
        raise damaged(path, "files that do not match SHA256SUMS")
    state = _parse(path, files[STATE])
    if state.get("format") != FORMAT:
        raise PfsFileError(
            "T08",
            where=str(path),
            expected=f"a checkpoint of format {FORMAT}",
            got=f"format {state.get('format')!r}",
            todo="read it with the version of pfs that wrote it",
        )
    try:
        return Checkpoint(path, load_tensors(files[TENSORS]), state)
    except SafetensorError as error:
        raise _refused(path, f"{TENSORS}: {error}") from None


def damaged(path: Path, got: str) -> PfsFileError:
    """Describe a checkpoint that cannot be believed (T05)."""
    return PfsFileError(
        "T05",
        where=str(path),
        expected=f"{TENSORS}, {STATE} and {SUMS} as they were written",
        got=got,
        todo="use the checkpoint before it, or train again",
    )


def _sums(files: Mapping[str, bytes]) -> bytes:
    lines = (
        f"{hashlib.sha256(files[name]).hexdigest()}  {name}\n"
        for name in (TENSORS, STATE)
    )
    return "".join(lines).encode()


def _json(content: Mapping[str, Any]) -> bytes:
    return (json.dumps(content, ensure_ascii=False, indent=1) + "\n").encode()


def _read(path: Path, name: str) -> bytes:
    try:
        return (path / name).read_bytes()
    except OSError as error:
        reason = (error.strerror or str(error)).lower()
        raise damaged(path, f"{name}: {reason}") from None


def _parse(path: Path, data: bytes) -> dict[str, Any]:
    try:
        state = json.loads(data.decode("utf-8"))
    except (ValueError, RecursionError):
        raise _refused(path, f"{STATE} is not JSON") from None
    if not isinstance(state, dict):
        raise _refused(path, f"{STATE} is not a table")
    return state


def _refused(path: Path, got: str) -> PfsFileError:
    return PfsFileError(
        "T06",
        where=str(path),
        expected="tensors in safetensors and the rest in JSON",
        got=got,
        todo="do not use it: pfs did not write it",
    )


def _unwritten(
    place: Path, files: Mapping[str, bytes], error: OSError
) -> PfsFileError:
    size = sum(map(len, files.values()))
    return PfsFileError(
        "T02",
        where=str(place),
        expected=f"a folder that can be written, with {size:,} bytes free",
        got=(error.strerror or str(error)).lower(),
        todo="make room, or choose another folder and resume: the older "
        "checkpoints are still there",
    )


def _write_through(path: Path, data: bytes) -> None:
    """Write, and wait until it is on the disk."""
    with open(path, "wb") as file:
        file.write(data)
        file.flush()
        os.fsync(file.fileno())


def _flush_folder(folder: Path) -> None:
    """Wait until the move is on the disk, where a system can be asked to."""
    if os.name == "nt":
        return
    handle = os.open(folder, os.O_RDONLY)
    try:
        os.fsync(handle)
    finally:
        os.close(handle)


def remove_whole(path: Path) -> None:
    """Move a folder out of the way, then delete it: never half a one."""
    trash = path.with_name(".trash")
    shutil.rmtree(trash, ignore_errors=True)
    if path.exists():
        os.replace(path, trash)
        shutil.rmtree(trash, ignore_errors=True)
