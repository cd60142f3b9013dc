"""What results say is whole, and nothing else is believed."""

import json
import shutil
from pathlib import Path

import pytest

from pfs import results
from pfs.errors import PfsValueError

FOLDER = Path(__file__).parents[2] / "results"


def test_our_results_are_whole():
    runs = results.load(FOLDER)
    found = results.summaries(runs)
    texts = [s for s in found if s.recipe == "char-rnn"]
    assert {len(s.runs) for s in texts} == {3}
    assert all([r.seed for r in s.runs] == [0, 1, 2] for s in texts)
    for run in runs:
        commit = run.commit
        assert len(commit) == 40
        if run.recipe == "char-rnn":
            stem = f"{run.data['name']}-seed{run.seed}"
            assert run.path.stem == stem


def test_a_summary_is_the_mean_and_the_sample_deviation():
    for summary in results.summaries(results.load(FOLDER)):
        if summary.recipe != "char-rnn":
            continue
        values = summary.values("held_out_perplexity")
        mean = sum(values) / 3
        square = sum((v - mean) ** 2 for v in values) / 2
        assert summary.mean("held_out_perplexity") == pytest.approx(mean)
        deviation = summary.deviation("held_out_perplexity")
        assert deviation == pytest.approx(square**0.5)
        order, floor = summary.best_ngram
        ngrams = summary.runs[0].metrics["floors"]["ngrams"]
        assert floor == ngrams[order - 1] == min(ngrams)


@pytest.fixture
def copy(tmp_path):
    shutil.copytree(FOLDER / "char-rnn", tmp_path / "char-rnn")
    return tmp_path


def changed(folder, **changes):
    path = sorted((folder / "char-rnn").glob("*.json"))[0]
    content = json.loads(path.read_text("utf-8"))
    for key, value in changes.items():
        if value is None:
            del content[key]
        else:
            content[key] = value
    path.write_text(json.dumps(content), "utf-8")
    return folder


@pytest.mark.parametrize(
    ("changes", "word"),
    [
        *[({key: None}, key) for key in results.KEYS if key != "data"],
        ({"corpus": None}, "data"),
        ({"corpus": {"name": "x"}}, "title"),
        ({"seed": "0"}, "seed"),
        ({"seed": True}, "seed"),
        ({"commit": "uncommitted"}, "commit"),
        ({"wall_seconds": float("nan")}, "finite"),
        ({"metrics": []}, "metrics"),
    ],
)
def test_a_file_that_is_not_whole_is_named(changes, word, copy):
    with pytest.raises(PfsValueError) as caught:
        results.load(changed(copy, **changes))
    assert caught.value.code == "K01"
    assert word in str(caught.value)


@pytest.mark.parametrize("text", ["", "[]", "{", '{"recipe": 1}'])
def test_what_is_no_result_is_refused(text, copy):
    (copy / "char-rnn" / "new.json").write_text(text, "utf-8")
    with pytest.raises(PfsValueError, match=r"new\.json"):
        results.load(copy)


def test_runs_that_differ_in_more_than_the_seed_are_refused(copy):
    path = sorted((copy / "char-rnn").glob("*.json"))[1]
    content = json.loads(path.read_text("utf-8"))
    content["config"]["lr"] = 0.123
    path.write_text(json.dumps(content), "utf-8")
    with pytest.raises(PfsValueError, match="config, lr"):
        results.summaries(results.load(copy))
