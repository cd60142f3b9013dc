"""The page of results: what runs measured, beside what is known."""

import math
import re
import statistics
from html import escape
from pathlib import Path
from typing import Any

from pfs import ledger, results
from pfs.commands.words import load as meanings
from pfs.recipes import RECIPES
from pfs.results import Run, Summary
from website import ROOT, contrast
from website.figures import Drawing
from website.generated import words

PUBLISHED = {
    ("char-rnn", "time-machine-letters"): ("d2l-rnn-validation-perplexity",)
}
"""Numbers of the ledger that were measured on the same data."""
PROVENANCE = {"seed", "data"}
METRIC = "held_out_perplexity"
SCORES = {"bleu", "exact", "exact_match", "f1"}
"""Scores of whole answers; each has its words."""
NESTED = ("further", "directions", "languages")
"""Scores by kind."""
COLOURS = (1, 3, 4, 5, 6)
"""Of the models in a figure; 2 is the n-gram's."""
Models = tuple[Summary, ...]


def results_page(lang: str, folder: Path = ROOT / "results") -> str:
    """Return what every recipe reached, with floors and published numbers."""
    parts = [
        f"# {words(lang, 'results_title')}",
        words(lang, "results_intro"),
    ]
    recipe = ""
    for models in results.compared(results.load(folder)):
        if models[0].recipe != recipe:
            recipe = models[0].recipe
            parts.append(f"## `{recipe}` {{ #{recipe} }}")
            parts.append(meanings()[f"recipe.{recipe}"][lang])
        parts += _section(models, lang)
    return "\n\n".join(parts) + "\n"


def _section(models: Models, lang: str) -> list[str]:
    summary, first = models[0], models[0].runs[0]
    head = f"### {first.data['title']} {{ #{summary.recipe}-{summary.name} }}"
    if SCORES & first.metrics.keys():
        made = (_made(one, lang) for one in models)
        return [head, *_scores(models, lang), *made]
    if summary.recipe == "contrast":
        names = [_ours(one, lang) for one in models]
        made = (_made(one, lang) for one in models)
        return [head, *contrast.table(models, names, lang), *made]
    if "floors" not in first.metrics:
        return [head, _accuracies(summary, lang), _made(summary, lang)]
    order, floor = summary.best_ngram
    floors = first.metrics["floors"]
    rows = [
        (
            _ours(one, lang),
            _measured(one),
        )
        for one in models
    ]
    rows += [
        *_gaps(summary, lang),
        (words(lang, "results_ngram", n=order), f"{floor:.2f}"),
        (words(lang, "results_unigram"), f"{floors['ngrams'][0]:.2f}"),
        (words(lang, "results_uniform"), f"{floors['uniform']:,.0f}"),
    ]
    published = PUBLISHED.get((summary.recipe, summary.name), ())
    for id in published:
        entry = ledger.load()[id]
        label = words(lang, "results_published", where=entry.where)
        rows.append((label, ledger.show(id)))
    parts = [
        head,
        _table(words(lang, "results_perplexity"), rows, lang),
        *_verdicts(models, lang),
    ]
    if not published:
        parts.append(words(lang, "results_none"))
    figure = curves(models, lang)
    parts.append(f'<figure class="pfs-figure">{figure}</figure>')
    return [*parts, *(_made(one, lang) for one in models)]


def _gaps(summary: Summary, lang: str) -> list[tuple[str, str]]:
    """Return what a model that fills gaps is held against, if it is one."""
    between = summary.runs[0].metrics["floors"].get("between")
    if between is None:
        return []
    left = "left_perplexity"
    reached = f"{summary.mean(left):.2f} ± {summary.deviation(left):.2f}"
    best = min(between["perplexities"])
    return [
        (words(lang, "results_left"), reached),
        (words(lang, "results_between"), f"{best:.2f}"),
    ]


def _name(summary: Summary, lang: str) -> str:
    """Return what a model is called: RNN, 2-layer LSTM."""
    if summary.recipe == "translate":
        return words(lang, f"model_{summary.model}")
    if summary.recipe == "contrast":
        return contrast.method_name(summary, lang)
    layers, _, cell = summary.model.rpartition("-layer ")
    if not layers:
        return cell.upper() or summary.recipe
    return words(lang, "results_layers", n=layers, cell=cell.upper())


def _ours(summary: Summary, lang: str) -> str:
    """Name a model of ours, and say how often it was trained."""
    count = len(summary.runs)
    how = "results_ours" if count > 1 else "results_once"
    return words(lang, how, model=_name(summary, lang), n=count)


