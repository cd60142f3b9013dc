"""Whether a translation is written: in its language, in our words."""

import re
from collections.abc import Iterator
from itertools import pairwise, zip_longest
from pathlib import Path

from pfs import terms
from website.problems import Problem
from website.prose import OWN, WORD, Words, words
from website.sections import sections

HAN, HANGUL = "\u4e00-\u9fff", "\uac00-\ud7a3"
SCRIPT = {"ko": HANGUL, "zh": HAN}
LEAST, ENOUGH = 0.5, 80  # share of own letters; letters worth counting
SMALL = 3  # words without a capital make a sentence
REFERENCES = "references"
QUOTED = re.compile(r"“[^”]*”|\"[^\"]*\"|《[^》]*》|\*[^*]+\*|‘[^’]*’")
LATIN = r"[A-Za-z][A-Za-z'’-]*"
ENGLISH = re.compile(rf"{LATIN}(?:[,;:]?[ ]+{LATIN}){{5,}}")

ZH = f"{HAN}{WORD}"
HALF = re.compile(rf"[{ZH}][,;:?!]|[,;:?!] *[{ZH}]|[{HAN}]\.|[{HAN}]\.\.\.")
MARKS = "，。；：？！、（）“”《》"
SPACED = re.compile(
    rf"[{ZH}] +[\w{OWN}{WORD}]|[\w{OWN}{WORD}] +[{ZH}]"
    rf"|[{MARKS}] +[\w{OWN}{WORD}]|[\w{OWN}{WORD}] +[{MARKS}]"
)
TRADITIONAL = re.compile(
    "[狀態們個這爲為學習網絡層數據訓練權語應該從將對無開關閉間時長門問題實現變"
    "換處導點線圖與樣當麼類經過選擇還說話讀寫見觀覺認識記憶錯誤損徑單雙]"
)
WIDE = re.compile("[，。；：？！、（）]")
ENDING = re.compile(r"([가-힣])([.?!:])(?=[\s)]|$)")
CASUAL = re.compile(r"(?:[어아해에지죠세네데예]요|죠)$")
LOOSE = re.compile(
    rf"([A-Za-z0-9{OWN}]) +(은|는|을|를|의|에|에서|으로|로|와|과)(?=[\s,.]|$)"
)
PARTICLE = re.compile(
    r"(?<![A-Za-z0-9./^-])([A-Z]{2,}|\d+(?:[.,]\d+)*)"
    r"(은|는|이|가|을|를|과|와|으로|로)(?=[\s,.?!)]|$)"
)
WITH = {"은": "는", "이": "가", "을": "를", "과": "와", "으로": "로"}
WITHOUT = {b: a for a, b in WITH.items()}
READ_AS_WORDS = {"CLIP"}  # a consonant at the end, though the letter has none


def language_of(path: Path, text: str, language: str) -> list[Problem]:
    """Return what is not written in the page's language, in our words."""
    return [
        Problem(path, line, message)
        for line, message in sorted({*_found(text, language)})
    ]


def _found(text: str, language: str) -> Iterator[tuple[int, str]]:
    ends = [s.line for s in sections(text) if s.id == REFERENCES]
    lines = [w for w in words(text) if not ends or w.line < ends[0]]
    yield from _foreign(text, lines, language)
    yield from _forbidden(text, lines, language)
    for one in lines:
        check = chinese if language == "zh" else korean
        for message in check(one):
            yield one.line, message
    if language == "zh":
        yield from _broken(lines)


