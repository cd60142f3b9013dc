"""Dates as people write them, beside the form that machines sort.

A small translation task with exact truth: every character of `2026-11-21` has
its place in `Saturday, 21 November 2026`, and attention should find it.
"""

import datetime
import re
from typing import Final

from pfs.data.generated.splits import below, check, generator, pick, split
from pfs.data.pairs import Pair
from pfs.errors import PfsValueError

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

    Examples:
        >>> write(datetime.date(2026, 11, 21), "ko", 1)
        '2026년 11월 21일 토요일'

    Source:
        This project.

    Differs:
        nothing
    """
    check("dates", [language], 1, form)
    if form >= len(FORMS[language]):
        raise PfsValueError(
            "A01",
            where="dates.write, form",
            expected=f"0 to {len(FORMS[language]) - 1}",
            got=str(form),
            todo="choose one of these",
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

    Examples:
        >>> read("the 2nd of May, 1998", "en").isoformat()
        '1998-05-02'

    Source:
        This project.

    Differs:
        nothing
    """
    check("dates", [language], 1, 0)
    for year, month, day in _guesses(text, language):
        try:
            date = datetime.date(year, month, day)
        except ValueError:
            continue
        forms = range(len(FORMS[language]))
        if any(write(date, language, form) == text for form in forms):
            return date
    raise PfsValueError(
        "A01",
        where="dates.read, text",
        expected=f"a date in one of the forms of {language}",
        got=repr(text),
        todo="write it as dates.write does; look at the weekday",
    )


def load(
    language: str = "en", size: int = 10_000, seed: int = 0
) -> dict[str, tuple[Pair, ...]]:
    """Make pairs of a written date and its standard form.

    No day is in two splits, in whatever form.

    Args:
        language: Of the written dates.
        size: How many pairs there are together, at most a third of the days
            from 1900 to 2099.
        seed: Decides which.

    Returns:
        `train`, `validation` and `test`.

    Raises:
        ValueError: A01 if an option is out of range.

    Examples:
        >>> load("zh", size=10)["test"][0].target[:2] in ("19", "20")
        True

    Source:
        This project.

    Differs:
        The usual form of this task draws days with repetition, so that most
        days of the test were seen in training.
    """
    check("dates", [language], size, seed)
    days = (LAST - FIRST).days + 1
    if size > days // 3:
        raise PfsValueError(
            "A01",
            where="dates, size",
            expected=f"at most {days // 3:,}, a third of the days",
            got=f"{size:,}",
            todo="ask for fewer",
        )
    source = generator(seed)
    drawn: dict[int, None] = {}
    while len(drawn) < size:
        drawn[below(days, source)] = None
    forms = range(len(FORMS[language]))
    made = []
    for number in drawn:
        date = FIRST + datetime.timedelta(number)
        text = write(date, language, pick(forms, source))
        made.append(Pair(text, date.isoformat()))
    return split(made)


def _guesses(text: str, language: str) -> list[tuple[int, int, int]]:
    if language == "en":
        months = [n for n, m in enumerate(MONTHS, 1) if m[:3] in text]
        numbers = [int(n) for n in re.findall(r"\d+", text)]
        if len(numbers) != 2 or not months:
            return []
        return [(max(numbers), month, min(numbers)) for month in months]
    if language == "zh":
        text = re.sub(f"[{HAN}十]+(?=[年月日])", _arabic, text)
    numbers = [int(n) for n in re.findall(r"\d+", text)]
    return [(numbers[0], numbers[1], numbers[2])] if len(numbers) == 3 else []


def _arabic(match: re.Match[str]) -> str:
    word = match[0]
    if "十" not in word:
        return "".join(str(HAN.index(symbol)) for symbol in word)
    tens, _, one = word.partition("十")
    ten = HAN.index(tens) if tens else 1
    return str(10 * ten + (HAN.index(one) if one else 0))


def _han(number: int) -> str:
    """Write a number from 1 to 31 in Chinese."""
    tens, one = divmod(number, 10)
    text = {0: "", 1: "十"}.get(tens, f"{HAN[tens]}十")
    return text + (HAN[one] if one else "")


def _ordinal(number: int) -> str:
    ending = {1: "st", 2: "nd", 3: "rd"}.get(number % 10, "th")
    return f"{number}{'th' if 11 <= number <= 13 else ending}"
