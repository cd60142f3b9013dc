"""What recipes measured on real data: one JSON file a run.

A file that does not say where its numbers come from is refused.
"""

import json
import re
import statistics
from collections.abc import Iterable, Mapping
from dataclasses import asdict, dataclass
from pathlib import Path
from typing import Any, Final

from pfs.errors import PfsValueError
from pfs.recipes import RECIPES
from pfs.recipes.char_rnn_config import CELLS
from pfs.recipes.contrast_config import METHODS
from pfs.recipes.translate_config import MODELS

KEYS: Final[Mapping[str, type | tuple[type, ...]]] = {
    **dict.fromkeys(("recipe", "commit", "date"), str),
    **dict.fromkeys(("data", "config", "metrics"), dict),
    **dict.fromkeys(("versions", "platform", "processes"), dict),
    "seed": int,
    "wall_seconds": (int, float),
}
"""What every file holds."""
OF_DATA: Final = ("name", "title", "language", "licence", "sha256")
"""What every file says of its data."""


@dataclass(frozen=True)
class Run:
    """One run of a recipe.

    Source:
        `results/`

    Differs:
        nothing
    """

    path: Path
    recipe: str
    data: Mapping[str, Any]
    config: Mapping[str, Any]
    seed: int
    metrics: Mapping[str, Any]
    commit: str
    date: str
    versions: Mapping[str, str]
    platform: Mapping[str, Any]
    processes: Mapping[str, int]
    wall_seconds: float

    @property
    def model(self) -> str:
        """Its name: `rnn`, `2-layer lstm`, `2-layer skip-lstm`, ...; or ""."""
        cell, layers = _model(self)
        return f"{layers}-layer {cell}" if cell and layers > 1 else cell


@dataclass(frozen=True)
class Summary:
    """The runs of one model of a recipe on the same data, by their seeds.

    Source:
        `results/`

    Differs:
        nothing
    """

    recipe: str
    name: str
    """Of the data."""
    model: str
    """As `Run.model`."""
    runs: tuple[Run, ...]

    def values(self, metric: str) -> list[float]:
        """Return what each run measured.

        Args:
            metric: A key of `metrics`, or several with dots between them.

        Returns:
            One number a run.
        """
        found: list[Any] = [run.metrics for run in self.runs]
        for key in metric.split("."):
            found = [table[key] for table in found]
        return list(map(float, found))

    def mean(self, metric: str) -> float:
        """Return the mean over the seeds.

        Args:
            metric: As for `values`.

        Returns:
            The mean.
        """
        return statistics.fmean(self.values(metric))

    def deviation(self, metric: str) -> float:
        """Return the sample standard deviation over the seeds.

        Args:
            metric: As for `values`.

        Returns:
            The deviation; 0 for one run alone.
        """
        values = self.values(metric)
        return statistics.stdev(values) if len(values) > 1 else 0.0

    @property
    def best_ngram(self) -> tuple[int, float]:
        """The order and the perplexity of the best n-gram on the same text."""
        ngrams = self.runs[0].metrics["floors"]["ngrams"]
        return ngrams.index(min(ngrams)) + 1, min(ngrams)


def read(path: Path) -> Run:
    """Read the file of one run.

    Args:
        path: The file.

    Returns:
        The run.

    Raises:
        ValueError: K01, with file and key, if something is missing, of a
            wrong type, not finite, or not made from a commit.

    Examples:
        >>> read.__name__
        'read'

    Source:
        This project.

    Differs:
        nothing
    """
    try:
        content = json.loads(path.read_text("utf-8"), parse_constant=_infinite)
    except (ValueError, OSError) as error:
        raise _wrong(path, "the file", "JSON", str(error)) from None
    if not isinstance(content, dict):
        raise _wrong(path, "the file", "a table", type(content).__name__)
    content = {"data": content.get("corpus"), **content}
    for key, kind in KEYS.items():
        value = content.get(key)
        if not isinstance(value, kind) or isinstance(value, bool):
            raise _wrong(path, key, "what a run writes", repr(value)[:60])
    for key in OF_DATA:
        if key not in content["data"]:
            raise _wrong(path, f"data, {key}", "a text", "nothing")
    if not re.fullmatch("[0-9a-f]{40}|release", content["commit"]):
        raise _wrong(path, "commit", "a commit, or release", content["commit"])
    return Run(path=path, **{key: content[key] for key in KEYS})


