import json
import pickle
from dataclasses import replace

import pytest
import torch

from pfs.data import story
from pfs.errors import PfsFileError, PfsValueError
from pfs.recipes import char_rnn
from pfs.recipes.char_rnn import CHAR_RNN, CharRNN
from pfs.recipes.char_rnn_config import CELLS, CharRNNConfig
from pfs.recipes.running import Running
from pfs.text import normalize
from pfs.training.saved import load_folder, save_folder

QUICK = replace(
    CHAR_RNN, hidden_size=23, embedding_size=11, steps=30, window=17
)
TEXT = "나는 읽고 你读书 and I read too. " * 30


@pytest.fixture(scope="module")
def trained():
    return char_rnn.train(TEXT, QUICK)


@pytest.mark.parametrize(
    ("embedding_size", "layers", "parameters"),
    [
        # one-hot: h(n + h + 2) and the output's n(h + 1)
        (0, 1, 23 * (29 + 23 + 2)),
        (11, 1, 23 * (11 + 23 + 2)),
        (0, 2, 23 * (29 + 23 + 2) + 23 * (23 + 23 + 2)),
    ],
)
@pytest.mark.parametrize(
    ("cell", "parts"), [("rnn", 1), ("lstm", 4), ("gru", 3)]
)
def test_the_parameters_are_those_of_the_formula(
    embedding_size, layers, parameters, cell, parts
):
    config = replace(
        QUICK, embedding_size=embedding_size, num_layers=layers, cell=cell
    )
    parameters = 29 * embedding_size + parts * parameters + 29 * 24
    model = CharRNN(29, config)
    assert sum(p.numel() for p in model.parameters()) == parameters


def test_one_hot_vectors_are_columns_of_the_input_matrix():
    config = replace(QUICK, embedding_size=0, dropout=0.0)
    model = CharRNN(5, config)
    with torch.no_grad():
        logits, h = model(torch.tensor([[3]]))
        rnn = model.rnn
        drive = rnn.weight_ih_l0[:, 3] + rnn.bias_ih_l0 + rnn.bias_hh_l0
        torch.testing.assert_close(h[0, 0], drive.tanh())
        wanted = model.output.weight @ drive.tanh() + model.output.bias
        torch.testing.assert_close(logits[0, 0], wanted)


@pytest.mark.parametrize("skip", [False, True])
def test_shortcuts_change_what_is_read_and_what_is_read_out(skip):
    config = replace(QUICK, cell="lstm", num_layers=3, skip=skip, dropout=0.0)
    model = CharRNN(29, config)
    more, layers = (11, 3) if skip else (0, 1)
    gates = 4 * 23 * ((11 + 23 + 2) + 2 * (more + 23 + 23 + 2))
    count = sum(p.numel() for p in model.parameters())
    assert count == 29 * 11 + gates + 29 * (layers * 23 + 1)
    ids = torch.arange(10)[None]
    logits, (h, _) = model(ids)
    assert logits.shape == (1, 10, 29)
    top = h.flatten() if skip else h[-1, 0]
    wanted = model.output.weight @ top + model.output.bias
    torch.testing.assert_close(logits[0, -1], wanted)


@pytest.mark.parametrize("cell", CELLS)
@pytest.mark.parametrize("skip", [False, True])
@pytest.mark.parametrize("embedding_size", [0, 11])
def test_reading_in_two_parts_is_reading_at_once(embedding_size, cell, skip):
    config = replace(
        QUICK,
        embedding_size=embedding_size,
        num_layers=2,
        cell=cell,
        skip=skip,
    )
    model = CharRNN(7, config).eval()
    ids = torch.randint(7, (3, 13), generator=torch.Generator().manual_seed(0))
    with torch.no_grad():
        whole, last = model(ids)
        first, state = model(ids[:, :5])
        second, end = model(ids[:, 5:], state)
    torch.testing.assert_close(torch.cat([first, second], 1), whole)
    torch.testing.assert_close(end, last)


@pytest.mark.parametrize("embedding_size", [0, 11])
def test_a_symbol_outside_the_vocabulary_is_named(embedding_size):
    model = CharRNN(7, replace(QUICK, embedding_size=embedding_size))
    with pytest.raises(IndexError, match="S09"):
        model(torch.tensor([[1, 7]]))


