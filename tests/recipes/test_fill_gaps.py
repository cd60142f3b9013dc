"""The recipe of the gap filler: train, stop, resume, keep, judge, fill."""

import json
from dataclasses import replace

import pytest
import torch

from pfs.data import story
from pfs.data.batches import Batch
from pfs.errors import PfsFileError, PfsValueError
from pfs.nn import cross_entropy
from pfs.recipes import char_rnn_model, fill_gaps
from pfs.recipes.fill_gaps import FILL_GAPS
from pfs.recipes.fill_gaps_model import SideBySide, gap_loss, judge
from pfs.recipes.running import Running
from pfs.text import normalize
from pfs.text.vocabulary import Vocabulary

QUICK = replace(
    FILL_GAPS, hidden_size=13, embedding_size=11, steps=20, window=17
)
TEXT = "나는 읽고 你读书 and I read too. " * 30


@pytest.fixture(scope="module")
def trained():
    return fill_gaps.train(TEXT, QUICK)


@pytest.mark.parametrize("cell", ["rnn", "lstm", "gru"])
@pytest.mark.parametrize("num_layers", [1, 2])
@pytest.mark.parametrize("num_symbols", [29, 500])
def test_the_rival_is_as_large(cell, num_layers, num_symbols):
    config = replace(QUICK, cell=cell, num_layers=num_layers, hidden_size=64)
    sizes = SideBySide(num_symbols, config).sizes
    assert abs(sizes["left"] / sizes["both"] - 1) < 0.02


def test_the_two_share_nothing():
    """Each has the gradient that it would have alone."""
    torch.manual_seed(0)
    model = SideBySide(7, replace(QUICK, dropout=0.0)).double()
    ids = torch.randint(7, (3, 9))
    batch = Batch(ids[:, :-1], ids[:, 1:], True)
    loss, state = gap_loss(model, batch, None)
    loss.backward()
    found = {n: p.grad.clone() for n, p in model.named_parameters()}
    model.zero_grad()
    logits = model.both(ids[:, :-1]).flatten(0, 1)
    alone = cross_entropy(logits, ids[:, :-1].flatten())
    told, last = model.left(ids[:, :-1])
    rival = cross_entropy(told.flatten(0, 1), ids[:, 1:].flatten())
    (alone + rival).backward()
    for name, p in model.named_parameters():
        torch.testing.assert_close(found[name], p.grad)
    torch.testing.assert_close(loss, alone)
    torch.testing.assert_close(state, last)


def test_the_left_model_goes_on_from_window_to_window():
    model = SideBySide(7, QUICK).eval()
    ids = torch.randint(7, (3, 9))
    _, state = gap_loss(model, Batch(ids, ids, True), None)
    _, told, _ = model(ids, state)
    _, fresh, _ = model(ids)
    assert not torch.equal(told, fresh)
    loss, _ = gap_loss(model, Batch(ids, ids, False), state)
    again, _ = gap_loss(model, Batch(ids, ids, True), state)
    assert loss == again  # the value is that of the gap filler alone


def test_the_judge_lets_each_model_see_what_it_may():
    torch.manual_seed(0)
    model = SideBySide(7, QUICK).double()
    ids = torch.randint(7, (23,))
    both, left = judge(model.both, ids), judge(model.left, ids)
    model.eval()
    logits = model.both(ids[None])[0, 1:]
    told = model.left(ids[None, :-1])[0][0]
    for found, guess in ((both, logits), (left, told)):
        nats = cross_entropy(guess, ids[1:]).exp().item()
        assert found.perplexity == pytest.approx(nats)
        share = (guess.argmax(-1) == ids[1:]).double().mean().item()
        assert found.accuracy == pytest.approx(share)
    assert isinstance(model.left, char_rnn_model.CharRNN)


def test_a_long_text_is_judged_in_parts():
    torch.manual_seed(0)
    model = SideBySide(7, QUICK).double()
    ids = torch.randint(7, (1234,))
    found = judge(model.both.train(), ids)
    assert model.both.training
    logits = model.both.eval()(ids[None])[0, 1:]
    nats = cross_entropy(logits, ids[1:]).exp().item()
    assert found.perplexity == pytest.approx(nats)


@pytest.mark.parametrize("language", ["en", "ko", "zh"])
def test_a_few_seconds_are_enough_to_beat_the_left_side_alone(language):
    config = replace(
        FILL_GAPS, hidden_size=31, embedding_size=31, steps=150, window=29
    )
    metrics = fill_gaps.train(story(language), config).result["metrics"]
    assert metrics["held_out_perplexity"] < 0.9 * metrics["left_perplexity"]
    assert metrics["held_out_accuracy"] > metrics["left_accuracy"]
    unigram = metrics["floors"]["ngrams"][0]
    assert metrics["left_perplexity"] < unigram
    assert metrics["held_out_perplexity"] < 0.6 * unigram


