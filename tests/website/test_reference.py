"""The pages of errors, data and results say the same in three languages."""

import json
import re
import shutil

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
    for models in results.compared(results.load(page.ROOT / "results")):
        place = f"{{ #{models[0].recipe}-{models[0].name} }}"
        assert english.count(place) == 1
        section = english.split(place)[1]
        section = section.split("### ")[0]
        for summary in models:
            if summary.recipe != "char-rnn":
                continue
            metric = "held_out_perplexity"
            mean, spread = summary.mean(metric), summary.deviation(metric)
            assert f"**{mean:.2f}**" in section
            several = len(summary.runs) > 1
            assert (f"**{mean:.2f}** ± {spread:.2f}" in section) is several
            verdict = "Below" if mean < summary.best_ngram[1] else "Not below"
            line = section.split(f"**{verdict}**")[1].split("\n")[0]
            names = line.split(": ")[1].split(".")[0].split(", ")
            assert summary.model.replace("-layer ", "").upper() in [
                name.replace("-layer ", "") for name in names
            ]
    for lang in LANGUAGES:
        text = page.results_page(lang)
        numbers = [
            sorted(NUMBER.findall(one.replace("**seq2seq**", "")))
            for one in (text, english)
        ]
        assert numbers[0] == numbers[1]


@pytest.fixture
def two_models(tmp_path):
    """Results in which an LSTM of two layers read what an RNN read."""
    (tmp_path / "char-rnn").mkdir()
    for run in results.load(page.ROOT / "results"):
        if run.model == "rnn":
            shutil.copy(run.path, tmp_path / "char-rnn")
    for path in [*(tmp_path / "char-rnn").glob("hulanhe*.json")]:
        content = json.loads(path.read_text("utf-8"))
        content["config"] |= {"cell": "lstm", "num_layers": 2, "window": 32}
        content["metrics"]["held_out_perplexity"] += 9
        path = path.with_stem(path.stem.replace("seed", "other-seed"))
        path.write_text(json.dumps(content), "utf-8")
    return tmp_path


@pytest.mark.parametrize(
    ("lang", "name", "words"),
    [
        ("en", "2-layer LSTM", ("**Below** the best", "**Not below** the")),
        ("ko", "2층 LSTM", ("보다 **낮은** 모델", "**낮지 않은** 모델")),
        ("zh", "2层LSTM", ("**低于**最好", "**没有低于**最好")),
    ],
)
def test_models_that_read_the_same_text_stand_side_by_side(
    two_models, lang, name, words
):
    text = page.results_page(lang, two_models)
    assert text.count("{ #char-rnn-hulanhe-zhuan }") == 1
    section = text.split("{ #char-rnn-hulanhe-zhuan }")[1].split("### ")[0]
    table = section.split("<figure")[0]
    assert table.index("**RNN**") < table.index(f"**{name}**")
    assert all(part in table for part in words)
    assert f"{name}</text>" in section
    assert "`cell=lstm`" in section


@pytest.mark.parametrize(
    ("lang", "model", "kind"),
    [
        ("en", "additive attention", "never seen: numbers of 5 digits"),
        ("ko", "가산 어텐션", "학습에 없던 것: 5자리 수"),
        ("zh", "加性注意力", "训练中没有的：5位数"),
    ],
)
def test_translations_are_scored_model_by_model(lang, model, kind):
    text = page.results_page(lang)
    section = text.split("{ #translate-numbers }")[1].split("### ")[0]
    head, line, *rows = section.strip().split("\n")
    assert kind in head
    assert len({row.count("|") for row in (head, line, *rows[:3])}) == 1
    for models in results.compared(results.load(page.ROOT / "results")):
        if (models[0].recipe, models[0].name) != ("translate", "numbers"):
            continue
        for one, row in zip(models, rows, strict=False):
            assert f"{one.mean('exact'):.3f}" in row
        assert f"**{model}**" in rows[1]
        source, wanted, written = models[-1].runs[0].metrics["examples"][0]
        assert f"| {source} | {wanted} | {written} |" in section


