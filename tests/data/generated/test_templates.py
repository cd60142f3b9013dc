"""Answers stand where they are said to stand, and particles fit."""

import re
import unicodedata

import pytest
import torch
from hypothesis import given
from hypothesis import strategies as st

from pfs.data import load
from pfs.data.generated.particles import PARTICLES, fill, final, particle
from pfs.data.generated.templates import PEOPLE, PLACES, THINGS
from pfs.errors import PfsError

LANGUAGES = ("en", "ko", "zh")


@pytest.mark.parametrize("language", LANGUAGES)
def test_every_answer_is_in_its_place_and_nowhere_else(language):
    splits = load("templates", language=language)
    questions = [q for part in splits.values() for q in part]
    assert [len(part) for part in splits.values()] == [1600, 200, 200]
    known = {*PEOPLE[language], *THINGS[language], *PLACES[language]}
    for question in questions:
        for text, start in question.answers:
            assert text in known
            assert question.context[start : start + len(text)] == text
            assert text not in question.question
            assert question.context.count(text) == 1
            # The question's own words stand in the same sentence.
            end = "。" if language == "zh" else "."
            left = question.context.rfind(end, 0, start) + 1
            sentence = question.context[left:].split(end)[0]
            named = [w for w in known if w in question.question]
            assert len(named) >= 2
            assert all(word in sentence for word in named)
    empty = sum(not q.answers for q in questions)
    assert empty == 400
    assert all(any(not q.answers for q in part) for part in splits.values())


@pytest.mark.parametrize("language", LANGUAGES)
def test_a_question_without_an_answer_has_none(language):
    for part in load("templates", language=language, size=500).values():
        for question in part:
            if question.answers:
                continue
            asked = [
                word
                for words in (PEOPLE, THINGS, PLACES)
                for word in words[language]
                if word in question.question
            ]
            assert len(asked) == 2
            assert all(word in question.context for word in asked)
            end = "。" if language == "zh" else "."
            assert not any(
                all(word in sentence for word in asked)
                for sentence in question.context.split(end)
            )


def test_korean_particles_follow_the_sound_before_them():
    for word, forms in {
        "사과": ("는", "가", "를", "와", "로"),
        "책": ("은", "이", "을", "과", "으로"),
        "물": ("은", "이", "을", "과", "로"),
        "역": ("은", "이", "을", "과", "으로"),
        "다리": ("는", "가", "를", "와", "로"),
    }.items():
        names = ("은", "이", "을", "과", "으로")
        assert tuple(particle(word, name) for name in names) == forms
    for word in (*PEOPLE["ko"], *THINGS["ko"], *PLACES["ko"]):
        assert (final(word) == 0) == (particle(word, "이") == "가")


@given(st.integers(0xAC00, 0xD7A3).map(chr), st.sampled_from([*PARTICLES]))
def test_particles_fit_every_syllable(syllable, name):
    """Unicode's own decomposition tells the final consonant."""
    parts = unicodedata.normalize("NFD", syllable)
    end = ord(parts[2]) - 0x11A7 if len(parts) == 3 else 0
    assert final(f"a{syllable}") == end
    closed = bool(end) and not (name == "으로" and parts[2] == "\u11af")
    assert particle(syllable, name) == PARTICLES[name][not closed]


def test_stories_have_the_particles_that_people_write():
    right = {
        *("미나는", "린은", "다니엘은", "태호는", "소라가", "린이", "다니엘이"),
        *("책을", "시계를", "등불을", "열쇠를", "종은", "지도는", "책은"),
        *("항구로", "역으로", "정원으로", "학교로", "시장으로", "다리로"),
        *("미나였다", "린이었다", "다니엘이었다", "원란이었다"),
    }
    known = (*PEOPLE["ko"], *THINGS["ko"], *PLACES["ko"])
    some = "은|는|이었다|였다|이|가|을|를|으로|로"
    used = set()
    for part in load("templates", language="ko").values():
        for question in part:
            text = f"{question.context} {question.question}"
            pattern = rf"(?<!\w)(?:{'|'.join(known)})(?:{some})(?!\w)"
            used |= set(re.findall(pattern, text))
    assert right <= used
    stems = {
        (word, re.sub("다$", "", form[len(word) :]))
        for form in used
        for word in known
        if form.startswith(word)
    }
    for word, form in stems:
        assert any(
            form == particle(word, name)
            for name in PARTICLES
            if form in PARTICLES[name]
        )


@pytest.mark.parametrize("word", ["RNN", "3", "", "책 ", "\u110e\u1162\u11a8"])
def test_a_word_whose_sound_is_not_known_is_refused(word):
    for call in (final, lambda w: fill("{x:은}", x=w)):
        with pytest.raises(PfsError) as caught:
            call(word)
        assert caught.value.code == "A01"


def test_a_particle_that_is_not_there_is_refused():
    with pytest.raises(PfsError) as caught:
        fill("{x:는}", x="책")
    assert caught.value.code == "A01"


@given(
    st.sampled_from(LANGUAGES),
    st.integers(2, 6),
    st.floats(0, 1),
    st.integers(0, 2**40),
)
def test_whatever_is_asked_for_the_truth_is_exact(
    language, sentences, unanswerable, seed
):
    parts = load(
        "templates",
        language=language,
        size=20,
        sentences=sentences,
        unanswerable=unanswerable,
        seed=seed,
    )
    every = [q for part in parts.values() for q in part]
    assert len({q.context for q in every}) == len({q.id for q in every}) == 20
    empty = sum(not q.answers for q in every)
    assert empty == round(unanswerable * 20)
    end = "。" if language == "zh" else "."
    for question in every:
        assert question.context.count(end) == sentences
        for text, start in question.answers:
            assert question.context[start : start + len(text)] == text


def test_splits_share_no_story_and_a_seed_decides_them():
    before = torch.random.get_rng_state()
    one = load("templates", size=300)
    assert torch.equal(torch.random.get_rng_state(), before)
    assert one == load("templates", size=300)
    assert one != load("templates", size=300, seed=1)
    stories = [{q.context for q in part} for part in one.values()]
    assert len(set().union(*stories)) == sum(map(len, stories)) == 300


def test_a_seed_tells_the_same_stories_in_every_language():
    told = [load("templates", language=name, size=100) for name in LANGUAGES]
    number = {
        word: i
        for words in (PEOPLE, THINGS, PLACES)
        for name in LANGUAGES
        for i, word in enumerate(words[name])
    }
    for part in ("train", "validation", "test"):
        for same in zip(*(one[part] for one in told), strict=True):
            answers = {tuple(number[a] for a, _ in q.answers) for q in same}
            assert len(answers) == 1


def test_without_empty_questions_all_are_answered():
    for part in load("templates", size=100, unanswerable=0.0).values():
        assert all(question.answers for question in part)


@pytest.mark.parametrize(
    "options",
    [
        {"language": "fr"},
        {"size": 0},
        {"sentences": 1},
        {"sentences": 7},
        {"size": 30_001},
        {"unanswerable": 1.5},
        {"seed": -1},
    ],
)
def test_options_that_cannot_be_are_refused(options):
    with pytest.raises(PfsError) as caught:
        load("templates", **options)
    assert caught.value.code == "A01"
