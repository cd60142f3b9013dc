"""`pfs train` and `pfs evaluate`: from settings to a saved model."""

import itertools
import os
from contextlib import suppress
from pathlib import Path
from typing import Any

from pfs.commands.terminal import err, pick
from pfs.commands.terminal import out as printer
from pfs.commands.words import say
from pfs.errors import PfsError, PfsFileError, PfsValueError
from pfs.recipes import RECIPES, Recipe
from pfs.recipes.settings import describe, with_settings


def recipes() -> dict[str, str]:
    """List the recipes.

    Returns:
        What each does, by name.

    Examples:
        >>> "char-rnn" in recipes()
        True

    Source:
        This project.

    Differs:
        nothing
    """
    return {recipe.name: recipe.meaning for recipe in RECIPES.values()}


def show(recipe: str) -> list[tuple[str, Any, str]]:
    """List what a recipe can be told.

    Args:
        recipe: Its name.

    Returns:
        Key, default and meaning of each setting.

    Raises:
        ValueError: A01 if there is no such recipe.

    Examples:
        >>> [key for key, _, _ in show("char-rnn")][0]
        'data'

    Source:
        This project.

    Differs:
        nothing
    """
    return describe(_recipe(recipe).config())


def run(
    recipe: str,
    settings: list[str],
    out: Path | None = None,
    resume: Path | None = None,
    override: bool = False,
    processes: int = 1,
) -> int:
    """Train, save, and say how good the model is.

    Args:
        recipe: Its name.
        settings: `key=value`; the others are as the recipe has them, or as
            they were if the run is resumed.
        out: Where the run goes; a new folder below `runs` if `None`.
        resume: A run that shall go on.
        override: Whether to resume although the settings differ.
        processes: How many processes train together.

    Returns:
        The exit code: 0, or 128 plus the signal that ended the training.

    Raises:
        ValueError: A01 or A03 for wishes that cannot be, and what the recipe
            raises.
        OSError: M01 if there is nothing to resume, M02 if the folder cannot
            be used.
        RuntimeError: T11 if one of several processes died.

    Examples:
        >>> import tempfile
        >>> folder = Path(tempfile.mkdtemp())
        >>> short = ["data=story-ko", "steps=1", "hidden_size=8"]
        >>> run("char-rnn", short, out=folder)
        the story of this package: ...
        0

    Source:
        This project.

    Differs:
        nothing
    """
    which = _recipe(recipe)
    if out is not None and resume is not None:
        raise PfsValueError(
            "A03",
            where="pfs train",
            expected="--out for a new run or --resume for an old one",
            got="both",
            todo="leave one of them out; a resumed run stays in its folder",
        )
    config = which.config()
    if resume is not None:
        config = _config_of(which, resume)
    config = with_settings(config, settings)
    folder = resume or choose_folder(out, f"{recipe}-{_short(config.data)}")
    if processes > 1 and "RANK" not in os.environ:
        return _launch(which, settings, folder, resume, override, processes)

    from pfs.commands.running import carry_out

    try:
        return carry_out(which, config, folder, resume is not None, override)
    except PfsError:
        with suppress(OSError):
            folder.rmdir()  # if nothing came of it: it is empty
        raise


def evaluate(folder: Path | None = None) -> int:
    """Judge a saved model again.

    Args:
        folder: Where it was saved; the last one below `runs` if `None`.

    Returns:
        The exit code: 0 if it is as good as its result says, else 1.

    Raises:
        OSError: M01 if there is no saved model.
        ValueError: T07 if its data are not what they were.

    Examples:
        >>> evaluate(Path("no such folder"))
        Traceback (most recent call last):
        ...
        pfs.errors.PfsFileError: M01: a saved model cannot be read
          ...

    Source:
        This project.

    Differs:
        nothing
    """
    from pfs.training.saved import kind_of, last_saved

    place = folder or last_saved(Path("runs"))
    measured = _recipe(kind_of(place)).load().evaluate(place)
    floors = measured.pop("floors", None)
    now, reported = measured.values()
    rows = {say("now"): now, say("reported"): reported}
    if floors:
        best = min(floors["ngrams"])
        rows[say("n-gram", n=floors["ngrams"].index(best) + 1)] = best
    for name, value in rows.items():
        printer.print(f"  {value:9.4f}  {name}")
    same: bool = abs(now - reported) <= 1e-4 * abs(reported)
    if not same:
        err.print(say("not-the-same"))
    return 0 if same else 1


def choose_folder(wanted: Path | None, name: str) -> Path:
    """Find a folder for a run before it is trained.

    Args:
        wanted: The folder that the user named; it must be new, empty, or hold
            an older run. `None` for a new one below `runs`.
        name: What the new one is called.

    Returns:
        The folder, which exists.

    Raises:
        OSError: M02 if the folder cannot be used.

    Examples:
        >>> import tempfile
        >>> empty = Path(tempfile.mkdtemp())
        >>> choose_folder(empty, "x") == empty
        True

    Source:
        This project.

    Differs:
        nothing
    """
    base = Path("runs") / name
    names = (base.with_name(f"{name}-{i}") for i in itertools.count(2))
    free = (
        path for path in itertools.chain([base], names) if not path.exists()
    )
    folder = next(free) if wanted is None else wanted
    if os.environ.get("RANK", "0") != "0":
        return folder  # the first process makes it
    try:
        folder.mkdir(parents=True, exist_ok=True)
        strangers = [
            entry.name
            for entry in folder.iterdir()
            if not entry.name.startswith(OURS)
        ]
    except OSError as error:
        strangers = [(error.strerror or str(error)).lower()]
    if strangers:
        raise PfsFileError(
            "M02",
            where=str(folder),
            expected="a folder that is new, empty, or holds a run",
            got=", ".join(sorted(strangers)[:3]),
            todo="choose another folder: --out DIR",
        )
    return folder


OURS = ("model.", "result.", "log.jsonl", "checkpoints", "events")
"""How the names begin that a run writes into its folder."""


def _recipe(name: str) -> Recipe:
    return RECIPES[pick("RECIPE", name, RECIPES)]


def _short(data: str) -> str:
    return Path(data).stem or "text"


def _config_of(recipe: Recipe, folder: Path) -> Any:
    """Take the settings of a run that shall go on."""
    from pfs.recipes.running import saved_config

    saved = saved_config(folder)["config"]
    try:
        return type(recipe.config())(**saved)
    except TypeError:
        raise PfsFileError(
            "M01",
            where=str(folder),
            expected=f"a run of {recipe.name}",
            got="settings of another recipe or version",
            todo="resume it with the recipe that began it: pfs train RECIPE",
        ) from None


def _launch(
    recipe: Recipe,
    settings: list[str],
    folder: Path,
    resume: Path | None,
    override: bool,
    processes: int,
) -> int:
    from pfs.training.launch import launch

    command = ["-m", "pfs", "train", recipe.name]
    command += [word for s in settings for word in ("--set", s)]
    command += ["--resume" if resume else "--out", str(folder)]
    command += ["--override"] if override else []
    return launch(command, processes)