@pytest.fixture
def methods(tmp_path):
    """Runs of two methods, one of them with two seeds."""
    template = next(
        json.loads(path.read_text("utf-8"))
        for path in sorted((page.ROOT / "results" / "raw-pixels").glob("*"))
    )
    floor = {"k=1": 0.8, "k=20": 0.7, "k=200": 0.6, "linear": 0.9}
    floors = {name: floor for name in ("pixels", "random")}
    floors["centred"] = {k: floor[k] for k in ("k=1", "k=20", "k=200")}
    floors["changed"] = {"k=20": 0.3}
    (tmp_path / "contrast").mkdir()
    for method, seed, knn, nearest in (
        ("moco-v2", 0, 0.85, 0.95),  # one neighbour is best here, not in mean
        ("moco-v2", 1, 0.95, 0.65),
        ("inst-disc", 0, 0.75, 0.7),
    ):
        metrics = {
            **{"knn": knn, "linear": 0.9, "embeddings": {"k=20": 0.5}},
            **{"features": {"k=1": nearest, "k=20": knn, "k=200": 0.1}},
            **{"alignment": 0.2, "uniformity": -2.5, "floors": floors},
            **{"changed": {"k=20": knn - 0.25}, "train_images": 50},
            **{"parameters": 5, "steps": 7},
        }
        config = {"method": method, "seed": seed, "data": "digits"}
        config |= {"steps": 7, "batch_size": 64}
        content = {"recipe": "contrast", "seed": seed, "config": config}
        content = template | content | {"metrics": metrics}
        path = tmp_path / "contrast" / f"digits-{method}-seed{seed}.json"
        path.write_text(json.dumps(content), "utf-8")
    return tmp_path


@pytest.mark.parametrize(
    ("lang", "above", "below"),
    [
        ("en", "is **above** the best", "is **not above** the best"),
        ("ko", "**높은** 방법", "**높지 않은** 방법"),
        ("zh", "kNN**高于**", "kNN**没有高于**"),
    ],
)
def test_methods_stand_side_by_side_above_their_floors(
    methods, lang, above, below
):
    text = page.results_page(lang, methods)
    _, _, first, second, random, pixels, *_ = [
        line for line in text.split("\n") if line.startswith("|")
    ]
    assert "**InstDisc**" in first
    assert "| 0.750 | 0.750 | 0.500 | 0.900 | 0.500 | 0.200 | -2.500 |" in first
    assert "**MoCo v2**" in second
    assert "| 0.900 ± 0.071 | 0.900 | 0.650 ± 0.071 | 0.900 ± 0.000 |" in second
    assert "| 0.700 | 0.800 |  | 0.900 |  |  |  |" in random
    assert "| 0.700 | 0.800 | 0.300 | 0.900 |  |  |  |" in pixels
    said = {
        words: next(line for line in text.split("\n") if words in line)
        for words in (above, below)
    }
    assert "0.800" in said[above]
    assert "MoCo v2 (+0.100)" in said[above]
    assert "InstDisc (-0.050)" in said[below]
    assert "InstDisc" not in said[above]
    why, fall = text.split(said[below])[1].strip().split("\n\n")[:2]
    assert re.findall(r"[\d,.]*\d", why) == ["9", "200", "1,000"]
    assert re.findall(r"0\.\d+", fall) == ["0.700", "0.300", "0.500", "0.650"]


def test_a_spread_needs_two_runs():
    assert page._spread([0.25]) == "0.250"
    assert page._spread([0.0, 0.5]) == "0.250 ± 0.354"
    assert page._spread([20.0, 30.0]) == "25.00 ± 7.07"


def test_a_curve_is_drawn_for_every_seed(two_models):
    found = results.compared(results.load(two_models))
    assert {len(models) for models in found} == {1, 2}
    for models in found:
        svg = page.curves(models, "ko")
        assert "점선" in svg
        lines = re.findall(r'<polyline points="([^"]+)"', svg)
        long = [line for line in lines if len(line.split()) == 10]
        assert len(long) == 3 * len(models)
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
