"""Questions on small stories, with exact answers.

Who took what where. The truth is the template, so the place of every answer
is known. A question without an answer speaks of two things that the story
tells, but not together: whoever only looks for its words finds them.
"""

from dataclasses import dataclass, replace
from typing import Final

import torch

from pfs.data.generated.particles import fill
from pfs.data.generated.splits import (
    below,
    check,
    check_at_most,
    generator,
    pick,
    split,
)
from pfs.data.questions import Question
from pfs.nn import checks

PEOPLE: Final = {
    "en": ("Mina", "Taeho", "Owen", "Wenlan", "Sora", "Daniel", "Hana", "Lin"),
    "ko": ("미나", "태호", "오언", "원란", "소라", "다니엘", "하나", "린"),
    "zh": ("美娜", "泰浩", "欧文", "文岚", "素罗", "丹尼尔", "荷娜", "阿林"),
}
THINGS: Final = {
    "en": ("book", "clock", "lamp", "letter", "bell", "map", "key", "basket"),
    "ko": ("책", "시계", "등불", "편지", "종", "지도", "열쇠", "바구니"),
    "zh": ("书", "钟", "灯", "信", "铃铛", "地图", "钥匙", "篮子"),
}
PLACES: Final = {
    "en": ("harbour", "station", "garden", "school", "market", "bridge"),
    "ko": ("항구", "역", "정원", "학교", "시장", "다리"),
    "zh": ("港口", "车站", "花园", "学校", "市场", "桥边"),
}
SENTENCES: Final = {
    "en": (
        "{who} took the {what} to the {where}.",
        "The {what} was taken to the {where} by {who}.",
        "It was {who} who took the {what} to the {where}.",
    ),
    "ko": (
        "{who:은} {what:을} {where:으로} 가져갔다.",
        "{what:은} {who:이} {where:으로} 가져갔다.",
        "{what:을} {where:으로} 가져간 사람은 {who:이었}다.",
    ),
    "zh": (
        "{who}把{what}带到了{where}。",
        "{what}被{who}带到了{where}。",
        "把{what}带到{where}的是{who}。",
    ),
}
ASKED: Final = {
    "who": {
        "en": "Who took the {what} to the {where}?",
        "ko": "누가 {what:을} {where:으로} 가져갔습니까?",
        "zh": "谁把{what}带到了{where}？",
    },
    "what": {
        "en": "What did {who} take to the {where}?",
        "ko": "{who:은} 무엇을 {where:으로} 가져갔습니까?",
        "zh": "{who}把什么带到了{where}？",
    },
    "where": {
        "en": "Where did {who} take the {what}?",
        "ko": "{who:은} {what:을} 어디로 가져갔습니까?",
        "zh": "{who}把{what}带到了哪里？",
    },
}
KINDS: Final = tuple(ASKED)
SENTENCES_MOST: Final = 6
"""A story has no more sentences: each has a place of its own."""
SIZE_MOST: Final = 30_000
"""More stories would be hard to find where they have two sentences."""


@dataclass(frozen=True)
class _Deed:
    who: str
    what: str
    where: str

    def words(self) -> dict[str, str]:
        return {"who": self.who, "what": self.what, "where": self.where}


def load(
    language: str = "en",
    size: int = 2_000,
    sentences: int = 4,
    unanswerable: float = 0.2,
    seed: int = 0,
) -> dict[str, tuple[Question, ...]]:
    """Make questions on stories of a few sentences.

    Each question has a story of its own, and no two stories are the same, so
    no story is in two splits. In a story, everybody and everything occurs
    once. The same seed tells the same stories in every language.

    Args:
        language: Of stories, questions and answers.
        size: How many questions there are together, at most 30,000.
        sentences: How many sentences a story has, 2 to 6.
        unanswerable: The share of questions without an answer, which have no
            `answers`.
        seed: Decides all of it.

    Returns:
        `train`, `validation` and `test`.

    Raises:
        ValueError: A01 if an option is out of range.
        TypeError: A02 if a number is not whole.

    Examples:
        >>> question = load("ko", size=10)["test"][0]
        >>> all(
        ...     question.context[start:].startswith(text)
        ...     for text, start in question.answers
        ... )
        True

    Source:
        Weston et al. (2016), "Towards AI-complete question answering", for
        the idea of stories with a known truth; Rajpurkar, Jia & Liang (2018),
        "Know what you don't know", for questions without an answer.

    Differs:
        Answers are places in the text, as in SQuAD, not single words.
    """
    check("templates", [language], size, seed)
    check_at_most("templates", "size", size, SIZE_MOST)
    checks.whole("templates", "sentences", sentences)
    allowed = tuple(str(n) for n in range(2, SENTENCES_MOST + 1))
    checks.one_of("templates", "sentences", str(sentences), allowed)
    checks.probability("templates", "unanswerable", unanswerable)
    source = generator(seed)
    made: dict[str, Question] = {}
    while len(made) < size:
        empty = len(made) < round(unanswerable * size)
        question = _story(language, sentences, empty, source)
        made.setdefault(question.context, question)
    # Shuffled, so that every split has its share of empty questions.
    order = torch.randperm(size, generator=source).tolist()
    questions = list(made.values())
    return split(
        [
            replace(questions[i], id=f"{language}-{number}")
            for number, i in enumerate(order)
        ]
    )


def _story(
    language: str, sentences: int, empty: bool, source: torch.Generator
) -> Question:
    told = _deeds(language, sentences, source)
    lines = [
        _say(pick(SENTENCES[language], source), language, deed) for deed in told
    ]
    between = "" if language == "zh" else " "
    context = between.join(lines)
    kind = pick(KINDS, source)
    place = below(sentences, source)
    deed = told[place]
    answers: tuple[tuple[str, int], ...] = ()
    if empty:
        other = told[(place + 1 + below(sentences - 1, source)) % sentences]
        deed = _mixed(kind, deed, other)
    else:
        before = sum(len(line) + len(between) for line in lines[:place])
        start = before + lines[place].index(deed.words()[kind])
        answers = ((deed.words()[kind], start),)
    question = _say(ASKED[kind][language], language, deed)
    return Question("", context, question, answers)


def _mixed(kind: str, one: _Deed, other: _Deed) -> _Deed:
    """Join what two deeds tell, so that the question names both."""
    what = other.what if kind == "where" else one.what
    return _Deed(one.who, what, other.where)


def _deeds(language: str, count: int, source: torch.Generator) -> list[_Deed]:
    """Draw deeds: everybody and everything occurs once."""

    def some(words: tuple[str, ...]) -> list[str]:
        order = torch.randperm(len(words), generator=source).tolist()
        return [words[i] for i in order[:count]]

    people, things = some(PEOPLE[language]), some(THINGS[language])
    places = some(PLACES[language])
    return [_Deed(*d) for d in zip(people, things, places, strict=True)]


def _say(template: str, language: str, deed: _Deed) -> str:
    if language == "ko":
        return fill(template, **deed.words())
    return template.format(**deed.words())