def test_a_seed_decides_every_bit_and_nothing_else_does(trained):
    torch.manual_seed(999)
    before = torch.random.get_rng_state()
    again = fill_gaps.train(TEXT, QUICK)
    assert torch.equal(torch.random.get_rng_state(), before)
    for name, p in trained.model.state_dict().items():
        assert torch.equal(p, again.model.state_dict()[name]), name
    assert again.result["metrics"] == trained.result["metrics"]
    other = fill_gaps.train(TEXT, replace(QUICK, seed=1))
    assert other.result["metrics"] != trained.result["metrics"]


def test_the_result_says_what_was_measured(trained):
    metrics = trained.result["metrics"]
    assert len(metrics["curve"]) == 10
    assert metrics["curve"][-1]["step"] == metrics["steps"] == 20
    assert metrics["curve"][-1]["held_out"] == metrics["held_out_perplexity"]
    assert metrics["train_characters"] + metrics["held_out_characters"] == len(
        normalize(TEXT)
    )
    assert metrics["floors"]["uniform"] == len(trained.vocabulary)
    assert len(metrics["floors"]["between"]["perplexities"]) == 3
    assert json.loads(json.dumps(trained.result)) is not None


def test_a_run_that_was_stopped_goes_on_as_if_nothing_had_happened(tmp_path):
    steps = []
    count = lambda trainer, step: steps.append(step.number)
    first = Running(
        folder=tmp_path, callbacks=(count,), stop=lambda: len(steps) == 7
    )
    stopped = fill_gaps.train(TEXT, QUICK, first)
    assert stopped.result["metrics"]["curve"][-1]["step"] == 8
    rest = Running(folder=tmp_path, resume=True, callbacks=(count,))
    resumed = fill_gaps.train(TEXT, QUICK, rest)
    assert steps == [*range(1, 21)]
    whole = fill_gaps.train(TEXT, QUICK)
    assert resumed.result["metrics"] == whole.result["metrics"]
    for name, p in whole.model.state_dict().items():
        assert torch.equal(p, resumed.model.state_dict()[name]), name


def test_other_settings_and_other_texts_are_not_resumed(tmp_path):
    fill_gaps.train(TEXT, QUICK, Running(folder=tmp_path))
    again = Running(folder=tmp_path, resume=True)
    for changes in ({"lr": 0.5}, {"cell": "rnn", "window": 19}):
        with pytest.raises(PfsValueError) as caught:
            fill_gaps.train(TEXT, replace(QUICK, **changes), again)
        assert caught.value.code == "T07"
        assert caught.value.where == ", ".join(sorted(changes))
    with pytest.raises(PfsValueError, match="text"):
        fill_gaps.train(TEXT[:-1] + "!", QUICK, again)


@pytest.mark.parametrize("cell", ["rnn", "lstm"])
@pytest.mark.parametrize("optimizer", ["sgd", "adam"])
def test_other_cells_and_optimizers_learn_as_well(cell, optimizer):
    lr = {"sgd": 0.5, "adam": 0.01}[optimizer]
    config = replace(QUICK, cell=cell, optimizer=optimizer, lr=lr, steps=40)
    metrics = fill_gaps.train(TEXT, config).result["metrics"]
    assert metrics["held_out_perplexity"] < metrics["curve"][0]["held_out"]


def test_other_numbers_are_kept_as_such():
    config = replace(QUICK, precision="float64", steps=3)
    other = fill_gaps.train(TEXT, config)
    assert other.model.both.output.weight.dtype == torch.float64
    half = fill_gaps.train(TEXT, replace(QUICK, precision="bf16", steps=3))
    assert half.model.both.output.weight.dtype == torch.float32


def test_an_evaluation_finds_what_was_reported(tmp_path):
    config = replace(QUICK, data="story-zh", steps=5)
    fill_gaps.run(config, Running(folder=tmp_path))
    found = fill_gaps.evaluate(tmp_path)
    assert found["held_out_perplexity"] == found["reported"]
    assert list(found) == ["held_out_perplexity", "reported", "floors"]
    result = json.loads((tmp_path / "result.json").read_text("utf-8"))
    assert result["corpus"]["language"] == "zh"
    assert result["recipe"] == "fill-gaps"
    assert {"commit", "versions", "platform", "date"} <= set(result)
    sample = result["sample"]
    assert len(sample["text"]) == len(sample["original"]) == 200
    assert sample["original"] in story("zh")
    result["corpus"]["sha256"] = "0" * 64
    (tmp_path / "result.json").write_text(json.dumps(result), "utf-8")
    with pytest.raises(PfsValueError) as caught:
        fill_gaps.evaluate(tmp_path)
    assert caught.value.code == "T07"


