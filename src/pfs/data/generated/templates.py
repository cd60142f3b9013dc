"""Questions on small stories, with exact answers.

Who took what where, and from whom they have it. The truth is the template, so
every answer's place is known; a question on somebody who does nothing in the
story has no answer.
"""

from dataclasses import dataclass
from typing import Final

import torch

from pfs.data.generated.particles import fill
from pfs.data.generated.splits import below, check, generator, split
from pfs.data.questions import Question

PEOPLE: Final = {
    "en": ("Mina", "Taeho", "Owen", "Wenlan", "Sora", "Daniel", "Hana", "Lin"),
    "ko": ("미나", "태호", "오언", "문란", "소라", "다니엘", "하나", "린"),
    "zh": ("美娜", "泰浩", "欧文", "文岚", "素罗", "丹尼", "荷娜", "阿林"),
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
    "en": "{who} took the {what} to the {where}.",
    "ko": "{who:은} {what:을} {where:으로} 가져갔다.",
    "zh": "{who}把{what}带到了{where}。",
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

    Args:
        language: Of stories, questions and answers.
        size: How many questions there are together, each on its own story.
        sentences: How many sentences a story has, 2 to 6.
        unanswerable: The share of questions without an answer, which have no
            `answers`.
        seed: Decides all of it.

    Returns:
        `train`, `validation` and `test`; no story is in two of them.

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
        the idea of stories with a known truth.

    Differs:
        Answers are places in the text, as in SQuAD, not single words.
    """
    from pfs.nn import checks

    check("templates", [language], size, seed)
    checks.one_of("templates", "sentences", str(sentences), tuple("23456"))
    checks.probability("templates", "unanswerable", unanswerable)
    source = generator(seed)
    made: dict[str, Question] = {}
    while len(made) < size:
        number = len(made)
        empty = int(unanswerable * (number + 1)) > int(unanswerable * number)
        question = _story(language, sentences, empty, number, source)
        made.setdefault(question.context, question)
    # Shuffled, so that every split has its share of empty questions.
    order = torch.randperm(size, generator=source).tolist()
    questions = list(made.values())
    return split([questions[i] for i in order])


def _story(
    language: str,
    sentences: int,
    empty: bool,
    number: int,
    source: torch.Generator,
) -> Question:
    deeds = _deeds(language, sentences + 1, source)
    told, apart = deeds[:-1], deeds[-1]
    lines = [_say(SENTENCES[language], language, deed) for deed in told]
    between = "" if language == "zh" else " "
    context = between.join(lines)
    kind = KINDS[below(len(KINDS), source)]
    place = below(len(told), source)
    deed = apart if empty else told[place]
    question = _say(ASKED[kind][language], language, deed)
    answers: tuple[tuple[str, int], ...] = ()
    if not empty:
        before = sum(len(line) + len(between) for line in lines[:place])
        start = before + lines[place].index(deed.words()[kind])
        answers = ((deed.words()[kind], start),)
    return Question(f"{language}-{number}", context, question, answers)


def _deeds(language: str, count: int, source: torch.Generator) -> list[_Deed]:
    """Draw deeds: everybody and everything occurs once."""

    def some(words: tuple[str, ...]) -> list[str]:
        order = torch.randperm(len(words), generator=source).tolist()
        return [words[i] for i in (*order, *order)][:count]

    people, things = some(PEOPLE[language]), some(THINGS[language])
    places = some(PLACES[language])
    return [_Deed(*d) for d in zip(people, things, places, strict=True)]


def _say(template: str, language: str, deed: _Deed) -> str:
    if language == "ko":
        return fill(template, **deed.words())
    return template.format(**deed.words())
