"""Numbers in words, beside libraries that are not ours."""

import re

import pytest
import torch
from cn2an import an2cn
from hypothesis import given
from hypothesis import strategies as st
from num2words import num2words

from pfs.data import load
from pfs.data.generated.numbers import LIMIT, read, say
from pfs.errors import PfsError

BORDERS = sorted(
    {
        n
        for power in range(13)
        for digit in (1, 2, 5, 9)
        for off in (-1, 0, 1, 10, 11)
        if 0 <= (n := digit * 10**power + off) < LIMIT
    }
)
NUMBERS = [
    *range(3000),
    *BORDERS,
    *(
        int(
            torch.randint(
                10**d, (1,), generator=torch.Generator().manual_seed(i)
            )
        )
        for i in range(700)
        for d in range(2, 13)
    ),
]


def theirs(number, language):
    """What num2words says, where its convention is only another spelling."""
    if language == "en":
        words = num2words(number)
        return words.replace(",", "").replace(" and ", " ")
    if language == "ko":
        # It writes 일만 sometimes as 만 and spaces groups as we do.
        return num2words(number, lang="ko")
    words = re.sub("^一十", "十", an2cn(str(number), "low"))
    empty = number // 10_000 % 10_000 == 0 and number % 10_000 >= 1000
    if number >= 10**8 and empty:
        # cn2an reads a whole group of zeros as nothing; schools read one 零.
        words = words.replace("亿", "亿零")
    return words


def test_english_is_that_of_the_library():
    assert len(NUMBERS) > 10_000
    for number in NUMBERS:
        assert say(number, "en") == theirs(number, "en")


def test_korean_is_that_of_the_library():
    for number in NUMBERS:
        ours, other = say(number, "ko"), theirs(number, "ko")
        assert ours.replace(" ", "") == other.replace(" ", ""), number


def test_chinese_is_that_of_the_library():
    for number in NUMBERS:
        assert say(number, "zh") == theirs(number, "zh"), number


@pytest.mark.parametrize("language", ["en", "ko", "zh"])
def test_reading_is_the_inverse_of_saying(language):
    for number in NUMBERS:
        assert read(say(number, language), language) == number


@given(st.integers(0, LIMIT - 1), st.sampled_from(["en", "ko", "zh"]))
def test_no_two_numbers_have_the_same_words(number, language):
    words = say(number, language)
    assert read(words, language) == number


@pytest.mark.parametrize(
    ("number", "ko", "zh"),
    [
        (0, "영", "零"),
        (10, "십", "十"),
        (11, "십일", "十一"),
        (20, "이십", "二十"),
        (100, "백", "一百"),
        (101, "백일", "一百零一"),
        (110, "백십", "一百一十"),
        (1_001, "천일", "一千零一"),
        (1_010, "천십", "一千零一十"),
        (10_000, "만", "一万"),
        (10_001, "만 일", "一万零一"),
        (10_100, "만 백", "一万零一百"),
        (11_000, "만 천", "一万一千"),
        (100_000, "십만", "十万"),
        (100_000_000, "일억", "一亿"),
        (101_000, "십만 천", "十万一千"),
        (100_010_000, "일억 만", "一亿零一万"),
        (100_001_000, "일억 천", "一亿零一千"),
        (110_000_000, "일억 천만", "一亿一千万"),
        (123_456_789, "일억 이천삼백사십오만 육천칠백팔십구", None),
    ],
)
def test_forms_that_are_known(number, ko, zh):
    assert say(number, "ko") == ko
    if zh:
        assert say(number, "zh") == zh


@pytest.mark.parametrize(
    ("number", "words"),
    [(1, "하나"), (10, "열"), (20, "스물"), (21, "스물하나"), (99, "아흔아홉")],
)
def test_native_korean_counts_to_ninety_nine(number, words):
    assert say(number, "ko", native=True) == words
    assert read(words, "ko") == number
    assert len({say(n, "ko", native=True) for n in range(1, 100)}) == 99


@pytest.mark.parametrize(
    ("words", "language"),
    [
        ("", "en"),
        ("hundred", "en"),
        ("two three", "en"),
        ("일십", "ko"),
        ("이이", "ko"),
        ("一万一", "zh"),
        ("一十", "zh"),
        ("两百", "zh"),
        ("two", "ko"),
    ],
)
def test_words_that_are_no_number_are_refused(words, language):
    with pytest.raises(PfsError) as caught:
        read(words, language)
    assert caught.value.code == "A01"


@pytest.mark.parametrize(
    "options",
    [
        {"size": 0},
        {"seed": -1},
        {"source": "fr"},
        {"target": "jp"},
    ],
)
def test_options_that_cannot_be_are_refused(options):
    with pytest.raises(PfsError) as caught:
        load("numbers", **options)
    assert caught.value.code == "A01"


def test_splits_share_nothing_and_a_seed_decides_them():
    before = torch.random.get_rng_state()
    one, two = load("numbers", size=500), load("numbers", size=500)
    assert torch.equal(torch.random.get_rng_state(), before)
    assert one == two != load("numbers", size=500, seed=1)
    notes = [{p.note for p in part} for part in one.values()]
    assert [len(n) for n in notes] == [400, 50, 50]
    assert len(set().union(*notes)) == 500
    for pair in one["test"]:
        assert pair.source == say(int(pair.note), "en")
        assert pair.target == say(int(pair.note), "ko")


def test_numbers_beyond_the_range_are_refused():
    for wrong in (LIMIT, -1):
        with pytest.raises(PfsError):
            say(wrong, "en")
    for wrong in (0, 100):
        with pytest.raises(PfsError):
            say(wrong, "ko", native=True)
