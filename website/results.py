"""The page of results: what runs measured, beside what is known."""

import math
from html import escape
from pathlib import Path
from typing import Any

from pfs import ledger, results
from pfs.commands.words import load as meanings
from pfs.recipes import RECIPES
from pfs.results import Summary
from website import ROOT
from website.figures import Drawing
from website.generated import words

PUBLISHED = {
    ("char-rnn", "time-machine-letters"): ("d2l-rnn-validation-perplexity",)
}
"""Numbers of the ledger that were measured on the same data."""
PROVENANCE = {"seed", "data"}


def results_page(lang: str, folder: Path = ROOT / "results") -> str:
    """Return what every recipe reached, with floors and published numbers."""
    parts = [
        f"# {words(lang, 'results_title')}",
        words(lang, "results_intro"),
    ]
    recipe = ""
    for summary in results.summaries(results.load(folder)):
        if summary.recipe != recipe:
            recipe = summary.recipe
            parts.append(f"## `{recipe}` {{ #{recipe} }}")
            parts.append(meanings()[f"recipe.{recipe}"][lang])
        parts += _section(summary, lang)
    return "\n\n".join(parts) + "\n"


def _section(summary: Summary, lang: str) -> list[str]:
    first = summary.runs[0]
    head = f"### {first.data['title']} {{ #{summary.name} }}"
    if "floors" not in first.metrics:
        return [head, _accuracies(summary, lang), _made(summary, lang)]
    metric = "held_out_perplexity"
    order, floor = summary.best_ngram
    floors = first.metrics["floors"]
    rows = [
        (
            words(lang, "results_ours", n=len(summary.runs)),
            f"**{summary.mean(metric):.2f}** ± {summary.deviation(metric):.2f}",
        ),
        (words(lang, "results_ngram", n=order), f"{floor:.2f}"),
        (words(lang, "results_unigram"), f"{floors['ngrams'][0]:.2f}"),
        (words(lang, "results_uniform"), f"{floors['uniform']:,.0f}"),
    ]
    published = PUBLISHED.get((summary.recipe, summary.name), ())
    for id in published:
        entry = ledger.load()[id]
        label = words(lang, "results_published", where=entry.where)
        rows.append((label, ledger.show(id)))
    verdict = "below" if summary.mean(metric) < floor else "not_below"
    parts = [
        head,
        _table(words(lang, "results_perplexity"), rows, lang),
        words(lang, f"results_{verdict}"),
    ]
    if not published:
        parts.append(words(lang, "results_none"))
    figure = curves(summary, lang)
    parts.append(f'<figure class="pfs-figure">{figure}</figure>')
    return [*parts, _made(summary, lang)]


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
    if changed:
        colon = "：" if lang == "zh" else ": "
        made += f"\n\n{words(lang, 'results_settings')}{colon}{changed}"
    return made


def curves(summary: Summary, lang: str) -> str:
    """Draw the held-out perplexity of every run against its steps."""
    left, right, top, bottom = 46, 348, 12, 180
    points = [run.metrics["curve"] for run in summary.runs]
    order, floor = summary.best_ngram
    every = [p["held_out"] for curve in points for p in curve] + [floor]
    low, high = math.log(min(every) * 0.94), math.log(max(every) * 1.04)
    steps = max(p["step"] for curve in points for p in curve)

    def place(step: float, value: float) -> tuple[float, float]:
        x = left + (right - left) * step / steps
        share = (math.log(value) - low) / (high - low)
        return x, bottom - (bottom - top) * share

    alt = words(lang, "results_alt", name=summary.runs[0].data["title"])
    drawing = Drawing(360, 216, summary.name)
    for value in _ticks(math.exp(low), math.exp(high)):
        y = place(0, value)[1]
        drawing.text(left - 8, y, f"{value:g}", size=11, anchor="end")
        drawing.parts.append(_line([(left, y), (right, y)], 0, 0.15, ""))
    for step in (0, steps / 2, steps):
        x = place(step, floor)[0]
        drawing.text(x, bottom + 14, f"{step:,.0f}", size=11)
    drawing.text((left + right) / 2, bottom + 30, words(lang, "results_steps"))
    ends = [place(0, floor), place(steps, floor)]
    drawing.parts.append(_line(ends, 2, 1.4, "5 4"))
    drawing.text(
        right, ends[1][1] - 9, f"{order}-gram", size=11, n=2, anchor="end"
    )
    for curve in points:
        path = [place(p["step"], p["held_out"]) for p in curve]
        drawing.parts.append(_line(path, 1, 1.4, ""))
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