def _measured(summary: Summary) -> str:
    """Write the mean, and the deviation if there is one."""
    mean = f"**{summary.mean(METRIC):.2f}**"
    if len(summary.runs) < 2:
        return mean
    return f"{mean} ± {summary.deviation(METRIC):.2f}"


def _verdicts(models: Models, lang: str) -> list[str]:
    """Say which models are below the best n-gram, and which are not."""
    floor, gaps = models[0].best_ngram[1], ""
    if between := models[0].runs[0].metrics["floors"].get("between"):
        floor, gaps = min(between["perplexities"]), "gaps_"
    below = [one.mean(METRIC) < floor for one in models]
    said = []
    for verdict, wanted in (("below", True), ("not_below", False)):
        names = [
            _name(one, lang)
            for one, is_below in zip(models, below, strict=True)
            if is_below is wanted
        ]
        if names:
            comma = "、" if lang == "zh" else ", "
            listed = comma.join(names)
            said.append(words(lang, f"results_{gaps}{verdict}", models=listed))
    return said


def _scores(models: Models, lang: str) -> list[str]:
    """Return shares of right answers: a row a model, a column a score."""
    first = models[0].runs[0].metrics
    kinds = [kind for kind in sorted(SCORES) if kind in first]
    parts = [(kind, key) for kind in NESTED for key in first.get(kind, ())]
    head = [words(lang, "results_what")]
    head += [words(lang, f"score_{kind}") for kind in kinds]
    head += [
        words(lang, f"score_{kind}", part=_kind(key, lang))
        for kind, key in parts
    ]
    rows = [head, ["---", *["---:"] * (len(head) - 1)]]
    for one in models:
        name = _ours(one, lang)
        cells = [_spread([run.metrics[k] for run in one.runs]) for k in kinds]
        cells += [
            _spread([run.metrics[kind][key] for run in one.runs])
            for kind, key in parts
        ]
        rows.append([name, *cells])
    table = "\n".join(f"| {' | '.join(row)} |" for row in rows)
    return [table, *_examples(models[-1].runs[0], lang)]


def _kind(key: str, lang: str) -> str:
    """Say which kind of answers a score is about, in words of the page."""
    if digits := re.fullmatch(r"(\d+) digits", key):
        return words(lang, "score_digits", n=digits[1])
    if years := re.fullmatch(r"(\d+) to (\d+)", key):
        return words(lang, "score_years", first=years[1], last=years[2])
    return key


def _spread(values: list[float]) -> str:
    """Write mean and deviation; shares as they are, other scores shorter."""
    digits = 3 if max(values) <= 1 else 2
    mean = f"{statistics.fmean(values):.{digits}f}"
    if len(values) < 2:
        return mean
    return f"{mean} ± {statistics.stdev(values):.{digits}f}"


def _examples(run: Run, lang: str) -> list[str]:
    """Show what a model wrote, right or wrong."""
    some = run.metrics.get("examples", [])[:5]
    if not some:
        return []
    names = ("example_given", "example_wanted", "example_written")
    rows = [[words(lang, name) for name in names], ["---"] * 3, *some]
    lines = (" | ".join(_cell(text) for text in row) for row in rows)
    return ["\n".join(f"| {line} |" for line in lines)]


def _cell(text: str) -> str:
    return text if text == "---" else escape(text).replace("|", "&#124;")


def _accuracies(summary: Summary, lang: str) -> str:
    """Return a table of accuracies: a row a kind of pixels, a column a k."""
    metrics = summary.runs[0].metrics
    kinds = list(dict.fromkeys(key.split(", ")[0] for key in metrics))
    counts = list(dict.fromkeys(key.split(", ")[1] for key in metrics))
    head = [words(lang, "results_accuracy"), *counts]
    lines = [head, ["---", *["---:"] * len(counts)]]
    for kind in kinds:
        values = [f"{metrics[f'{kind}, {k}']:.3f}" for k in counts]
        lines.append([words(lang, f"pixels_{kind}"), *values])
    return "\n".join(f"| {' | '.join(line)} |" for line in lines)


def _table(title: str, rows: list[tuple[str, str]], lang: str) -> str:
    head = f"| {words(lang, 'results_what')} | {title} |\n|---|---:|\n"
    return head + "\n".join(f"| {name} | {value} |" for name, value in rows)


