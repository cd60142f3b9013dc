"""Exact match and F1 are those of the three official scripts."""

import os
import random
import re
import string

import pytest
from words.oracles.answer_scripts import NLTK, SCRIPTS, cmrc_f1

from pfs.data import load
from pfs.data.generated import templates
from pfs.errors import PfsFileError
from pfs.words.answer_scores import exact_match, f1, units

GIVEN = os.environ.get("PFS_DATA")
REAL = {
    "squad-dev": "en",
    "korquad-dev": "ko",
    "cmrc2018-dev": "zh",
    "cmrc2018-trial": "zh",
    "xquad-en": "en",
    "xquad-zh": "zh",
}
SPECIAL = [
    *string.punctuation,
    *"《》〈〉‘’“”，。：；？！、·…（）－～「」『』",
    " ",
]
PLAIN = {
    "en": ["the", "a", "An", "theatre", "cat", "Dog's", "42", "U.S.", "e-mail"],
    "ko": ["책", "을", "서울", "the", "42", "한국의", "NBA", "a"],
    "zh": ["书", "北京", "的", "the", "42", "NBA", "年", "第3"],
}


def perturbed(chance, language):
    """Words and signs in a row, some twice, some without a blank."""
    parts = []
    for _ in range(chance.randrange(1, 7)):
        parts.append(chance.choice(PLAIN[language]))
        if chance.random() < 0.5:
            parts.append(chance.choice(SPECIAL))
        if chance.random() < 0.5:
            parts.append(" " * chance.randrange(1, 3))
    return "".join(parts)


def without_words(text):
    """Leave nothing for NLTK to cut: the oracle has no copy of it."""
    return re.sub(
        "[^\u4e00-\u9fa5" + re.escape("，。：；？！、·“”《》") + "]", "", text
    )


@pytest.mark.parametrize("language", ["en", "ko", "zh"])
def test_drawn_answers_score_as_in_the_official_script(language):
    chance = random.Random(7)
    em, overlap = SCRIPTS[language]
    different = set()
    for _ in range(600):
        said = perturbed(chance, language)
        right = [perturbed(chance, language) for _ in range(3)]
        if chance.random() < 0.5:  # near to the first
            middle = len(right[0]) // 2
            said = (
                right[0][:middle] + chance.choice(SPECIAL) + right[0][middle:]
            )
        assert exact_match(said, right, language) == em(said, right)
        if language == "zh":
            cut = lambda text: units_of_words(text)
            wanted = cmrc_f1(said, right, cut)
        else:
            wanted = overlap(said, right)
        assert f1(said, right, language) == pytest.approx(wanted, abs=1e-12)
        different.add(round(wanted, 3))
    assert len(different) > 12


def units_of_words(text):
    """Cut what holds no Chinese; NLTK's part is judged below, by a table."""
    return units(text, "zh")


@pytest.mark.parametrize("text", NLTK, ids=str)
def test_latin_words_are_cut_as_nltk_cuts_them(text):
    """Signs that the script takes away first are left in here."""
    from pfs.words import answer_scores

    assert answer_scores._mixed(text) == NLTK[text]


@pytest.mark.parametrize("language", ["en", "ko", "zh"])
def test_what_people_answered_is_all_right(language):
    made = templates.load(language, size=200)
    for question in made["train"]:
        right = [text for text, _ in question.answers]
        for text in right or [""]:
            assert exact_match(text, right, language) == 1
            assert f1(text, right, language) == 1


@pytest.mark.parametrize("language", ["en", "ko", "zh"])
def test_without_an_answer_silence_is_right(language):
    assert exact_match("", [], language) == f1("", [], language) == 1
    assert exact_match("x", [], language) == f1("x", [], language) == 0
    assert exact_match("", ["x"], language) == f1("", ["x"], language) == 0


def test_the_scripts_differ():
    """Articles in English only, blanks in all but Chinese, quotes."""
    assert exact_match("the cat", ["cat"]) == 1
    assert exact_match("the cat", ["cat"], "ko") == 0
    assert exact_match("두  권", ["두 권"], "ko") == 1
    assert exact_match("두권", ["두 권"], "ko") == 0
    assert f1("두권", ["두 권"], "ko") == 1
    assert exact_match("a b", ["ab"], "zh") == 0
    assert exact_match("北京，", ["北京"], "zh") == 1
    assert exact_match("北京，", ["北京"], "en") == 0
    assert f1("京北", ["北京"], "zh") == 0.5  # the order counts
    assert f1("울서", ["서울"], "ko") == 1  # here it does not


def test_the_best_reference_counts():
    assert f1("big red bus", ["bus", "red bus"]) == pytest.approx(0.8)
    assert exact_match("bus", ["car", "bus"]) == 1


@pytest.mark.parametrize("name", REAL)
def test_real_answers_score_as_in_the_official_script(name, monkeypatch):
    language = REAL[name]
    if not GIVEN:  # then nothing is fetched
        monkeypatch.setenv("PFS_HOME", "/nowhere")
        with pytest.raises(PfsFileError):
            load(name)
        return
    em, overlap = SCRIPTS[language]
    chance = random.Random(3)
    questions = load(name)
    for question in questions:
        right = [text for text, _ in question.answers]
        assert exact_match(right[0], right, language) == 1
        assert f1(right[0], right[:1], language) == 1
    for question in chance.sample(questions, 300):
        right = [text for text, _ in question.answers]
        start = chance.randrange(len(question.context))
        said = question.context[start : start + chance.randrange(1, 40)]
        if chance.random() < 0.7:
            middle = chance.randrange(len(right[0]) + 1)
            said = right[0][:middle] + said[:5]
        assert exact_match(said, right, language) == em(said, right)
        if language == "zh":
            said = without_words(said)
            right = [without_words(t) for t in right]
        wanted = overlap(said, right)
        assert f1(said, right, language) == pytest.approx(wanted, abs=1e-12)
