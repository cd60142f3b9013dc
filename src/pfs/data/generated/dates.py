"""Dates as people write them, beside the form that machines sort.

A small translation task with exact truth: every character of `2026-11-21` has
its place in `Saturday, 21 November 2026`, and attention should find it.
"""

import datetime
import re
from typing import Final

import torch

from pfs.data.generated.splits import (
    LANGUAGES,
    check,
    check_at_most,
    check_text,
    generator,
    pick,
    split,
)
from pfs.data.pairs import Pair
from pfs.errors import PfsTypeError, PfsValueError
from pfs.nn import checks

FIRST, LAST = datetime.date(1900, 1, 1), datetime.date(2099, 12, 31)
MONTHS: Final = (
    *("January", "February", "March", "April", "May", "June", "July"),
    *("August", "September", "October", "November", "December"),
)
DAYS: Final = {
    "en": (
        *("Monday", "Tuesday", "Wednesday", "Thursday", "Friday"),
        *("Saturday", "Sunday"),
    ),
    "ko": tuple(f"{day}요일" for day in "월화수목금토일"),
    "zh": tuple(f"星期{day}" for day in "一二三四五六日"),
}
FORMS: Final = {
    "en": (
        "{d} {month} {y}",
        "{month} {d}, {y}",
        "{short} {d}, {y}",
        "{day}, {d} {month} {y}",
        "the {nth} of {month}, {y}",
    ),
    "ko": (
        "{y}년 {m}월 {d}일",
        "{y}년 {m}월 {d}일 {day}",
        "{y}. {m}. {d}.",
        "{y}. {m}. {d}.({one})",
        "{y}년{m}월{d}일",
    ),
    "zh": (
        "{y}年{m}月{d}日",
        "{y}年{m}月{d}日 {day}",
        "{hanyear}年{hanm}月{hand}日",
        "{hanyear}年{hanm}月{hand}日{day}",
        "{y}年{m}月{d}号",
    ),
}
"""How dates are written; every form can be read back."""
HAN: Final = "〇一二三四五六七八九"
HAN_NUMBER: Final = f"(?:[{HAN}]?十[{HAN}]?|[{HAN}]{{1,4}})(?=[年月日])"


def write(date: datetime.date, language: str, form: int = 0) -> str:
    """Write a date as people do.

    Args:
        date: The date.
        language: `en`, `ko` or `zh`.
        form: Which of the language's `FORMS`.

    Returns:
        The date in words and digits.

    Raises:
        ValueError: A01 if there is no such language or form.
        TypeError: A02 if it is no date, or the form is not whole.

    Examples:
        >>> write(datetime.date(2026, 11, 21), "ko", 1)
        '2026년 11월 21일 토요일'

    Source:
        This project.

    Differs:
        nothing
    """
    check("dates", [language], 1, 0)
    checks.whole("dates.write", "form", form)
    allowed = tuple(str(number) for number in _forms(language))
    checks.one_of("dates.write", "form", str(form), allowed)
    if not isinstance(date, datetime.date):
        raise PfsTypeError(
            "A02",
            where="dates.write, date",
            expected="a datetime.date",
            got=type(date).__name__,
            todo="pass datetime.date(year, month, day)",
        )
    day = DAYS[language][date.weekday()]
    return FORMS[language][form].format(
        y=date.year,
        m=date.month,
        d=date.day,
        day=day,
        one=day[0],
        month=MONTHS[date.month - 1],
        short=MONTHS[date.month - 1][:3],
        nth=_ordinal(date.day),
        hanyear="".join(HAN[int(c)] for c in str(date.year)),
        hanm=_han(date.month),
        hand=_han(date.day),
    )


