"""What the command line says: whole in three languages, and all of it used."""

import re
from pathlib import Path

import pytest

from pfs.commands import words
from pfs.errors import PfsValueError
from pfs.recipes import RECIPES
from pfs.recipes.settings import describe

COMMANDS = Path(words.__file__).parent
SOURCES = "".join(
    path.read_text("utf-8")
    for path in [*COMMANDS.glob("*.py"), COMMANDS.parent / "cli.py"]
)


@pytest.fixture(autouse=True)
def in_english():
    yield
    words.use("en")


def test_no_words_are_without_a_use():
    for id in words.load():
        kind, _, rest = id.partition(".")
        known = id.startswith(("option-", "no-")) or (
            kind == "recipe" and rest in RECIPES
        )
        settings = {
            name for r in RECIPES.values() for name, *_ in describe(r.config())
        }
        known |= kind == "setting" and rest in settings
        used = f'"{id}"' in SOURCES or f"'{id}'" in SOURCES
        assert known or used, id


def test_every_setting_and_recipe_has_words():
    for recipe in RECIPES.values():
        assert words.say(f"recipe.{recipe.name}") == recipe.meaning
        for name, _, meaning in describe(recipe.config()):
            assert words.say(f"setting.{name}") == meaning


def test_what_is_filled_in_is_the_same_in_every_language():
    for id, said in words.load().items():
        holes = [sorted(re.findall(r"\{(\w+)\}", s)) for s in said.values()]
        assert holes[0] == holes[1] == holes[2], id
        assert re.search(r"[가-힣]|^Papers", said["ko"]), id
        assert re.search(r"[\u4e00-\u9fff]", said["zh"]), id


@pytest.mark.parametrize(
    ("environment", "language"),
    [
        ({"LANG": "ko_KR.UTF-8"}, "ko"),
        ({"LANG": "zh_CN.GB18030"}, "zh"),
        ({"LANG": "zh_TW.UTF-8"}, "zh"),
        ({"LANG": "ko_KR.UTF-8", "LC_ALL": "C"}, "en"),
        ({"LANG": "en_US.UTF-8", "LC_MESSAGES": "ko_KR.UTF-8"}, "ko"),
        ({"LANG": "fr_FR.UTF-8"}, "en"),
        ({"LANG": "POSIX"}, "en"),
        ({"LANG": "ko_KR.UTF-8", "PFS_LANG": "zh"}, "zh"),
    ],
)
def test_the_locale_chooses_the_language(environment, language, monkeypatch):
    for name in ("LC_ALL", "LC_MESSAGES", "LANG", "PFS_LANG"):
        monkeypatch.delenv(name, raising=False)
    for name, value in environment.items():
        monkeypatch.setenv(name, value)
    assert words.take_language(["list"]) == (language, ["list"])


@pytest.mark.parametrize(
    ("given", "rest"),
    [
        (["--lang", "ko", "list"], ["list"]),
        (["list", "--lang=ko"], ["list"]),
        (
            ["sample", "--prompt", "a", "--lang", "ko"],
            ["sample", "--prompt", "a"],
        ),
    ],
)
def test_the_option_may_stand_anywhere(given, rest):
    assert words.take_language(given) == ("ko", rest)


def test_what_follows_two_dashes_is_left_alone(monkeypatch):
    monkeypatch.setenv("PFS_LANG", "en")
    given = ["sample", "--", "--lang", "ko"]
    assert words.take_language(given) == ("en", given)


def test_another_language_is_refused():
    with pytest.raises(PfsValueError) as caught:
        words.use("fr")
    assert caught.value.code == "A01"
