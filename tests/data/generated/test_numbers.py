"""Numbers in words, beside libraries that are not ours."""

import collections
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
        for off in (-1, 0, 1, 10, 11, 1_000, 10_000, 10_001, 11_000)
        for start in (0, 10**8, 10**11 + 10**4)
        if 0 <= (n := start + digit * 10**power + off) < LIMIT
    }
)
SOURCE = torch.Generator().manual_seed(0)
NUMBERS = sorted(
    {
        *range(3_000),
        *BORDERS,
        *(
            int(torch.randint(10**digits, (1,), generator=SOURCE))
            for digits in range(4, 13)
            for _ in range(900)
        ),
    }
)


def test_english_is_that_of_the_library():
    assert len(NUMBERS) > 10_000
    for number in NUMBERS:
        # Only spelling: the library is British, with commas.
        words = num2words(number).replace(",", "").replace(" and ", " ")
        assert say(number, "en") == words


def test_korean_is_that_of_the_library_but_for_its_mistake():
    """It drops 일 before every 만, not only before one that begins."""
    assert num2words(100_010_000, lang="ko") == "일억 만"
    assert say(100_010_000, "ko") == "일억 일만"
    met = 0
    for number in NUMBERS:
        other = num2words(number, lang="ko")
        wrong = number >= 10**8 and number // 10**4 % 10**4 == 1
        if wrong:
            other = other.replace("억 만", "억 일만")
            met += 1
        assert say(number, "ko") == other
    assert met > 10


def test_chinese_is_that_of_the_library_but_for_its_gaps():
    """num2words has no Chinese; cn2an leaves out 零 for four zeros."""
    with pytest.raises(NotImplementedError):
        num2words(1, lang="zh")
    assert an2cn("100001000", "low") == "一亿一千"
    assert say(100_001_000, "zh") == "一亿零一千"
    met = 0
    for number in NUMBERS:
        other = re.sub("^一十", "十", an2cn(str(number), "low"))
        gap = number // 10**4 % 10**4 == 0 and number % 10**4 >= 1000
        if number >= 10**8 and gap:
            other = other.replace("亿", "亿零")
            met += 1
        assert say(number, "zh") == other
    assert met > 10


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
        (100_010_000, "일억 일만", "一亿零一万"),
        (210_010_001, "이억 천일만 일", "二亿一千零一万零一"),
        (201_000, "이십만 천", "二十万一千"),
        (200_500, "이십만 오백", "二十万零五百"),
        (10**11 + 1, "천억 일", "一千亿零一"),
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
        ("일억 만", "ko"),
        ("일억일만", "ko"),
        ("일만", "ko"),
        ("하나", "zh"),
        ("one hundred and one", "en"),
        ("twenty one", "en"),
        ("Two", "en"),
        (" two", "en"),
        ("nine hundred " * 10_000, "en"),
        ("九亿" * 10_000, "zh"),
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
        {"longest": 0},
        {"longest": 13},
        {"longest": 2, "size": 51},
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


@given(st.text(max_size=30), st.sampled_from(["en", "ko", "zh"]))
def test_no_text_breaks_the_reader(words, language):
    try:
        number = read(words, language)
    except PfsError:
        return  # anything else would fail
    native = language == "ko" and 0 < number < 100
    forms = [say(number, language, native=n) for n in (False, native)]
    assert words in forms


@given(
    st.lists(st.sampled_from("零一二十百千万亿 영일이십백천만억"), max_size=12),
    st.sampled_from(["ko", "zh"]),
)
def test_words_in_disorder_are_read_as_one_number_or_refused(words, language):
    text = "".join(words)
    try:
        number = read(text, language)
    except PfsError:
        return  # anything else would fail
    assert say(number, language) == text


def test_a_pair_can_have_digits_on_one_side():
    for pair in load("numbers", source="digits", target="zh", size=50)["train"]:
        assert pair.source == pair.note
        assert read(pair.target, "zh") == int(pair.note)


def test_lengths_are_drawn_evenly_up_to_the_longest():
    every = [p for part in load("numbers").values() for p in part]
    lengths = collections.Counter(len(pair.note) for pair in every)
    assert len(every) == len({pair.note for pair in every}) == 10_000
    assert lengths[1] == 10
    assert lengths[2] == 90
    assert all(700 < lengths[n] < 1_100 for n in range(4, 13))
    short = load("numbers", size=500, longest=3)
    assert {len(p.note) for p in short["train"]} == {1, 2, 3}


def test_numbers_beyond_the_range_are_refused():
    with pytest.raises(PfsError, match="'ko'"):
        say(5, "zh", native=True)
    for wrong in (LIMIT, -1):
        with pytest.raises(PfsError):
            say(wrong, "en")
    for wrong in (0, 100):
        with pytest.raises(PfsError):
            say(wrong, "ko", native=True)