def load(folder: Path = Path("results")) -> tuple[Run, ...]:
    """Read the files of all runs.

    Args:
        folder: Where they lie, one folder a recipe.

    Returns:
        The runs, by recipe, data and seed.

    Raises:
        ValueError: K01 if a file does not hold together.

    Examples:
        >>> load(Path("no such folder"))
        ()

    Source:
        This project.

    Differs:
        nothing
    """
    runs = [read(path) for path in sorted(folder.glob("*/*.json"))]
    return tuple(sorted(runs, key=_order))


def summaries(runs: Iterable[Run]) -> tuple[Summary, ...]:
    """Summarise the plainest model of each recipe; `compared` has the others.

    Args:
        runs: The runs.

    Returns:
        A summary for each recipe and data.

    Raises:
        ValueError: As `compared`.

    Examples:
        >>> summaries([])
        ()

    Source:
        This project.

    Differs:
        nothing
    """
    return tuple(models[0] for models in compared(runs))


def compared(runs: Iterable[Run]) -> tuple[tuple[Summary, ...], ...]:
    """Put the runs together that differ in the seed only, model by model.

    Args:
        runs: The runs.

    Returns:
        The models of each recipe on each data, the plainest first.

    Raises:
        ValueError: K01 if runs that belong together differ in more.

    Examples:
        >>> compared([])
        ()

    Source:
        This project.

    Differs:
        nothing
    """
    groups: dict[tuple[str, str], dict[str, list[Run]]] = {}
    for run in sorted(runs, key=_order):
        models = groups.setdefault((run.recipe, run.data["name"]), {})
        models.setdefault(run.model, []).append(run)
    for models in groups.values():
        for group in models.values():
            for run in group:
                _check_belongs(run, group[0], next(iter(models.values()))[0])
    return tuple(
        tuple(Summary(*key, model, tuple(g)) for model, g in models.items())
        for key, models in groups.items()
    )


def _check_belongs(run: Run, first: Run, rival: Run) -> None:
    """Refuse a run with other settings than its like, or other data."""
    ours, theirs = _whole_config(run), _whole_config(first)
    for key in sorted({*ours, *theirs} - {"seed"}):
        if (one := theirs.get(key)) != (two := ours.get(key)):
            raise _wrong(run.path, f"config, {key}", repr(one), two)
    if run.data["sha256"] != rival.data["sha256"]:
        raise _wrong(run.path, "data, sha256", "the same data", "other")


def _whole_config(run: Run) -> dict[str, Any]:
    """Return all settings: one that is younger than the run is as it was."""
    recipe = RECIPES.get(run.recipe)
    return (asdict(recipe.config()) if recipe else {}) | dict(run.config)


def _model(run: Run) -> tuple[str, int]:
    config = _whole_config(run)
    for key in ("model", "method"):
        if key in config:
            return config[key], 1
    cell, layers = config.get("cell", ""), config.get("num_layers", 1)
    return ("skip-" if config.get("skip") and layers > 1 else "") + cell, layers


def _order(run: Run) -> tuple[str, str, int, int, int]:
    kind, layers = _model(run)
    place = (*CELLS, *MODELS, *METHODS, kind).index(kind)
    return run.recipe, str(run.data["name"]), layers, place, run.seed


def _infinite(word: str) -> float:
    raise _wrong(Path(), "a number", "a finite number", word)


def _wrong(path: Path, key: str, expected: str, got: object) -> PfsValueError:
    return PfsValueError(
        "K01",
        where=f"{path.parent.name}/{path.name}, {key}",
        expected=expected,
        got=str(got),
        todo="results are written by pfs train, never by hand: run it again",
    )
