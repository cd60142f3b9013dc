"""The GPT recipe runs as char-rnn does, with a context instead of a state."""

from dataclasses import replace

import pytest
import torch

from pfs.data import story
from pfs.errors import PfsFileError, PfsValueError
from pfs.recipes import char_gpt, char_rnn
from pfs.recipes.char_gpt import CHAR_GPT, CharGPT
from pfs.recipes.running import Running

QUICK = replace(
    CHAR_GPT,
    d_model=24,
    num_layers=1,
    num_heads=2,
    steps=30,
    batch_size=8,
    window=17,
    context=20,
    warmup=5,
)
TEXT = "나는 읽고 你读书 and I read too. " * 30


@pytest.fixture(scope="module")
def trained():
    return char_gpt.train(TEXT, QUICK)


@pytest.mark.parametrize("language", ["en", "ko", "zh"])
def test_a_few_seconds_are_enough_to_beat_the_unigram(language):
    config = replace(QUICK, steps=150, d_model=48, lr=1e-2)
    metrics = char_gpt.train(story(language), config).result["metrics"]
    unigram = metrics["floors"]["ngrams"][0]
    assert metrics["held_out_perplexity"] < 0.9 * unigram


def test_both_recipes_judge_on_the_same_text(trained):
    config = replace(
        char_rnn.CHAR_RNN, hidden_size=8, embedding_size=0, steps=2, window=17
    )
    other = char_rnn.train(TEXT, config).result["metrics"]
    mine = trained.result["metrics"]
    for key in ("floors", "train_characters", "held_out_characters"):
        assert mine[key] == other[key]


def test_every_symbol_has_half_a_context_before_it():
    """Changing a symbol reaches half a context at least, one at most."""
    model = CharGPT(7, QUICK).eval()
    ids = torch.randint(7, (1, 61), generator=torch.Generator().manual_seed(0))
    with torch.no_grad():
        before = model(ids)[0][0]
        for place in range(61):
            other = ids.clone()
            other[0, place] = (other[0, place] + 1) % 7
            moved = (model(other)[0][0] != before).any(-1).nonzero()[:, 0]
            assert moved[0] == place
            assert moved[-1] >= min(60, place + 10)
            assert moved[-1] < place + 20


@pytest.mark.parametrize("cuts", [(10, 51), (20, 30, 11), (61,)])
def test_reading_in_parts_is_reading_at_once(cuts):
    model = CharGPT(7, QUICK).eval()
    ids = torch.randint(7, (2, 61), generator=torch.Generator().manual_seed(0))
    with torch.no_grad():
        whole, last = model(ids)
        state, parts = None, []
        for part in ids.split(cuts, 1):
            logits, state = model(part, state)
            parts.append(logits)
    torch.testing.assert_close(torch.cat(parts, 1), whole)
    assert torch.equal(state, last)


def test_while_training_every_window_begins_anew():
    model = CharGPT(7, replace(QUICK, dropout=0.0)).train()
    ids = torch.randint(7, (2, 17), generator=torch.Generator().manual_seed(0))
    logits, state = model(ids, torch.zeros(2, 5, dtype=torch.long))
    assert state is None
    assert torch.equal(logits, model(ids)[0])


def test_a_seed_decides_every_bit(trained):
    again = char_gpt.train(TEXT, QUICK)
    assert again.result["metrics"] == trained.result["metrics"]
    other = char_gpt.train(TEXT, replace(QUICK, seed=1))
    assert other.result["metrics"] != trained.result["metrics"]


def test_a_run_that_was_stopped_goes_on(trained, tmp_path):
    steps = []
    first = Running(
        folder=tmp_path,
        callbacks=(lambda trainer, step: steps.append(step.number),),
        stop=lambda: len(steps) == 12,
    )
    char_gpt.train(TEXT, QUICK, first)
    rest = Running(folder=tmp_path, resume=True)
    resumed = char_gpt.train(TEXT, QUICK, rest)
    assert resumed.result["metrics"] == trained.result["metrics"]


def test_the_rate_rises_before_it_falls():
    rates = []
    running = Running(callbacks=(lambda _, step: rates.append(step.lr),))
    char_gpt.train(TEXT, QUICK, running)
    assert rates.index(max(rates)) == QUICK.warmup - 1
    assert max(rates) == QUICK.lr
    assert rates[-1] < 0.1 * QUICK.lr


def test_what_is_loaded_writes_as_what_was_saved(trained, tmp_path):
    char_gpt.save(trained, tmp_path)
    loaded = char_gpt.load(tmp_path)
    assert loaded.config == trained.config
    said = [
        char_gpt.speak(one, "나는", length=40, temperature=0.7, seed=3)
        for one in (trained, loaded)
    ]
    assert said[0] == said[1]
    assert said[0].startswith("나는")
    assert len(said[0]) == 42
    with pytest.raises(PfsFileError, match="M01"):
        char_rnn.load(tmp_path)


def test_an_evaluation_finds_what_was_reported(tmp_path):
    config = replace(QUICK, data="story-zh", steps=3)
    char_gpt.run(config, Running(folder=tmp_path))
    found = char_gpt.evaluate(tmp_path)
    assert found["held_out_perplexity"] == found["reported"]


@pytest.mark.parametrize(
    ("changes", "code", "words"),
    [
        ({"context": 16}, "A03", "context 16, window 17"),
        ({"num_heads": 5}, "A03", "5 heads"),
        ({"num_layers": 0}, "A01", "n_layer"),
        ({"optimizer": "lion"}, "A01", "optimizer"),
        ({"dropout": 1.5}, "A01", "probability"),
    ],
)
def test_runs_that_cannot_be_are_refused(changes, code, words):
    with pytest.raises(PfsValueError, match=words) as caught:
        char_gpt.train(TEXT, replace(QUICK, **changes))
    assert caught.value.code == code
