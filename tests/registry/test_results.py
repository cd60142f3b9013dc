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
    found = [s for models in results.compared(runs) for s in models]
    for summary in found:
        if summary.recipe != "raw-pixels":
            seeds = [run.seed for run in summary.runs]
            assert seeds == [*range(len(seeds))], summary.name
        if summary.recipe == "char-rnn" and summary.model == "rnn":
            assert len(summary.runs) == 3
    for run in runs:
        commit = run.commit
        assert len(commit) == 40
        if run.recipe == "char-rnn":
            model = "" if run.model == "rnn" else f"-{run.model}"
            stem = f"{run.data['name']}{model}-seed{run.seed}"
            assert run.path.stem == stem.replace(" ", "-")


def test_a_summary_is_the_mean_and_the_sample_deviation():
    for summary in results.summaries(results.load(FOLDER)):
        if summary.recipe != "char-rnn" or len(summary.runs) != 3:
            continue
        values = summary.values("held_out_perplexity")
        mean = sum(values) / 3
        square = sum((v - mean) ** 2 for v in values) / 2
        assert summary.mean("held_out_perplexity") == pytest.approx(mean)
        deviation = summary.deviation("held_out_perplexity")
        assert deviation == pytest.approx(square**0.5)
        assert summary.values("floors.uniform") == [
            run.metrics["floors"]["uniform"] for run in summary.runs
        ]
        order, floor = summary.best_ngram
        ngrams = summary.runs[0].metrics["floors"]["ngrams"]
        assert floor == ngrams[order - 1] == min(ngrams)


@pytest.fixture
def copy(tmp_path):
    shutil.copytree(FOLDER / "char-rnn", tmp_path / "char-rnn")
    return tmp_path


@pytest.fixture
def plain(tmp_path):
    """The runs of the plainest model, and no others."""
    (tmp_path / "char-rnn").mkdir()
    for run in results.load(FOLDER):
        if run.model == "rnn":
            shutil.copy(run.path, tmp_path / "char-rnn")
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


def change(path, **config):
    content = json.loads(path.read_text("utf-8"))
    content["config"] |= config
    path.write_text(json.dumps(content), "utf-8")
    return content


def test_other_models_on_the_same_data_are_rows_of_their_own(plain):
    before = results.summaries(results.load(plain))
    first, second, third = sorted((plain / "char-rnn").glob("ingan*.json"))
    change(first, cell="gru")
    change(second, cell="lstm", optimizer="adam")
    change(third, cell="lstm", num_layers=2)
    runs = results.load(plain)
    found = {m[0].name: m for m in results.compared(runs)}
    assert [m.model for m in found["hulanhe-zhuan"]] == ["rnn"]
    models = [m.model for m in found["ingan-munje"]]
    assert models == ["lstm", "gru", "2-layer lstm"]
    assert [len(m.runs) for m in found["ingan-munje"]] == [1, 1, 1]
    first_ones = [m[0] for m in found.values()]
    assert [*results.summaries(runs)] == first_ones
    assert [s.name for s in first_ones] == [s.name for s in before]
    assert {s.model for s in before} == {"rnn"}


def test_shortcuts_make_a_model_of_its_own(plain):
    first, second, _ = sorted((plain / "char-rnn").glob("ingan*.json"))
    change(first, cell="lstm", num_layers=2)
    change(second, cell="lstm", num_layers=2, skip=True)
    found = {m[0].name: m for m in results.compared(results.load(plain))}
    models = [m.model for m in found["ingan-munje"]]
    assert models == ["rnn", "2-layer lstm", "2-layer skip-lstm"]


def test_a_setting_that_is_younger_than_a_run_is_as_it_was(plain):
    paths = sorted((plain / "char-rnn").glob("ingan*.json"))
    assert "cell" not in json.loads(paths[0].read_text("utf-8"))["config"]
    change(paths[1], cell="rnn", optimizer="sgd")
    assert {s.model for s in results.summaries(results.load(plain))} == {"rnn"}
    change(paths[1], optimizer="adam")
    with pytest.raises(PfsValueError, match="config, optimizer"):
        results.summaries(results.load(plain))


def test_models_are_compared_on_the_same_text_only(plain):
    path = sorted((plain / "char-rnn").glob("ingan*.json"))[0]
    content = change(path, cell="lstm")
    content["corpus"]["sha256"] = "0" * 64
    path.write_text(json.dumps(content), "utf-8")
    with pytest.raises(PfsValueError, match="data, sha256"):
        results.compared(results.load(plain))


def test_a_recipe_may_name_its_models_itself(plain):
    first, second, _ = sorted((plain / "char-rnn").glob("ingan*.json"))
    for path, model in ((first, "transformer"), (second, "seq2seq")):
        content = change(path, model=model, num_layers=2)
        content["recipe"] = "translate"
        path.write_text(json.dumps(content), "utf-8")
    found = results.compared(results.load(plain))
    assert [m.model for m in found[-1]] == ["seq2seq", "transformer"]


def test_recipes_of_one_model_do_not_name_it():
    found = results.compared(results.load(FOLDER))
    assert {
        s.model for models in found for s in models if s.recipe == "raw-pixels"
    } == {""}


def test_runs_that_differ_in_more_than_the_seed_are_refused(copy):
    path = sorted((copy / "char-rnn").glob("*-seed1.json"))[0]
    content = json.loads(path.read_text("utf-8"))
    content["config"]["lr"] = 0.123
    path.write_text(json.dumps(content), "utf-8")
    with pytest.raises(PfsValueError, match="config, lr"):
        results.summaries(results.load(copy))
