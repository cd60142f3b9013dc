"""Answers stand where they are said to stand, and particles fit."""

import pytest
import torch

from pfs.data import load
from pfs.data.generated.particles import final, particle
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
    for part in load("templates", language="ko", size=300).values():
        for question in part:
            text = question.context + question.question
            for wrong in ("책를", "시계을", "역로", "미나은", "린는", "종를"):
                assert wrong not in text


def test_splits_share_no_story_and_a_seed_decides_them():
    before = torch.random.get_rng_state()
    one = load("templates", size=300)
    assert torch.equal(torch.random.get_rng_state(), before)
    assert one == load("templates", size=300)
    assert one != load("templates", size=300, seed=1)
    stories = [{q.context for q in part} for part in one.values()]
    assert len(set().union(*stories)) == sum(map(len, stories)) == 300


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
        {"unanswerable": 1.5},
        {"seed": -1},
    ],
)
def test_options_that_cannot_be_are_refused(options):
    with pytest.raises(PfsError) as caught:
        load("templates", **options)
    assert caught.value.code == "A01"
