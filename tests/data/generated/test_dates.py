"""Every day of two centuries, in every form, and back."""

import datetime

import pytest
import torch

from pfs.data import load
from pfs.data.generated import dates
from pfs.data.generated.dates import DAYS, FIRST, FORMS, LAST, read, write
from pfs.errors import PfsError

EVERY = [
    FIRST + datetime.timedelta(n) for n in range(0, (LAST - FIRST).days + 1, 3)
]


@pytest.mark.parametrize("language", FORMS)
def test_every_form_can_be_read_back(language):
    assert len(EVERY) > 24_000
    for number, date in enumerate(EVERY):
        form = number % len(FORMS[language])
        assert read(write(date, language, form), language) == date


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
    "options", [{"size": 0}, {"size": 10**6}, {"language": "fr"}, {"seed": -1}]
)
def test_options_that_cannot_be_are_refused(options):
    with pytest.raises(PfsError) as caught:
        dates.load(**options)
    assert caught.value.code == "A01"
    with pytest.raises(PfsError):
        write(FIRST, "en", 5)
