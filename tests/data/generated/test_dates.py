"""Every day of four decades, in every form, and back."""

import datetime

import pytest
import torch
from babel.dates import format_date as form
from hypothesis import given
from hypothesis import strategies as st

from pfs.data import load
from pfs.data.generated import dates
from pfs.data.generated.dates import DAYS, FIRST, FORMS, read, write
from pfs.errors import PfsError

START = datetime.date(1990, 1, 1)
EVERY = [START + datetime.timedelta(n) for n in range(14_610)]
LANGUAGES = st.sampled_from(sorted(FORMS))


@pytest.mark.parametrize("language", FORMS)
def test_every_day_can_be_read_back(language):
    assert EVERY[-1] == datetime.date(2029, 12, 31)
    for number, date in enumerate(EVERY):
        form = number % len(FORMS[language])
        assert read(write(date, language, form), language) == date


@given(st.dates(), LANGUAGES, st.integers(0, 4))
def test_every_form_of_any_day_can_be_read_back(date, language, form):
    assert read(write(date, language, form), language) == date


@given(
    st.one_of(
        st.text(max_size=20),
        st.text("0123456789 年月日년월일〇一二十三May,.-", max_size=20),
    ),
    LANGUAGES,
)
def test_no_text_breaks_the_reader(text, language):
    try:
        date = read(text, language)
    except PfsError:
        return  # anything else would fail
    forms = range(len(FORMS[language]))
    assert text in [write(date, language, form) for form in forms]


@pytest.mark.parametrize("date", EVERY[::89])
def test_forms_are_those_of_unicode(date):
    """Beside the Common Locale Data Repository, which is not ours."""
    assert write(date, "en", 1) == form(date, "long", "en")
    assert write(date, "en", 2) == form(date, "medium", "en")
    assert write(date, "en", 0) == form(date, "long", "en_GB")
    assert write(date, "ko", 0) == form(date, "long", "ko")
    assert write(date, "ko", 1) == form(date, "full", "ko")
    assert write(date, "ko", 2) == form(date, "medium", "ko")
    assert write(date, "zh", 0) == form(date, "long", "zh")
    # The space before the weekday is our choice.
    full = form(date, "full", "zh")
    assert write(date, "zh", 1).replace(" ", "") == full


@pytest.mark.parametrize(
    ("language", "texts"),
    [
        (
            "en",
            (
                "21 November 2026",
                "November 21, 2026",
                "Nov 21, 2026",
                "Saturday, 21 November 2026",
                "the 21st of November, 2026",
            ),
        ),
        (
            "ko",
            (
                "2026년 11월 21일",
                "2026년 11월 21일 토요일",
                "2026. 11. 21.",
                "2026. 11. 21.(토)",
                "2026년11월21일",
            ),
        ),
        (
            "zh",
            (
                "2026年11月21日",
                "2026年11月21日 星期六",
                "二〇二六年十一月二十一日",
                "二〇二六年十一月二十一日星期六",
                "2026年11月21号",
            ),
        ),
    ],
)
def test_the_forms_are_those_of_the_language(language, texts):
    day = datetime.date(2026, 11, 21)
    forms = range(len(FORMS[language]))
    assert tuple(write(day, language, form) for form in forms) == texts


def test_weekdays_are_those_of_the_calendar():
    for date in EVERY[::97]:
        assert date.strftime("%A") in write(date, "en", 3)
        number = date.isoweekday() - 1
        assert DAYS["ko"][number] in write(date, "ko", 1)
        assert DAYS["zh"][number] in write(date, "zh", 1)


@pytest.mark.parametrize(
    ("text", "language"),
    [
        ("30 February 2026", "en"),
        ("Monday, 21 November 2026", "en"),
        ("the 21th of November, 2026", "en"),
        ("2026년 11월 21일 월요일", "ko"),
        ("2026년 13월 1일", "ko"),
        ("二〇二六年十三月一日", "zh"),
        ("", "zh"),
        ("tomorrow", "en"),
        ("99999999999999년 1월 1일", "ko"),
        ("9" * 5_000 + "년 1월 1일", "ko"),
        ("十十年一月一日", "zh"),
        ("二〇二六年十一月二十十日", "zh"),
        ("0년 1월 1일", "ko"),
        ("２０２６年１１月２１日", "zh"),
    ],
)
def test_what_is_no_date_is_refused(text, language):
    with pytest.raises(PfsError) as caught:
        read(text, language)
    assert caught.value.code == "A01"


@pytest.mark.parametrize("language", FORMS)
def test_splits_share_no_day_and_a_seed_decides_them(language):
    before = torch.random.get_rng_state()
    one = load("dates", language=language, size=1000)
    assert torch.equal(torch.random.get_rng_state(), before)
    assert one == load("dates", language=language, size=1000)
    assert one != load("dates", language=language, size=1000, seed=1)
    days = [{pair.target for pair in part} for part in one.values()]
    assert [len(d) for d in days] == [800, 100, 100]
    assert len(set().union(*days)) == 1000
    for pair in one["train"]:
        assert read(pair.source, language).isoformat() == pair.target
    used = {len(pair.source) for pair in one["train"]}
    assert len(used) > 3


@pytest.mark.parametrize(
    "options",
    [
        {"size": 0},
        {"size": 73_050},
        {"language": "fr"},
        {"target": "fr"},
        {"seed": -1},
    ],
)
def test_options_that_cannot_be_are_refused(options):
    with pytest.raises(PfsError) as caught:
        dates.load(**options)
    assert caught.value.code == "A01"
    for number in (5, -1):
        with pytest.raises(PfsError) as caught:
            write(FIRST, "en", number)
        assert caught.value.code == "A01"


def test_a_date_can_be_translated():
    pairs = load("dates", language="en", target="ko", size=200)
    for pair in pairs["train"]:
        date = datetime.date.fromisoformat(pair.note)
        assert read(pair.source, "en") == date
        assert pair.target == f"{date.year}년 {date.month}월 {date.day}일"