@pytest.mark.parametrize("language", ["en", "ko", "zh"])
def test_a_few_seconds_are_enough_to_beat_the_unigram(language):
    config = replace(
        CHAR_RNN, hidden_size=61, embedding_size=31, steps=300, window=29
    )
    metrics = char_rnn.train(story(language), config).result["metrics"]
    unigram = metrics["floors"]["ngrams"][0]
    assert metrics["held_out_perplexity"] < 0.9 * unigram
    assert metrics["train_perplexity"] < 0.9 * unigram


def test_a_seed_decides_every_bit_and_nothing_else_does(trained):
    torch.manual_seed(999)
    before = torch.random.get_rng_state()
    again = char_rnn.train(TEXT, QUICK)
    assert torch.equal(torch.random.get_rng_state(), before)
    for name, p in trained.model.state_dict().items():
        assert torch.equal(p, again.model.state_dict()[name]), name
    assert again.result["metrics"] == trained.result["metrics"]
    other = char_rnn.train(TEXT, replace(QUICK, seed=1))
    assert other.result["metrics"] != trained.result["metrics"]


def test_the_result_says_what_was_measured(trained):
    metrics = trained.result["metrics"]
    assert len(metrics["curve"]) == 10
    assert metrics["curve"][-1]["step"] == metrics["steps"] == 30
    assert metrics["curve"][-1]["held_out"] == metrics["held_out_perplexity"]
    assert metrics["train_characters"] + metrics["held_out_characters"] == len(
        normalize(TEXT)
    )
    assert metrics["floors"]["uniform"] == len(trained.vocabulary)
    assert json.loads(json.dumps(trained.result)) is not None


def test_training_stops_when_asked_and_keeps_what_it_has():
    seen = []
    running = Running(
        callbacks=(lambda trainer, step: seen.append(step),),
        stop=lambda: len(seen) == 6,
    )
    stopped = char_rnn.train(TEXT, QUICK, running)
    assert len(seen) == 7
    assert stopped.result["metrics"]["steps"] == 7
    assert stopped.result["metrics"]["curve"][-1]["step"] == 7


@pytest.mark.parametrize(
    "changes",
    [
        {},
        {"cell": "lstm", "num_layers": 2, "dropout": 0.3},
        {"cell": "gru", "optimizer": "adam", "lr": 0.01},
    ],
    ids=lambda changes: changes.get("cell", "rnn"),
)
def test_a_run_that_was_stopped_goes_on_as_if_nothing_had_happened(
    tmp_path, changes
):
    config, steps = replace(QUICK, **changes), []
    count = lambda trainer, step: steps.append(step.number)
    first = Running(
        folder=tmp_path, callbacks=(count,), stop=lambda: len(steps) == 12
    )
    char_rnn.train(TEXT, config, first)
    rest = Running(folder=tmp_path, resume=True, callbacks=(count,))
    resumed = char_rnn.train(TEXT, config, rest)
    assert steps == [*range(1, 31)]
    whole = char_rnn.train(TEXT, config)
    assert resumed.result["metrics"] == whole.result["metrics"]
    for name, p in whole.model.state_dict().items():
        assert torch.equal(p, resumed.model.state_dict()[name]), name


def test_other_settings_and_other_texts_are_not_resumed(tmp_path):
    char_rnn.train(TEXT, QUICK, Running(folder=tmp_path))
    again = Running(folder=tmp_path, resume=True)
    for changes in (
        {"lr": 0.5},
        {"steps": 40, "window": 19},
        {"seed": 3},
        {"precision": "float64"},
        {"hidden_size": 29},
        {"batch_size": 7},
        {"dropout": 0.3},
        {"clip": 2.0},
        {"accumulate": 2},
        {"held_out": 0.2},
        {"embedding_size": 0},
        {"data": "story-ko"},
        {"cell": "gru"},
        {"optimizer": "adam"},
    ):
        with pytest.raises(PfsValueError) as caught:
            char_rnn.train(TEXT, replace(QUICK, **changes), again)
        assert caught.value.code == "T07"
        assert caught.value.where == ", ".join(sorted(changes))
    with pytest.raises(PfsValueError, match="text") as caught:
        char_rnn.train(TEXT[:-1] + "!", QUICK, again)
    assert caught.value.code == "T07"
    # What does not decide the result may differ, and --override is obeyed.
    free = replace(QUICK, device="cpu", checkpoint_every=7)
    char_rnn.train(TEXT, free, again)
    longer = replace(QUICK, steps=33)
    forced = replace(again, override=True)
    assert char_rnn.train(TEXT, longer, forced).result["metrics"]["steps"] == 33