def read(text: str, language: str) -> datetime.date:
    """Read a date that `write` has written, in any of its forms.

    Args:
        text: The date.
        language: `en`, `ko` or `zh`.

    Returns:
        The date.

    Raises:
        ValueError: A01 if it is no date, or its weekday is another.
        TypeError: A02 if it is no text.

    Examples:
        >>> read("the 2nd of May, 1998", "en").isoformat()
        '1998-05-02'

    Source:
        This project.

    Differs:
        nothing
    """
    check("dates", [language], 1, 0)
    check_text("dates.read", "text", text)
    for year, month, day in _guesses(text, language):
        try:
            date = datetime.date(year, month, day)
        except ValueError:
            continue
        written = (write(date, language, form) for form in _forms(language))
        if text in written:
            return date
    raise PfsValueError(
        "A01",
        where="dates.read, text",
        expected=f"a date in one of the forms of {language}",
        got=repr(text[:80]),
        todo="write it as dates.write does; look at the weekday",
    )


def load(
    language: str = "en",
    size: int = 10_000,
    seed: int = 0,
    target: str = "iso",
) -> dict[str, tuple[Pair, ...]]:
    """Make pairs of a written date and its standard form, or a translation.

    Each day occurs once, so it is in one split, in whatever form. The note of
    a pair is the date as `2026-11-21`.

    Args:
        language: Of the written dates, which take any of the `FORMS`.
        size: How many pairs there are together, at most the 73,049 days from
            1900 to 2099.
        seed: Decides which days, and in which forms.
        target: `iso`, or the language to translate into, in its first form;
            that form has no weekday, which could not be told from the source.

    Returns:
        `train`, `validation` and `test`.

    Raises:
        ValueError: A01 if an option is out of range.
        TypeError: A02 if a number is not whole.

    Examples:
        >>> load("zh", size=10)["test"][0].target[:2] in ("19", "20")
        True

    Source:
        This project.

    Differs:
        The usual form of this task draws days with repetition, so a day of
        the test may have been seen in training.
    """
    check("dates", [language], size, seed)
    checks.one_of("dates", "target", target, ("iso", *LANGUAGES))
    days = (LAST - FIRST).days + 1
    check_at_most("dates", "size", size, days)
    source = generator(seed)
    drawn = torch.randperm(days, generator=source)[:size].tolist()
    made = []
    for number in drawn:
        date = FIRST + datetime.timedelta(number)
        text = write(date, language, pick(_forms(language), source))
        iso = date.isoformat()
        made.append(
            Pair(text, iso if target == "iso" else write(date, target), iso)
        )
    return split(made)


def _forms(language: str) -> range:
    return range(len(FORMS[language]))


def _guesses(text: str, language: str) -> list[tuple[int, int, int]]:
    """Return dates that the text may mean, possible or not."""
    if language == "zh":
        text = re.sub(HAN_NUMBER, _arabic, text)
    found = re.findall("[0-9]+", text)
    if any(len(digits) > 4 for digits in found):
        return []
    numbers = [int(digits) for digits in found]
    if language != "en":
        return (
            [(numbers[0], numbers[1], numbers[2])] if len(numbers) == 3 else []
        )
    months = [n for n, name in enumerate(MONTHS, 1) if name[:3] in text]
    if len(numbers) != 2:
        return []
    one, two = numbers
    # Early years look like days: the forms tell which is which.
    orders = ((one, two), (two, one))
    return [(year, m, day) for m in months for year, day in orders]


def _arabic(match: re.Match[str]) -> str:
    tens, ten, one = match[0].partition("十")
    if not ten:
        return "".join(str(HAN.index(symbol)) for symbol in tens)
    count = HAN.index(tens) if tens else 1
    return str(10 * count + (HAN.index(one) if one else 0))


def _han(number: int) -> str:
    """Write a number from 1 to 31 in Chinese."""
    tens, one = divmod(number, 10)
    text = {0: "", 1: "十"}.get(tens, f"{HAN[tens]}十")
    return text + (HAN[one] if one else "")


def _ordinal(number: int) -> str:
    ending = {1: "st", 2: "nd", 3: "rd"}.get(number % 10, "th")
    return f"{number}{'th' if 11 <= number <= 13 else ending}"
