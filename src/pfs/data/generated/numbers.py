"""Numbers as words in English, Korean and Chinese, and back.

Korean writes Sino-Korean numbers, in groups of four digits, with a space
after each group, as the rules of 1988 ask (article 44). Chinese writes 零 once
for zeros inside, and 两 never: the plain form 二 is right in every place.
"""

import re
from collections.abc import Mapping
from typing import Final

from pfs.data.generated.splits import below, check, generator, split
from pfs.data.pairs import Pair
from pfs.errors import PfsValueError

LIMIT: Final = 10**12
"""Numbers are below it."""
ENGLISH: Final = (
    *("zero", "one", "two", "three", "four", "five", "six", "seven", "eight"),
    *("nine", "ten", "eleven", "twelve", "thirteen", "fourteen", "fifteen"),
    *("sixteen", "seventeen", "eighteen", "nineteen"),
)
TENS: Final = (
    *("", "", "twenty", "thirty", "forty", "fifty", "sixty", "seventy"),
    *("eighty", "ninety"),
)
THOUSANDS: Final = ("", "thousand", "million", "billion")
KOREAN: Final = "영일이삼사오육칠팔구"
CHINESE: Final = "零一二三四五六七八九"
PLACES: Final = {"ko": ("", "십", "백", "천"), "zh": ("", "十", "百", "千")}
GROUPS: Final = {"ko": ("", "만", "억"), "zh": ("", "万", "亿")}
NATIVE: Final = (
    ("", "하나", "둘", "셋", "넷", "다섯", "여섯", "일곱", "여덟", "아홉"),
    ("", "열", "스물", "서른", "마흔", "쉰", "예순", "일흔", "여든", "아흔"),
)