def _foreign(
    text: str, lines: list[Words], language: str
) -> Iterator[tuple[int, str]]:
    """Find English sentences and sections that were not translated."""
    for one in lines:
        for m in ENGLISH.finditer(QUOTED.sub("", one.text)):
            small = re.findall(r"(?<![\w-])[a-z]", m[0])
            if len(small) >= SMALL:  # a list of names has none
                yield one.line, f"English left: {m[0]!r}"
    parts = sections(text)
    for section, after in zip_longest(parts, parts[1:]):
        last = after.line if after else float("inf")
        if section.id == REFERENCES:
            continue
        inside = [w.text for w in lines if section.line <= w.line < last]
        letters = re.findall(r"[^\W\d_]", "".join(inside))
        own = re.findall(rf"[{SCRIPT[language]}]", "".join(letters))
        if len(letters) >= ENOUGH and len(own) / len(letters) < LEAST:
            share = f"{len(own) / len(letters):.0%}"
            message = f"#{section.id} is not translated? {share} {language}"
            yield section.line, message


def _forbidden(
    text: str, lines: list[Words], language: str
) -> Iterator[tuple[int, str]]:
    """Find words that `terms.toml` forbids, in plots' labels too."""
    front = text.split("\n---\n")[0] if text.startswith("---\n") else ""
    labels = [
        Words(number, "label", line)
        for number, line in enumerate(front.split("\n"), 1)
    ]
    every = [*labels, *lines]
    for term in terms.load().values():
        for form in getattr(term, f"forbidden_{language}"):
            right = getattr(term, language)
            start = rf"(?<![{HANGUL}])" if language == "ko" else ""
            pattern = re.compile(start + re.escape(form))
            for one, after in zip(every, [*every[1:], None], strict=True):
                text = one.text
                if after and {one.kind, after.kind} == {"text"}:
                    text += f" {after.text.split(' ')[0]}"
                if pattern.search(text):
                    message = f"{form!r} is not our word: write {right!r}"
                    yield one.line, message


def chinese(one: Words) -> Iterator[str]:
    """Check marks and spaces of a Chinese line."""
    text = one.text.replace("*", "")
    if m := HALF.search(text):
        yield f"half-width mark: {_shown(m[0])!r}"
    if m := SPACED.search(text):
        yield f"space beside Chinese: {_shown(m[0])!r}"
    if re.search(rf"\"[^\"]*[{HAN}]|[「」]", text):
        yield "quotation marks: write “ ”"
    if m := TRADITIONAL.search(text):
        yield f"traditional character: {m[0]!r}"


def _broken(lines: list[Words]) -> Iterator[tuple[int, str]]:
    for one, after in pairwise(lines):
        follows = after.line == one.line + 1
        if follows and one.kind == after.kind == "text":
            yield after.line, "a Chinese paragraph stands on one line"


def korean(one: Words) -> Iterator[str]:
    """Check endings, particles and marks of a Korean line."""
    if one.kind != "quote":
        for m in ENDING.finditer(one.text):
            before = one.text[: m.end(1)].split(" ")[-1]
            if _impolite(before, m[2], one.kind):
                yield f"not in 합니다체: {_shown(before + m[2])!r}"
    if m := LOOSE.search(one.text):
        yield f"space before a particle: {_shown(m[0])!r}"
    for m in PARTICLE.finditer(one.text):
        right = _particle(m[1], m[2])
        if right != m[2]:
            yield f"particle: {m[0]!r} should be {m[1] + right!r}"
    if m := WIDE.search(one.text):
        yield f"full-width mark: {m[0]!r}"


def _impolite(word: str, mark: str, kind: str) -> bool:
    if word.endswith("다"):
        return not word.endswith(("니다", "시다"))
    if mark == "?" and kind in ("text", "heading"):
        return word.endswith(("가", "나", "냐", "까")) and word[-2:] != "니까"
    return bool(CASUAL.search(word))


def _particle(token: str, given: str) -> str:
    """Return the form that a particle takes behind a number or letters."""
    last = token[-1]
    if token in READ_AS_WORDS or last == "R":
        return given
    closed = last in "013678LMN"
    if given in ("으로", "로"):
        return "으로" if closed and last not in "178L" else "로"
    if closed:
        return WITHOUT.get(given, given)
    return WITH.get(given, given)


def _shown(text: str) -> str:
    return text.replace(OWN, "…").replace(WORD, "…")