def test_there_must_be_something_to_resume(tmp_path):
    with pytest.raises(PfsFileError) as caught:
        char_rnn.train(TEXT, QUICK, Running(folder=tmp_path, resume=True))
    assert caught.value.code == "M01"


@pytest.mark.parametrize("precision", ["float64", "bf16"])
def test_other_kinds_of_numbers_learn_as_well(precision):
    plain = char_rnn.train(TEXT, replace(QUICK, dropout=0.0))
    config = replace(QUICK, precision=precision, dropout=0.0)
    other = char_rnn.train(TEXT, config)
    assert other.result["metrics"]["held_out_perplexity"] == pytest.approx(
        plain.result["metrics"]["held_out_perplexity"], rel=0.05
    )
    kind = {"float64": torch.float64, "bf16": torch.float32}[precision]
    assert other.model.output.weight.dtype == kind


def test_an_evaluation_finds_what_was_reported(tmp_path):
    config = replace(QUICK, data="story-zh", steps=5)
    char_rnn.run(config, Running(folder=tmp_path))
    found = char_rnn.evaluate(tmp_path)
    assert found["held_out_perplexity"] == found["reported"]
    result = json.loads((tmp_path / "result.json").read_text("utf-8"))
    assert result["corpus"]["language"] == "zh"
    assert result["seed"] == 0
    assert {"commit", "versions", "platform", "date"} <= set(result)
    result["corpus"]["sha256"] = "0" * 64
    (tmp_path / "result.json").write_text(json.dumps(result), "utf-8")
    with pytest.raises(PfsValueError) as caught:
        char_rnn.evaluate(tmp_path)
    assert caught.value.code == "T07"


def test_a_short_text_is_read_with_fewer_strips():
    short = char_rnn.train(TEXT[:60], QUICK)
    assert short.result["metrics"]["batch_size"] == 54 // 18
    barely = char_rnn.train(TEXT[:20], QUICK)
    assert barely.result["metrics"]["batch_size"] == 1


@pytest.mark.parametrize(
    ("text", "changes", "code", "words"),
    [
        ("", {}, "X06", "at least one"),
        (TEXT[:19], {}, "X06", "at least 21"),
        (TEXT, {"steps": 0}, "A01", "steps"),
        (TEXT, {"window": -3}, "A01", "window"),
        (TEXT, {"batch_size": 0}, "A01", "batch_size"),
        (TEXT, {"hidden_size": 0}, "A01", "hidden_size"),
        (TEXT, {"num_layers": 0}, "A01", "num_layers"),
        (TEXT, {"embedding_size": -1}, "A01", "embedding_dim"),
        (TEXT, {"dropout": 1.5}, "A01", "probability"),
        (TEXT, {"cell": "LSTM"}, "A01", "'rnn' or 'lstm' or 'gru'"),
        (TEXT, {"optimizer": "adamw"}, "A01", "'sgd' or 'adam'"),
        (TEXT, {"lr": -1.0}, "A01", "lr"),
        (TEXT, {"clip": 0.0}, "A01", "max_norm"),
        (TEXT, {"seed": -1}, "A01", "seed"),
        (TEXT, {"held_out": 1.0}, "A01", "held_out"),
        (TEXT, {"lr": 1e30}, "T04", "step"),
        ("a\ud800" * 99, {}, "X04", "U+D800"),
    ],
)
def test_runs_that_cannot_be_are_refused(text, changes, code, words):
    with pytest.raises(PfsValueError) as caught:
        char_rnn.train(text, replace(QUICK, **changes))
    assert caught.value.code == code
    assert words in str(caught.value)