@pytest.mark.parametrize(
    ("text", "changes", "code", "words"),
    [
        ("", {}, "X06", "at least one"),
        (TEXT[:19], {}, "X06", "at least 21"),
        (TEXT, {"steps": 0}, "A01", "steps"),
        (TEXT, {"hidden_size": 0}, "A01", "hidden_size"),
        (TEXT, {"embedding_size": 0}, "A01", "embedding_dim"),
        (TEXT, {"cell": "cnn"}, "A01", "'gru'"),
        (TEXT, {"skip": True, "num_layers": 2}, "A03", "skip"),
        (TEXT, {"optimizer": "lion"}, "A01", "'adam'"),
        (TEXT, {"dropout": 1.5}, "A01", "probability"),
        (TEXT, {"held_out": 1.0}, "A01", "held_out"),
        (TEXT, {"optimizer": "sgd", "lr": 1e30}, "T04", "step"),
    ],
)
def test_runs_that_cannot_be_are_refused(text, changes, code, words):
    with pytest.raises(PfsValueError) as caught:
        fill_gaps.train(text, replace(QUICK, **changes))
    assert caught.value.code == code
    assert words in str(caught.value)


def test_what_is_loaded_is_what_was_saved(trained, tmp_path):
    folder = tmp_path / "나의 모델"
    fill_gaps.save(trained, folder)
    loaded = fill_gaps.load(folder)
    assert loaded.config == trained.config
    assert loaded.vocabulary == trained.vocabulary
    assert loaded.result == json.loads(json.dumps(trained.result))
    for name, p in trained.model.state_dict().items():
        assert torch.equal(p, loaded.model.state_dict()[name]), name
    assert not loaded.model.training


def test_foreign_folders_are_refused(trained, tmp_path):
    fill_gaps.save(trained, tmp_path)
    about = tmp_path / "model.json"
    good = about.read_text("utf-8")
    for content in ("[]", '{"kind": "char-rnn", "format": 1}', good[:-9]):
        about.write_text(content, "utf-8")
        with pytest.raises(PfsFileError) as caught:
            fill_gaps.load(tmp_path)
        assert caught.value.code == "M01"


@pytest.fixture(scope="module")
def alphabet():
    config = replace(QUICK, steps=80, dropout=0.0)
    return fill_gaps.train("abcdefg" * 60, config)


def test_gaps_are_filled_and_the_rest_stays(alphabet):
    asked = "abc_efgab__efg_bcd"
    for temperature in (0.0, 0.2):
        said = fill_gaps.speak(
            alphabet, asked, length=99, temperature=temperature, seed=0
        )
        assert said == "abcdefgabcdefgabcd"


def test_a_text_is_written_by_filling(alphabet):
    said = fill_gaps.speak(alphabet, "abc", length=9, temperature=1.0, seed=3)
    again = fill_gaps.speak(alphabet, "abc", length=9, temperature=1.0, seed=3)
    assert said == again
    assert said.startswith("abc")
    assert len(said) == 12
    free = fill_gaps.speak(alphabet, length=30, temperature=0.5)
    assert len(free) == 30
    assert set(free) <= set("abcdefg")
    assert fill_gaps.speak(alphabet, "ab", length=0, temperature=1.0) == "ab"
    assert fill_gaps.speak(alphabet, None, length=0, temperature=1.0) == ""


@pytest.mark.parametrize(
    ("prompt", "length", "temperature", "code"),
    [
        ("a_z", 0, 1.0, "X08"),
        ("a", -1, 1.0, "A01"),
        ("a", 1, -1.0, "A01"),
        ("a", 1, float("nan"), "A01"),
    ],
)
def test_wishes_that_cannot_be_are_refused(
    alphabet, prompt, length, temperature, code
):
    with pytest.raises(PfsValueError) as caught:
        fill_gaps.speak(
            alphabet, prompt, length=length, temperature=temperature
        )
    assert caught.value.code == code


def test_the_vocabulary_of_a_text_with_lines_is_no_trouble():
    text = "a_b\n" * 99
    assert "_" in Vocabulary.from_text(text).symbols
    found = fill_gaps.train(text, replace(QUICK, steps=1))
    said = fill_gaps.speak(found, "a_b", length=0, temperature=0.0)
    assert (said[0], said[2]) == ("a", "b")
