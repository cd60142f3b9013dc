"""The window recipe runs as char-rnn does."""

import json
from dataclasses import replace

import pytest
import torch

from pfs.data import story
from pfs.errors import PfsFileError, PfsValueError
from pfs.recipes import char_rnn, char_window
from pfs.recipes.char_window import CHAR_WINDOW
from pfs.recipes.running import Running

QUICK = replace(
    CHAR_WINDOW,
    context=5,
    num_features=11,
    hidden_units=23,
    steps=30,
    batch_size=8,
    stretch=17,
)
TEXT = "나는 읽고 你读书 and I read too. " * 30


@pytest.fixture(scope="module")
def trained():
    return char_window.train(TEXT, QUICK)


@pytest.mark.parametrize("language", ["en", "ko", "zh"])
def test_a_few_seconds_are_enough_to_beat_the_unigram(language):
    config = replace(QUICK, steps=300, stretch=29, lr=0.01)
    metrics = char_window.train(story(language), config).result["metrics"]
    unigram = metrics["floors"]["ngrams"][0]
    assert metrics["held_out_perplexity"] < 0.9 * unigram
    assert metrics["train_perplexity"] < 0.9 * unigram


def test_both_recipes_judge_on_the_same_text(trained):
    config = replace(
        char_rnn.CHAR_RNN, hidden_size=8, embedding_size=0, steps=2, window=17
    )
    other = char_rnn.train(TEXT, config).result["metrics"]
    mine = trained.result["metrics"]
    for key in ("floors", "train_characters", "held_out_characters"):
        assert mine[key] == other[key]


def test_a_seed_decides_every_bit_and_nothing_else_does(trained):
    torch.manual_seed(999)
    before = torch.random.get_rng_state()
    again = char_window.train(TEXT, QUICK)
    assert torch.equal(torch.random.get_rng_state(), before)
    for name, p in trained.model.state_dict().items():
        assert torch.equal(p, again.model.state_dict()[name]), name
    assert again.result["metrics"] == trained.result["metrics"]
    other = char_window.train(TEXT, replace(QUICK, seed=1))
    assert other.result["metrics"] != trained.result["metrics"]


@pytest.mark.parametrize("optimizer", ["sgd", "adam"])
def test_a_run_that_was_stopped_goes_on_as_if_nothing_had_happened(
    tmp_path, optimizer
):
    config = replace(QUICK, optimizer=optimizer, lr=0.01)
    steps = []
    count = lambda trainer, step: steps.append(step.number)
    first = Running(
        folder=tmp_path, callbacks=(count,), stop=lambda: len(steps) == 12
    )
    char_window.train(TEXT, config, first)
    rest = Running(folder=tmp_path, resume=True, callbacks=(count,))
    resumed = char_window.train(TEXT, config, rest)
    assert steps == [*range(1, 31)]
    whole = char_window.train(TEXT, config)
    assert resumed.result["metrics"] == whole.result["metrics"]
    for name, p in whole.model.state_dict().items():
        assert torch.equal(p, resumed.model.state_dict()[name]), name


def test_other_settings_are_not_resumed(tmp_path):
    char_window.train(TEXT, QUICK, Running(folder=tmp_path))
    again = Running(folder=tmp_path, resume=True)
    for changes in (
        {"context": 4},
        {"num_features": 3},
        {"hidden_units": 9},
        {"direct": True},
        {"feature_dropout": 0.5},
        {"stretch": 9},
        {"optimizer": "sgd"},
    ):
        with pytest.raises(PfsValueError) as caught:
            char_window.train(TEXT, replace(QUICK, **changes), again)
        assert caught.value.code == "T07"
        assert caught.value.where == ", ".join(sorted(changes))


def test_an_evaluation_finds_what_was_reported(tmp_path):
    config = replace(QUICK, data="story-zh", steps=5)
    char_window.run(config, Running(folder=tmp_path))
    found = char_window.evaluate(tmp_path)
    assert found["held_out_perplexity"] == found["reported"]
    result = json.loads((tmp_path / "result.json").read_text("utf-8"))
    assert result["recipe"] == "char-window"
    assert result["corpus"]["language"] == "zh"
    assert result["config"]["context"] == 5
    assert found["floors"] == result["metrics"]["floors"]
    assert {"commit", "versions", "platform", "date"} <= set(result)
    with pytest.raises(PfsFileError) as caught:
        char_rnn.evaluate(tmp_path)
    assert caught.value.code == "M01"


def test_what_is_loaded_is_what_was_saved(trained, tmp_path):
    char_window.save(trained, tmp_path)
    loaded = char_window.load(tmp_path)
    assert loaded.config == trained.config
    assert loaded.vocabulary == trained.vocabulary
    for name, p in trained.model.state_dict().items():
        assert torch.equal(p, loaded.model.state_dict()[name]), name
    options = {"length": 30, "temperature": 0.8, "seed": 0}
    said = char_window.speak(loaded, "나는", **options)
    assert said == char_window.speak(trained, "나는", **options)
    assert len(said) == 32


@pytest.mark.parametrize(
    ("text", "changes", "code", "words"),
    [
        ("", {}, "X06", "at least one"),
        (TEXT[:19], {}, "X06", "at least 21"),
        (TEXT, {"steps": 0}, "A01", "steps"),
        (TEXT, {"stretch": -3}, "A01", "window"),
        (TEXT, {"context": 0}, "A01", "context"),
        (TEXT, {"num_features": 0}, "A01", "num_features"),
        (TEXT, {"hidden_units": -1}, "A01", "hidden_size"),
        (TEXT, {"hidden_units": 0}, "A03", "direct=True"),
        (TEXT, {"feature_dropout": 1.5}, "A01", "probability"),
        (TEXT, {"optimizer": "newton"}, "A01", "CharWindowConfig, optimizer"),
        (TEXT, {"lr": -1.0}, "A01", "lr"),
        (TEXT, {"held_out": 1.0}, "A01", "held_out"),
    ],
)
def test_runs_that_cannot_be_are_refused(text, changes, code, words):
    with pytest.raises(PfsValueError) as caught:
        char_window.train(text, replace(QUICK, **changes))
    assert caught.value.code == code
    assert words in str(caught.value)