def say(number: int, language: str, *, native: bool = False) -> str:
    """Write a number in words.

    Args:
        number: From 0 to 999,999,999,999.
        language: `en`, `ko` or `zh`.
        native: Count in native Korean words, from 1 to 99.

    Returns:
        The words.

    Raises:
        ValueError: A01 if the number or the language is out of range.
        TypeError: A02 if the number is not whole.

    Examples:
        >>> say(10_305, "en"), say(10_305, "ko"), say(10_305, "zh")
        ('ten thousand three hundred five', '만 삼백오', '一万零三百零五')
        >>> say(21, "ko", native=True)
        '스물하나'

    Source:
        This project.

    Differs:
        nothing
    """
    check("numbers", [language], 1, number)
    highest = 99 if native else LIMIT - 1
    if number > highest or (native and (number < 1 or language != "ko")):
        raise _too_large(number, highest)
    if native:
        return NATIVE[1][number // 10] + NATIVE[0][number % 10]
    writers = {"en": _english, "ko": _korean, "zh": _chinese}
    return writers[language](number)


def read(words: str, language: str) -> int:
    """Turn words back into the number: the inverse of `say`.

    Args:
        words: What `say` has written.
        language: `en`, `ko` or `zh`.

    Returns:
        The number.

    Raises:
        ValueError: A01 if these words are not a number as `say` writes it.

    Examples:
        >>> read("스물하나", "ko"), read("一万零三百零五", "zh")
        (21, 10305)

    Source:
        This project.

    Differs:
        nothing
    """
    check("numbers", [language], 1, 0)
    readers = {"en": _read_english, "ko": _read_korean, "zh": _read_chinese}
    number = readers[language](words)
    if number is not None and 0 <= number < LIMIT:
        forms = [say(number, language)]
        if language == "ko" and 0 < number < 100:
            forms.append(say(number, "ko", native=True))
        if words in forms:
            return number
    raise PfsValueError(
        "A01",
        where="numbers.read, words",
        expected=f"a number in words ({language})",
        got=repr(words),
        todo="write it as numbers.say does",
    )


def load(
    source: str = "en",
    target: str = "ko",
    size: int = 10_000,
    seed: int = 0,
) -> dict[str, tuple[Pair, ...]]:
    """Make pairs of the same number in two languages.

    Every length from one to twelve digits is equally likely; no number is in
    two splits.

    Args:
        source: The language to translate from.
        target: The language to translate into.
        size: How many pairs there are together.
        seed: Decides which.

    Returns:
        `train`, `validation` and `test`.

    Raises:
        ValueError: A01 if an option is out of range.

    Examples:
        >>> pairs = load(size=100)
        >>> len(pairs["train"]), len(pairs["test"])
        (80, 10)

    Source:
        This project.

    Differs:
        nothing
    """
    check("numbers", [source, target], size, seed)
    randomness = generator(seed)
    numbers: dict[int, None] = {}
    while len(numbers) < size:
        digits = 1 + below(12, randomness)
        numbers[below(10**digits, randomness)] = None
    made = [Pair(say(n, source), say(n, target), str(n)) for n in numbers]
    return split(made)


def _english(number: int) -> str:
    if number < 1000:
        return _hundreds(number) or "zero"
    parts = []
    for place in range(3, -1, -1):
        group = number // 1000**place % 1000
        if group:
            parts.append(f"{_hundreds(group)} {THOUSANDS[place]}".strip())
    return " ".join(parts)


def _hundreds(number: int) -> str:
    parts = []
    if number >= 100:
        parts.append(f"{ENGLISH[number // 100]} hundred")
    rest = number % 100
    if rest >= 20:
        tens, one = TENS[rest // 10], rest % 10
        parts.append(f"{tens}-{ENGLISH[one]}" if one else tens)
    elif rest:
        parts.append(ENGLISH[rest])
    return " ".join(parts)


def _korean(number: int) -> str:
    if number == 0:
        return KOREAN[0]
    parts = []
    for place in (2, 1, 0):
        group = number // 10_000**place % 10_000
        if not group:
            continue
        words = "".join(
            ("" if digit == 1 and power else KOREAN[digit])
            + PLACES["ko"][power]
            for power, digit in _digits(group)
        )
        # 만 alone is ten thousand; a hundred million is 일억.
        alone = place == 1 and group == 1
        parts.append(("" if alone else words) + GROUPS["ko"][place])
    return " ".join(parts)


def _chinese(number: int) -> str:
    if number == 0:
        return CHINESE[0]
    text, skipped = "", False
    for place in (2, 1, 0):
        group = number // 10_000**place % 10_000
        if not group:
            skipped = True
            continue
        # A zero at the end of a group is silent, any other is read once.
        if text and (skipped or group < 1000):
            text += CHINESE[0]
        text += _four(group) + GROUPS["zh"][place]
        skipped = False
    return re.sub("^一十", "十", text)


def _four(group: int) -> str:
    """Write up to four digits, with one 零 for zeros inside."""
    text, last = "", None
    for power, digit in _digits(group):
        if last is not None and last - power > 1:
            text += CHINESE[0]
        text += CHINESE[digit] + PLACES["zh"][power]
        last = power
    return text


def _digits(group: int) -> list[tuple[int, int]]:
    """Return the places and digits of a group that are not zero."""
    pairs = ((power, group // 10**power % 10) for power in (3, 2, 1, 0))
    return [(power, digit) for power, digit in pairs if digit]


def _read_english(words: str) -> int | None:
    values = {w: n for n, w in enumerate(ENGLISH)}
    values |= {w: 10 * n for n, w in enumerate(TENS) if w}
    total = group = 0
    for word in words.replace("-", " ").split():
        if word in values:
            group += values[word]
        elif word == "hundred":
            group *= 100
        elif word in THOUSANDS:
            total += group * 1000 ** THOUSANDS.index(word)
            group = 0
        else:
            return None
    return total + group


def _read_korean(words: str) -> int | None:
    for number in range(1, 100):
        if words == NATIVE[1][number // 10] + NATIVE[0][number % 10]:
            return number
    return _read_groups(words.replace(" ", ""), KOREAN, "ko")


def _read_chinese(words: str) -> int | None:
    return _read_groups(words, CHINESE, "zh")


def _read_groups(words: str, digits: str, language: str) -> int | None:
    places: Mapping[str, int] = {
        word: 10**n for n, word in enumerate(PLACES[language]) if n
    }
    groups: Mapping[str, int] = {
        word: 10_000**n for n, word in enumerate(GROUPS[language]) if n
    }
    total = group = 0
    digit: int | None = None
    for symbol in words:
        if symbol in digits:
            digit = digits.index(symbol)
        elif symbol in places:
            group += (1 if digit in (None, 0) else digit or 0) * places[symbol]
            digit = None
        elif symbol in groups:
            whole = group + (digit or 0)
            total += (whole or 1) * groups[symbol]
            group, digit = 0, None
        else:
            return None
    return total + group + (digit or 0)


def _too_large(number: int, highest: int) -> PfsValueError:
    return PfsValueError(
        "A01",
        where="numbers.say, number",
        expected=f"at most {highest:,}; native words from 1, in Korean",
        got=f"{number:,}",
        todo="leave native out, or pass a smaller number",
    )
