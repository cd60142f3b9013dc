"""How good an answer is: exact match and F1, as three data sets count.

The scripts of SQuAD 1.1 (English), KorQuAD 1.0 (Korean) and CMRC 2018
(Chinese) clean and cut answers in different ways.
"""

import re
import string
from collections import Counter
from collections.abc import Sequence
from typing import Final

from pfs.nn import checks

LANGUAGES: Final = ("en", "ko", "zh")
"""The languages whose scripts are here."""
QUOTES: Final = "'\"《》<>〈〉()‘’"
"""What becomes a blank in Korean."""
SIGNS: Final = frozenset("-:_*^/\\~`+=，。：？！“”；’《》·、「」（）－～『』")
"""What is taken away in Chinese."""
# How the words between Chinese characters are cut.
APART: Final = (
    (r"([«“‘„»”’;@#$%&?!*\[\](){}<>\"–—]|--|\.{2,})", r" \1 "),
    (r"([:,])(?!\d)", r" \1 "),
    (r"([^.\s])\.(?=[\s\])}>\"']*$)", r"\1 . "),
    (r"(?<=[^'\s])('s|'m|'d|'ll|'re|'ve|n't|')(?=\s|$)", r" \1"),
)


def exact_match(
    answer: str, references: Sequence[str], language: str = "en"
) -> float:
    """Tell whether an answer is one of those that people gave.

    Args:
        answer: The answer.
        references: What people answered; empty if the question has no answer.
        language: Whose script: `"en"`, `"ko"` or `"zh"`.

    Returns:
        1 or 0. If there is no reference, 1 for an empty answer.

    Raises:
        ValueError: A01 if it is another language.

    Examples:
        >>> exact_match("the Cat!", ["cat", "dog"])
        1.0
        >>> exact_match("《책》", ["책"], "ko")
        1.0

    Source:
        Rajpurkar et al. (2016), `evaluate-v1.1.py`; Lim et al. (2019),
        `evaluate-v1.0.py`; Cui et al. (2019), `cmrc2018_evaluate.py`.
        Questions without an answer: Rajpurkar et al. (2018).

    Differs:
        nothing
    """
    checks.one_of("exact_match", "language", language, LANGUAGES)
    said = normalize_answer(answer, language)
    right = [normalize_answer(r, language) for r in references] or [""]
    return float(said in right)


def f1(answer: str, references: Sequence[str], language: str = "en") -> float:
    r"""Tell how much an answer and the nearest reference share.

    $$ F_1 = \frac{2PR}{P + R}, \qquad P = \frac{k}{a}, \quad R = \frac{k}{g} $$

    $a$ and $g$ are the lengths of answer and reference. $k$ is what they
    share: English words, Korean characters, each as often as it occurs in
    both; in Chinese the longest run of pieces that occurs in both.

    Args:
        answer: The answer.
        references: As of `exact_match`.
        language: As of `exact_match`.

    Returns:
        A number from 0 to 1, that of the best reference. If there is no
        reference, 1 for an empty answer, else 0.

    Raises:
        ValueError: A01 if it is another language.

    Examples:
        >>> round(f1("by forty-one years", ["forty-one years"]), 2)
        0.8
        >>> round(f1("사십일년 동안", ["사십일년을"], "ko"), 2)
        0.73

    Source:
        As of `exact_match`.

    Differs:
        The Chinese script cuts what is not Chinese with NLTK's
        `word_tokenize`; four rules here do what NLTK 3.10.4 does within a
        sentence for all but 2 of the 3,591 such runs in the CMRC 2018
        development set.
    """
    checks.one_of("f1", "language", language, LANGUAGES)
    said = units(answer, language)
    if not references:
        return float(not said)
    return max(_overlap(said, units(r, language), language) for r in references)


# --8<-- [start:normalize]
def normalize_answer(text: str, language: str = "en") -> str:
    """Take away what two equal answers may differ in.

    Args:
        text: An answer.
        language: Whose script.

    Returns:
        English: small letters, without ASCII punctuation, articles and
        superfluous blanks. Korean: the same with quotes and brackets as
        blanks, without articles. Chinese: small letters, without the signs
        of the script's list.

    Examples:
        >>> normalize_answer("The  cat's -- hat")
        'cats hat'

    Source:
        As of `exact_match`.

    Differs:
        nothing
    """
    if language == "zh":
        return "".join(c for c in text.lower().strip() if c not in SIGNS)
    if language == "ko":
        text = "".join(" " if c in QUOTES else c for c in text)
    text = "".join(c for c in text.lower() if c not in string.punctuation)
    if language == "en":
        text = re.sub(r"\b(a|an|the)\b", " ", text)
    return " ".join(text.split())


# --8<-- [end:normalize]


def units(text: str, language: str = "en") -> list[str]:
    """Cut an answer into what F1 counts.

    Args:
        text: An answer.
        language: Whose script.

    Returns:
        English: words. Korean: characters. Chinese: characters, and words
        where the text is not Chinese.

    Examples:
        >>> units("The cat's hat"), units("책 세 권", "ko")
        (['cats', 'hat'], ['책', '세', '권'])
        >>> units("在NBA打球15年。", "zh")
        ['在', 'nba', '打', '球', '15', '年']

    Source:
        As of `exact_match`.

    Differs:
        As of `f1`.
    """
    if language == "zh":
        return _mixed(normalize_answer(text, "zh"))
    words = normalize_answer(text, language).split()
    return words if language == "en" else [c for word in words for c in word]


def _mixed(text: str) -> list[str]:
    """Take Chinese characters one by one, and words between them."""
    found: list[str] = []
    for part in re.split("([\u4e00-\u9fa5])", text):
        for old, new in APART:
            part = re.sub(old, new, part)
        found += part.split()
    return found


def _overlap(said: list[str], right: list[str], language: str) -> float:
    """Return the F1 of two lists."""
    if language == "zh":
        shared = _longest_run(said, right)
    else:
        shared = (Counter(said) & Counter(right)).total()
    if shared == 0:
        return 0.0
    precision, recall = shared / len(said), shared / len(right)
    return 2 * precision * recall / (precision + recall)


def _longest_run(one: list[str], two: list[str]) -> int:
    """Return the length of the longest run that stands in both lists."""
    before, best = [0] * (len(two) + 1), 0
    for a in one:
        now = [0]
        for j, b in enumerate(two):
            now.append(before[j] + 1 if a == b else 0)
        best, before = max(best, *now), now
    return best
