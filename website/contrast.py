"""The page of results: methods of contrastive learning, side by side."""

import statistics
from collections.abc import Iterable
from typing import Any

from pfs import ledger, papers
from pfs.results import Summary
from website.generated import name_of, words

COLUMNS = (
    *("knn", "best", "changed", "linear", "vectors"),
    *("alignment", "uniformity"),
)
VOTES = "k=20"
FLOORS = {"random": ("random",), "pixels": ("pixels", "centred")}


def method_name(summary: Summary, lang: str) -> str:
    """Return what the paper of a method is called in menus."""
    return name_of(papers.load()[summary.model.replace("-", "_")], lang)


def table(
    models: tuple[Summary, ...], names: list[str], lang: str
) -> list[str]:
    """Return what each method reached, what it must be above, and a verdict."""
    head = [words(lang, "results_what")]
    head += [words(lang, f"contrast_{column}") for column in COLUMNS]
    rows = [head, ["---", *["---:"] * len(COLUMNS)]]
    for one, name in zip(models, names, strict=True):
        found = [_row(run.metrics) for run in one.runs]
        spread = [_spread(values) for values in zip(*found, strict=True)]
        rows.append([name, spread[0], f"{best_of(one):.3f}", *spread[1:]])
    for floor, kinds in FLOORS.items():
        of = [r.metrics["floors"] for one in models for r in one.runs]
        best = statistics.fmean(_best(f[k] for k in kinds) for f in of)
        knn, changed, linear = (
            _spread(sorted({f[kind][k] for f in of}))
            for kind, k in (
                *((floor, VOTES), ("changed", VOTES)),
                (floor, "linear"),
            )
        )
        cells = [knn, f"{best:.3f}", changed, linear, "", "", ""]
        cells[2] *= floor == "pixels"  # measured of the pixels only
        rows.append([words(lang, f"contrast_{floor}"), *cells])
    lines = "\n".join(f"| {' | '.join(row)} |" for row in rows)
    return [lines, words(lang, "contrast_note"), *_verdicts(models, lang)]


def best_of(summary: Summary) -> float:
    """Return the mean of the runs, with the best number of neighbours."""
    votes = summary.runs[0].metrics["features"]
    return max(summary.mean(f"features.{k}") for k in votes)


def floor_of(summary: Summary) -> float:
    """Return the best that neighbours reach on pixels, with any number."""
    floors = summary.runs[0].metrics["floors"]
    return _best(floors[kind] for kind in FLOORS["pixels"])


def _best(votes: Iterable[dict[str, float]]) -> float:
    return max(v for f in votes for k, v in f.items() if k != "linear")


def _row(metrics: Any) -> list[float]:
    return [
        metrics["knn"],
        metrics["changed"][VOTES],
        metrics["linear"],
        metrics["embeddings"][VOTES],
        metrics["alignment"],
        metrics["uniformity"],
    ]


def _spread(values: Any) -> str:
    mean = f"{statistics.fmean(values):.3f}"
    if len(values) < 2:
        return mean
    return f"{mean} ± {statistics.stdev(values):.3f}"


def _verdicts(models: tuple[Summary, ...], lang: str) -> list[str]:
    """Say which methods are above the pixels, and by how much."""
    floor, said = floor_of(models[0]), []
    comma = "、" if lang == "zh" else ", "
    for verdict, wanted in (("above", True), ("not_above", False)):
        names = [
            f"{method_name(one, lang)} ({best_of(one) - floor:+.3f})"
            for one in models
            if (best_of(one) > floor) is wanted
        ]
        if names:
            key, listed = f"contrast_{verdict}", comma.join(names)
            of = {"models": listed, "floor": f"{floor:.3f}"}
            said.append(words(lang, key, **of))
            if not wanted:
                said.append(words(lang, "contrast_epochs", **_seen(models[0])))
    found = [one.mean(f"changed.{VOTES}") for one in models]
    numbers = {
        "low": min(found),
        "high": max(found),
        "clean": models[0].mean(f"floors.pixels.{VOTES}"),
        "pixels": models[0].mean(f"floors.changed.{VOTES}"),
    }
    of = {name: f"{value:.3f}" for name, value in numbers.items()}
    return [*said, words(lang, "contrast_why", **of)]


def _seen(summary: Summary) -> dict[str, str]:
    """Say how often a run saw each picture, and how often the papers do."""
    run = summary.runs[0]
    batches = run.config["steps"] * run.config["batch_size"]
    return {
        "n": f"{batches / run.metrics['train_images']:.0f}",
        "low": ledger.show("inst-disc-epochs"),
        "high": ledger.show("simclr-epochs-longest"),
    }
