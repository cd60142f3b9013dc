"""Where a number comes from: versions, platform, commit, text."""

import datetime
import hashlib
import os
import platform
import subprocess
from pathlib import Path
from typing import Any

import numpy
import torch

import pfs


def provenance(device: str = "cpu") -> dict[str, Any]:
    """Describe what ran, on what kind of machine, and when.

    Nothing in it says whose machine it was: no names of hosts or users, no
    paths.

    Args:
        device: Where it was computed, such as `"cuda"`.

    Returns:
        Plain JSON: `commit`, `date`, `versions`, `platform`.

    Examples:
        >>> sorted(provenance())
        ['commit', 'date', 'platform', 'versions']

    Source:
        This project.

    Differs:
        nothing
    """
    now = datetime.datetime.now(datetime.UTC)
    return {
        "commit": commit(),
        "date": now.date().isoformat(),
        "versions": {
            "pfs": pfs.__version__,
            "python": platform.python_version(),
            "torch": str(torch.__version__),
            "numpy": str(numpy.__version__),
        },
        "platform": {
            "system": platform.system(),
            "machine": platform.machine(),
            "device": _name(device),
            "cores": os.cpu_count(),
            "threads": torch.get_num_threads(),
        },
    }


def commit() -> str:
    """Name the commit of the package's source.

    Returns:
        The commit if the package runs from a checkout whose `src` is as it
        was committed, `"uncommitted"` if it is not, and `"release"` if it was
        installed as a wheel.

    Examples:
        >>> len(commit()) in (40, len("uncommitted"), len("release"))
        True

    Source:
        This project.

    Differs:
        nothing
    """
    root = Path(__file__).resolve().parents[3]
    if not (root / ".git").exists():
        return "release"
    try:
        changed = _git(root, "status", "--porcelain", "--", "src")
        return "uncommitted" if changed else _git(root, "rev-parse", "HEAD")
    except (OSError, subprocess.SubprocessError):
        return "uncommitted"


def sha256(text: str) -> str:
    """Return the checksum of a text in UTF-8.

    Args:
        text: The text, as it is trained on.

    Returns:
        64 hexadecimal digits.

    Examples:
        >>> sha256("")[:8]
        'e3b0c442'

    Source:
        This project.

    Differs:
        nothing
    """
    return hashlib.sha256(text.encode("utf-8")).hexdigest()


def _name(device: str) -> str:
    return torch.cuda.get_device_name() if device == "cuda" else device


def _git(root: Path, *arguments: str) -> str:
    command = ["git", "-C", str(root), *arguments]
    done = subprocess.run(
        command, capture_output=True, check=True, timeout=10, encoding="utf-8"
    )
    return done.stdout.strip()