def _made(summary: Summary, lang: str) -> str:
    run = summary.runs[0]
    seconds = sum(r.wall_seconds for r in summary.runs) / len(summary.runs)
    default = RECIPES[summary.recipe].config()
    changed = ", ".join(
        f"`{key}={value}`"
        for key, value in run.config.items()
        if key not in PROVENANCE and getattr(default, key, None) != value
    )
    size = ""
    if "parameters" in run.metrics:
        size = words(
            lang,
            "results_size",
            parameters=f"{run.metrics['parameters']:,}",
            steps=f"{run.metrics['steps']:,}",
        )
    made = size + words(
        lang,
        "results_made",
        seconds=f"{seconds:.0f}",
        device=run.platform["device"],
        threads=run.platform["threads"],
        cores=run.platform["cores"],
        torch=run.versions["torch"],
        python=run.versions["python"],
        date=run.date,
        commit=run.commit[:12],
        licence=run.data["licence"],
    )
    colon = "：" if lang == "zh" else ": "
    if changed:
        made += f"\n\n{words(lang, 'results_settings')}{colon}{changed}"
    return f"**{_name(summary, lang)}**{colon}{made}" if summary.model else made


def _curve(run: Run) -> list[tuple[float, float]]:
    """Return how many symbols were read, and the perplexity after them."""
    config, metrics = run.config, run.metrics
    window = config.get("window") or config["stretch"]
    size = window * metrics["batch_size"] * config["accumulate"]
    return [(p["step"] * size, p["held_out"]) for p in metrics["curve"]]


def curves(models: Models, lang: str) -> str:
    """Draw the held-out perplexity of every run against what it has read."""
    left, right, top, bottom = 46, 348, 12, 180
    lines = [[_curve(run) for run in one.runs] for one in models]
    order, floor = models[0].best_ngram
    points = [p for model in lines for curve in model for p in curve]
    every = [value for _, value in points] + [floor]
    low, high = math.log(min(every) * 0.94), math.log(max(every) * 1.04)
    last = max(read for read, _ in points)

    def place(read: float, value: float) -> tuple[float, float]:
        x = left + (right - left) * read / last
        share = (math.log(value) - low) / (high - low)
        return x, bottom - (bottom - top) * share

    alt = words(lang, "results_alt", name=models[0].runs[0].data["title"])
    drawing = Drawing(360, 216, models[0].name)
    for value in _ticks(math.exp(low), math.exp(high)):
        y = place(0, value)[1]
        drawing.text(left - 8, y, f"{value:g}", size=11, anchor="end")
        drawing.parts.append(_line([(left, y), (right, y)], 0, 0.15, ""))
    for read in (0, last / 2, last):
        x, end = place(read, floor)[0], "end" if read == last else "middle"
        drawing.text(x, bottom + 14, f"{read:,.0f}", size=11, anchor=end)
    drawing.text((left + right) / 2, bottom + 30, words(lang, "results_read"))
    ends = [place(0, floor), place(last, floor)]
    drawing.parts.append(_line(ends, 2, 1.4, "5 4"))
    drawing.text(
        right, ends[1][1] - 9, f"{order}-gram", size=11, n=2, anchor="end"
    )
    for row, (one, drawn, n) in enumerate(
        zip(models, lines, COLOURS, strict=False)
    ):
        name, y = _name(one, lang), top + 6 + 15 * row
        drawing.text(right, y, name, size=11, n=n, anchor="end")
        for curve in drawn:
            path = [place(*point) for point in curve]
            drawing.parts.append(_line(path, n, 1.4, ""))
    label = f'<svg role="img" aria-label="{escape(alt)}"'
    return drawing.svg().replace("<svg", label, 1)


def _line(points: Any, n: int, width: float, dash: str) -> str:
    where = " ".join(f"{x:.1f},{y:.1f}" for x, y in points)
    colour = f"var(--pfs-{n})" if n else "currentColor"
    dashes = f' stroke-dasharray="{dash}"' if dash else ""
    faint = ' stroke-opacity="0.2"' if n == 0 else ""
    return (
        f'<polyline points="{where}" fill="none" style="stroke:{colour}" '
        f'stroke-width="{max(width, 1):g}"{dashes}{faint}/>'
    )


def _ticks(low: float, high: float) -> list[float]:
    """Three to seven round numbers between two others."""
    for width in (k * 10.0**e for e in range(-2, 6) for k in (1, 2, 5)):
        first = math.ceil(low / width)
        found = [n * width for n in range(first, int(high / width) + 1)]
        if len(found) < 8:
            return found
    return []
