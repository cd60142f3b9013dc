"""The page of results: methods of contrastive learning, side by side."""

import statistics
from typing import Any

from pfs import papers
from pfs.results import Summary
from website.generated import name_of, words

COLUMNS = ("knn", "linear", "vectors", "alignment", "uniformity")
VOTES = "k=20"


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
        spread = (_spread(values) for values in zip(*found, strict=True))
        rows.append([name, *spread])
    for floor in ("random", "pixels"):
        of = [r.metrics["floors"][floor] for one in models for r in one.runs]
        cells = [_spread(sorted({f[k] for f in of})) for k in (VOTES, "linear")]
        rows.append([words(lang, f"contrast_{floor}"), *cells, "", "", ""])
    lines = "\n".join(f"| {' | '.join(row)} |" for row in rows)
    return [lines, words(lang, "contrast_note"), *_verdicts(models, lang)]


def floor_of(summary: Summary) -> float:
    """Return the best that neighbours reach on pixels, with any number."""
    floors = summary.runs[0].metrics["floors"]
    kinds = (floors["pixels"], floors["centred"])
    return max(v for f in kinds for k, v in f.items() if k != "linear")


def _row(metrics: Any) -> list[float]:
    return [
        metrics["knn"],
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
            f"{method_name(one, lang)} ({one.mean('knn') - floor:+.3f})"
            for one in models
            if (one.mean("knn") > floor) is wanted
        ]
        if names:
            key, listed = f"contrast_{verdict}", comma.join(names)
            of = {"models": listed, "floor": f"{floor:.3f}"}
            said.append(words(lang, key, **of))
    return said
