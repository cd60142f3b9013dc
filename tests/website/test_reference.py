"""The pages of errors, data and results say the same in three languages."""

import re

import pytest

from pfs import explain, results
from pfs.data.cards import names
from website import LANGUAGES, reference
from website import results as page

NUMBER = re.compile(r"\d[\d,.]*\d|\d")


@pytest.mark.parametrize("lang", LANGUAGES)
def test_every_code_and_every_data_set_has_its_place(lang):
    errors, data = reference.errors_page(lang), reference.data_page(lang)
    for code, one in explain.load().items():
        assert f"## {code}: {one.title[lang]} {{ #{code.lower()} }}" in errors
        assert one.example in errors
    for name in names():
        assert f"### `{name}` {{ #{name} }}" in data


def test_the_numbers_are_those_of_the_runs():
    english = page.results_page("en")
    for summary in results.summaries(results.load(page.ROOT / "results")):
        assert f"{{ #{summary.name} }}" in english
        if summary.recipe == "char-rnn":
            metric = "held_out_perplexity"
            mean, spread = summary.mean(metric), summary.deviation(metric)
            assert f"**{mean:.2f}** ± {spread:.2f}" in english
            below = mean < summary.best_ngram[1]
            section = english.split(f"{{ #{summary.name} }}")[1]
            section = section.split("### ")[0]
            assert ("**below**" in section) == below
            assert ("**not below**" in section) == (not below)
    for lang in LANGUAGES:
        text = page.results_page(lang)
        assert sorted(NUMBER.findall(text)) == sorted(NUMBER.findall(english))


def test_a_curve_is_drawn_for_every_seed():
    for summary in results.summaries(results.load(page.ROOT / "results")):
        if summary.recipe != "char-rnn":
            continue
        svg = page.curves(summary, "ko")
        assert "점선" in svg
        lines = re.findall(r'<polyline points="([^"]+)"', svg)
        long = [line for line in lines if len(line.split()) == 10]
        assert len(long) == 3
        for pair in " ".join(long).split():
            x, y = map(float, pair.split(","))
            assert 0 <= x <= 360
            assert 0 <= y <= 216


@pytest.mark.parametrize(
    ("low", "high"), [(4, 8), (70, 100), (12.5, 17), (1.2, 900), (0.3, 0.9)]
)
def test_an_axis_has_a_few_round_numbers(low, high):
    ticks = page._ticks(low, high)
    assert 2 <= len(ticks) <= 7
    assert all(low <= tick <= high for tick in ticks)
