"""Numbers as words in English, Korean and Chinese, and back.

Each number has one form in a language. English is American: no "and", a
hyphen from twenty-one to ninety-nine. Of Korean and Chinese, `myriads` tells.
"""

from typing import Final

from pfs.data.generated import myriads
from pfs.data.generated.splits import (
    LANGUAGES,
    below,
    check,
    check_at_most,
    check_text,
    generator,
    split,
)
from pfs.data.pairs import Pair
from pfs.errors import PfsValueError
from pfs.nn import checks

LONGEST: Final = 12
"""Numbers have at most so many digits."""
LIMIT: Final = 10**LONGEST
"""Numbers are below it."""
WRITTEN: Final = 200
"""No number has so many characters in words."""
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
    check("numbers", [language], 1, 0)
    checks.whole("numbers.say", "number", number)
    if native:
        checks.one_of("numbers.say, native words", "language", language, KO)
    lowest, highest = (1, 99) if native else (0, LIMIT - 1)
    if not lowest <= number <= highest:
        raise PfsValueError(
            "A01",
            where="numbers.say, number",
            expected=f"{lowest} to {highest:,}",
            got=f"{number:,}",
            todo="pass a number in this range",
        )
    if native:
        return NATIVE[1][number // 10] + NATIVE[0][number % 10]
    return WRITERS[language](number)


def read(words: str, language: str) -> int:
    """Turn words back into the number: the inverse of `say`.

    Args:
        words: What `say` has written.
        language: `en`, `ko` or `zh`.

    Returns:
        The number.

    Raises:
        ValueError: A01 if these words are not a number as `say` writes it.
        TypeError: A02 if they are no text.

    Examples:
        >>> read("스물하나", "ko"), read("一万零三百零五", "zh")
        (21, 10305)

    Source:
        This project.

    Differs:
        nothing
    """
    check("numbers", [language], 1, 0)
    check_text("numbers.read", "words", words)
    if words in COUNTED and language == "ko":
        return COUNTED[words]
    number = None
    if len(words) < WRITTEN:
        number = (
            _read_english(words)
            if language == "en"
            else myriads.read(words, language)
        )
    # What is added up may be in disorder: only the one true form counts.
    if number is None or number >= LIMIT or say(number, language) != words:
        raise PfsValueError(
            "A01",
            where="numbers.read, words",
            expected=f"a number in words ({language})",
            got=repr(words[:80]),
            todo="write it as numbers.say does",
        )
    return number


def load(
    source: str = "en",
    target: str = "ko",
    size: int = 10_000,
    seed: int = 0,
    longest: int = LONGEST,
) -> dict[str, tuple[Pair, ...]]:
    """Make pairs of the same number in two languages.

    Lengths are drawn evenly, then a number of that length; there are only ten
    numbers of one digit, so these run out. Each number occurs once, so it is
    in one split. The note of a pair is the number in digits.

    Args:
        source: The language to translate from, or `digits`.
        target: The language to translate into, or `digits`.
        size: How many pairs there are together, at most half of the numbers
            of such lengths.
        seed: Decides which.
        longest: How many digits a number has at most, up to 12. Train with
            fewer and test with more to see whether a model has the rule.

    Returns:
        `train`, `validation` and `test`.

    Raises:
        ValueError: A01 if an option is out of range.
        TypeError: A02 if a number is not whole.

    Examples:
        >>> pairs = load(size=100)
        >>> len(pairs["train"]), len(pairs["test"])
        (80, 10)

    Source:
        This project.

    Differs:
        nothing
    """
    for name, value in (("source", source), ("target", target)):
        checks.one_of("numbers", name, value, (*LANGUAGES, "digits"))
    check("numbers", [], size, seed)
    checks.positive("numbers", longest=longest)
    check_at_most("numbers", "longest", longest, LONGEST)
    check_at_most("numbers", "size", size, 10**longest // 2)
    randomness = generator(seed)
    numbers: dict[int, None] = {}
    while len(numbers) < size:
        digits = below(longest, randomness)
        least = 10**digits if digits else 0
        numbers[least + below(10 ** (digits + 1) - least, randomness)] = None
    made = [Pair(_form(n, source), _form(n, target), str(n)) for n in numbers]
    return split(made)


def _form(number: int, language: str) -> str:
    return str(number) if language == "digits" else say(number, language)


def _english(number: int) -> str:
    parts = []
    for place in range(3, -1, -1):
        group = number // 1000**place % 1000
        if group:
            parts.append(f"{_hundreds(group)} {THOUSANDS[place]}".strip())
    return " ".join(parts) or ENGLISH[0]


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


KO: Final = ("ko",)
WRITERS: Final = {
    "en": _english,
    "ko": myriads.korean,
    "zh": myriads.chinese,
}
COUNTED: Final = {say(n, "ko", native=True): n for n in range(1, 100)}
"""The native Korean words of 1 to 99."""
