from dataclasses import asdict, dataclass, replace

import pytest

from pfs.errors import PfsError, PfsFileError, PfsValueError
from pfs.recipes import RECIPES
from pfs.recipes.char_rnn_config import CHAR_RNN, CharRNNConfig
from pfs.recipes.corpus import read_corpus
from pfs.recipes.running import every_so_often
from pfs.recipes.settings import (
    TrainingConfig,
    defaults,
    describe,
    refuse_changes,
    with_settings,
)


def test_settings_are_read_as_what_they_replace():
    config = with_settings(
        CHAR_RNN,
        ["steps=7", "lr=1e-3", "letters=yes", "data=a=b.txt", "compile=FALSE"],
    )
    assert config.steps == 7
    assert config.lr == 0.001
    assert config.letters is True
    assert config.compile is False
    assert config.data == "a=b.txt"
    assert with_settings(CHAR_RNN, ["lr=2"]).lr == 2.0
    assert with_settings(CHAR_RNN, []) == CHAR_RNN


@pytest.mark.parametrize(
    ("setting", "words"),
    [
        ("stpes=7", "did you mean steps"),
        ("steps", "did you mean steps"),
        ("=7", "--show"),
        ("", "--show"),
        ("steps=7.5", "whole number"),
        ("steps=many", "whole number"),
        ("lr=fast", "a number"),
        ("letters=maybe", "true or false"),
    ],
)
def test_settings_that_cannot_be_read_are_named(setting, words):
    with pytest.raises(PfsValueError) as caught:
        with_settings(CHAR_RNN, [setting])
    assert caught.value.code == "A01"
    assert words in str(caught.value)


def test_every_setting_of_every_recipe_says_what_it_means():
    for recipe in RECIPES.values():
        described = describe(recipe.config())
        assert all(meaning.endswith(".") for _, _, meaning in described)
        assert recipe.load().run


def test_the_settings_of_a_recipe_come_before_those_of_all():
    names = [name for name, _, _ in describe(CHAR_RNN)]
    assert names[0] == "data"
    assert names.index("held_out") < names.index("seed")


@dataclass(frozen=True, kw_only=True)
class Small(TrainingConfig):
    size: int = 3


def test_changes_are_listed_and_free_ones_are_not():
    saved = {**vars(Small()), "seed": 5, "device": "cuda", "size": 9}
    with pytest.raises(PfsValueError) as caught:
        refuse_changes(Small(), saved)
    assert caught.value.where == "seed, size"
    assert caught.value.expected == "seed=5, size=9"
    assert caught.value.got == "seed=0, size=3"
    refuse_changes(Small(), saved, override=True)


def test_a_setting_that_was_not_there_is_as_its_default():
    older = {k: v for k, v in asdict(CHAR_RNN).items() if k != "cell"}
    refuse_changes(CHAR_RNN, older)
    with pytest.raises(PfsValueError) as caught:
        refuse_changes(replace(CHAR_RNN, cell="lstm"), older)
    assert caught.value.where == "cell"
    assert caught.value.expected == "cell=rnn"
    assert defaults(CharRNNConfig)["optimizer"] == "sgd"
    assert "hidden_size" not in defaults(CharRNNConfig)


def test_a_text_has_a_name_or_a_file(tmp_path):
    path = tmp_path / "나의 글.txt"
    path.write_text("안녕하세요. " * 3, "utf-8")
    assert read_corpus(str(path)).text.startswith("안녕")
    assert read_corpus("story-zh", letters=True).name == "story-zh-letters"
    with pytest.raises(PfsError, match="story-en") as caught:
        read_corpus("story-em")
    assert caught.value.code == "A01"
    with pytest.raises(PfsFileError) as caught:
        read_corpus(str(tmp_path / "missing.txt"))
    assert caught.value.code == "X09"


@pytest.mark.parametrize(
    ("steps", "times", "every"),
    [(1000, 10, 100), (7, 10, 1), (15, 10, 2), (9, 1, 9), (9, 0, 9)],
)
def test_events_are_spread_over_a_run(steps, times, every):
    assert every_so_often(steps, times) == every
