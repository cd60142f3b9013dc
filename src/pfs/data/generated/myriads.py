"""Numbers in groups of four digits, as Korean and Chinese say them."""

from collections.abc import Mapping
from typing import Final

KOREAN: Final = "영일이삼사오육칠팔구"
CHINESE: Final = "零一二三四五六七八九"
DIGITS: Final = {"ko": KOREAN, "zh": CHINESE}
PLACES: Final = {"ko": ("", "십", "백", "천"), "zh": ("", "十", "百", "千")}
GROUPS: Final = {"ko": ("", "만", "억"), "zh": ("", "万", "亿")}
GROUP: Final = 10_000


def korean(number: int) -> str:
    """Write a number in Sino-Korean words, with a space after each group.

    일 is left out before 십, 백 and 천, and before a 만 that begins the number:
    10,000 is 만, but 110,000 is 십일만 and 100,010,000 is 일억 일만.

    Args:
        number: From 0, below a trillion.

    Returns:
        The words.

    Examples:
        >>> korean(10_000), korean(100_010_000)
        ('만', '일억 일만')

    Source:
        Rules of Korean spelling (1988), article 44, for the spaces.

    Differs:
        On cheques and in banks 일 is always written: 일만, 일천.
    """
    if number == 0:
        return KOREAN[0]
    parts: list[str] = []
    for place, group in _groups(number):
        words = "".join(
            ("" if digit == 1 and power else KOREAN[digit])
            + PLACES["ko"][power]
            for power, digit in _digits(group)
        )
        silent = not parts and place == 1 and group == 1
        parts.append(("" if silent else words) + GROUPS["ko"][place])
    return " ".join(parts)


def chinese(number: int) -> str:
    """Write a number in simplified Chinese.

    零 is written once for a row of zeros inside the number; zeros at the end
    of a group are silent, so 201,000 is 二十万一千. 一 is left out before a 十
    that begins the number. 2 is always 二: 两 before 千, 万 and 亿 is usual in
    speech, and 二 is correct everywhere.

    Args:
        number: From 0, below a trillion.

    Returns:
        The words.

    Examples:
        >>> chinese(15), chinese(10_305), chinese(201_000)
        ('十五', '一万零三百零五', '二十万一千')

    Source:
        How schools in China teach to read numbers.

    Differs:
        nothing
    """
    if number == 0:
        return CHINESE[0]
    text, before = "", 0
    for place, group in _groups(number):
        skipped = before - place > 1
        if text and (skipped or group < GROUP // 10):
            text += CHINESE[0]
        text += _four(group) + GROUPS["zh"][place]
        before = place
    return text[1:] if text.startswith("一十") else text


def read(words: str, language: str) -> int | None:
    """Add up the words of a number, whether or not they are in order.

    Args:
        words: The words.
        language: `ko` or `zh`.

    Returns:
        The number, or None if something else stands there.

    Examples:
        >>> read("일억 일만", "ko"), read("十五", "zh"), read("two", "zh")
        (100010000, 15, None)

    Source:
        This project.

    Differs:
        nothing
    """
    places = _values(PLACES[language], 10)
    groups = _values(GROUPS[language], GROUP)
    total = group = 0
    digit: int | None = None
    for symbol in words.replace(" ", ""):
        if symbol in DIGITS[language]:
            digit = DIGITS[language].index(symbol)
        elif symbol in places:
            group += (digit or 1) * places[symbol]
            digit = None
        elif symbol in groups:
            total += (group + (digit or 0) or 1) * groups[symbol]
            group, digit = 0, None
        else:
            return None
    return total + group + (digit or 0)


def _values(words: tuple[str, ...], base: int) -> Mapping[str, int]:
    return {word: base**n for n, word in enumerate(words) if word}


def _groups(number: int) -> list[tuple[int, int]]:
    """Return the groups that are not zero, the highest first."""
    pairs = ((place, number // GROUP**place % GROUP) for place in (2, 1, 0))
    return [(place, group) for place, group in pairs if group]


def _digits(group: int) -> list[tuple[int, int]]:
    """Return the places and digits of a group that are not zero."""
    pairs = ((power, group // 10**power % 10) for power in (3, 2, 1, 0))
    return [(power, digit) for power, digit in pairs if digit]


def _four(group: int) -> str:
    """Write up to four digits, with one 零 for zeros inside."""
    text, before = "", 0
    for power, digit in _digits(group):
        if text and before - power > 1:
            text += CHINESE[0]
        text += CHINESE[digit] + PLACES["zh"][power]
        before = power
    return text
