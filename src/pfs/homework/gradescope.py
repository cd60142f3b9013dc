"""An autograder for Gradescope: one zip with everything but Python packages."""

import shlex
import zipfile
from collections.abc import Sequence
from importlib.metadata import PackageNotFoundError, version
from pathlib import Path
from typing import Final

from pfs.errors import PfsFileError

PACKAGES: Final = ("torch", "numpy", "safetensors", "typer", "rich")
MORE: Final = ("filelock", "platformdirs")
SETUP: Final = """\
#!/usr/bin/env bash
# Runs once, when the image of the autograder is made.
set -euo pipefail
root="${{AUTOGRADER:-/autograder}}"
apt-get update
apt-get install -y --no-install-recommends python3 python3-venv util-linux
python3 -m venv "$root/venv"
"$root/venv/bin/pip" install {packages}
"""
RUN: Final = """\
#!/usr/bin/env bash
# Runs for every submission. There is a result whatever happens.
root="${{AUTOGRADER:-/autograder}}"
python="${{AUTOGRADER_PYTHON:-$root/venv/bin/python}}"
mkdir -p "$root/results"
cat > "$root/results/results.json" <<'END'
{{"score": 0, "output": "The autograder was interrupted."}}
END
export PYTHONPATH="$root/source" PFS_LANG={language} PFS_HOME="$root/home"
export PFS_HW_KEY={key}
"$python" -m pfs hw grade "$root/submission" --single --jobs 1 \\
  {ids} --out "$root/results" || true
"""


def export(to: Path, ids: Sequence[str], key: str, language: str) -> None:
    """Write the zip file that a teacher uploads.

    Args:
        to: The file.
        ids: Exercises.
        key: The secret of the course.
        language: Of the messages.

    Raises:
        OSError: H92 if the file cannot be written.

    Source:
        Gradescope, Autograder Specifications.
    """
    only = " ".join(f"--only {shlex.quote(id)}" for id in ids)
    packages = " ".join(shlex.quote(_pinned(name)) for name in PACKAGES + MORE)
    scripts = {
        "setup.sh": SETUP.format(packages=packages),
        "run_autograder": RUN.format(
            language=language, key=shlex.quote(key), ids=only
        ),
    }
    try:
        to.parent.mkdir(parents=True, exist_ok=True)
        with zipfile.ZipFile(to, "w", zipfile.ZIP_DEFLATED) as archive:
            for name, text in scripts.items():
                entry = zipfile.ZipInfo(name, (2020, 1, 1, 0, 0, 0))
                entry.external_attr = 0o755 << 16
                archive.writestr(entry, text)
            package = Path(__file__).parents[1]
            for file in sorted(package.rglob("*")):
                if file.is_file() and "__pycache__" not in file.parts:
                    inside = Path("pfs") / file.relative_to(package)
                    archive.write(file, inside.as_posix())
    except OSError as error:
        raise PfsFileError(
            "H92",
            where=str(to),
            expected="a zip file that can be written",
            got=error.strerror or str(error),
            todo="name another file",
        ) from None


def _pinned(name: str) -> str:
    try:
        return f"{name}=={version(name).split('+')[0]}"
    except PackageNotFoundError:
        return name