def test_what_is_loaded_is_what_was_saved(trained, tmp_path):
    folder = tmp_path / "나의 모델"
    char_rnn.save(trained, folder)
    loaded = char_rnn.load(folder)
    assert loaded.config == trained.config
    assert loaded.vocabulary == trained.vocabulary
    assert loaded.result == json.loads(json.dumps(trained.result))
    for name, p in trained.model.state_dict().items():
        assert torch.equal(p, loaded.model.state_dict()[name]), name
    assert not loaded.model.training
    char_rnn.save(loaded, folder)
    assert sorted(p.name for p in folder.iterdir()) == [
        "model.json",
        "model.safetensors",
        "result.json",
    ]


@pytest.mark.parametrize("changes", [{"cell": "lstm"}, {"cell": "gru"}])
def test_gated_models_are_saved_loaded_and_heard(changes, tmp_path):
    config = replace(QUICK, **changes, num_layers=2, steps=3, data="story-ko")
    trained = char_rnn.run(config, Running(folder=tmp_path))
    loaded = char_rnn.load(tmp_path)
    layers = loaded.model.rnn.layers
    assert [type(n).__name__ for n in layers] == 2 * [changes["cell"].upper()]
    said = [
        char_rnn.speak(one, length=20, temperature=1.0, seed=0)
        for one in (trained, loaded)
    ]
    assert said[0] == said[1]
    found = char_rnn.evaluate(tmp_path)
    assert found["held_out_perplexity"] == found["reported"]


def test_a_model_that_was_saved_before_there_were_other_cells(
    trained, tmp_path
):
    char_rnn.save(trained, tmp_path)
    tensors, about, result = load_folder(tmp_path, CharRNNConfig.KIND)
    del about["config"]["cell"], about["config"]["optimizer"]
    save_folder(tmp_path, CharRNNConfig.KIND, tensors, about, result)
    loaded = char_rnn.load(tmp_path)
    assert loaded.config == trained.config
    ids = torch.arange(5)[None]
    trained.model.eval()
    assert torch.equal(loaded.model(ids)[0], trained.model(ids)[0])


def refused(folder):
    with pytest.raises(PfsFileError) as caught:
        char_rnn.load(folder)
    assert caught.value.code == "M01"
    assert str(folder) in caught.value.where
    return str(caught.value)


@pytest.mark.parametrize("name", ["model.json", "model.safetensors"])
def test_every_damage_is_found(trained, tmp_path, name):
    char_rnn.save(trained, tmp_path)
    path = tmp_path / name
    good = path.read_bytes()
    for i in range(100):
        place = i * len(good) // 100
        flipped = bytearray(good)
        flipped[place] ^= 1 << (i % 8)
        path.write_bytes(flipped)
        if name == "model.json" and chr(good[place]).isspace():
            continue  # a blank between two entries may change
        refused(tmp_path)
        path.write_bytes(good[:place])
        refused(tmp_path)


def test_missing_files_are_named(trained, tmp_path):
    assert "no such file" in refused(tmp_path / "nowhere")
    for name in ("model.json", "model.safetensors", "result.json"):
        char_rnn.save(trained, tmp_path)
        (tmp_path / name).unlink()
        assert name in refused(tmp_path)


def test_foreign_folders_are_refused(trained, tmp_path):
    char_rnn.save(trained, tmp_path)
    about = tmp_path / "model.json"
    for content in ("[]", "{}", "nonsense", '{"kind": "bert", "format": 1}'):
        about.write_text(content, "utf-8")
        refused(tmp_path)


def test_nothing_is_ever_unpickled(trained, tmp_path):
    class Evil:
        def __reduce__(self):
            return (exec, ("raise SystemExit('run!')",))

    char_rnn.save(trained, tmp_path)
    for name in ("model.json", "model.safetensors", "result.json"):
        good = (tmp_path / name).read_bytes()
        (tmp_path / name).write_bytes(pickle.dumps(Evil()))
        refused(tmp_path)
        (tmp_path / name).write_bytes(good)


def test_a_place_that_cannot_be_written_is_named(trained, tmp_path):
    (tmp_path / "file").write_text("", "utf-8")
    with pytest.raises(PfsFileError) as caught:
        char_rnn.save(trained, tmp_path / "file" / "model")
    assert caught.value.code == "M02"
