"""Which questions are read in a run of question answering, and which judged.

Note: notes/bert
"""

from collections import Counter
from collections.abc import Iterable
from dataclasses import dataclass
from typing import Final

from pfs.data.cards import card, names
from pfs.data.datasets import load
from pfs.data.generated import templates
from pfs.data.questions import NOWHERE, Question
from pfs.data.story import LANGUAGES, story
from pfs.errors import PfsValueError
from pfs.nn import checks
from pfs.recipes.bert_qa_config import BertQaConfig
from pfs.text.wordpiece import WordPiece
from pfs.text.words import traced_words
from pfs.training.provenance import sha256

MADE: Final = "templates"
"""Questions that need no download."""
SHORT: Final = {
    "squad": "squad-dev",
    "korquad": "korquad-dev",
    "cmrc": "cmrc2018-dev",
}
"""Short names of the development sets, the only parts with a known truth."""
JUDGED: Final = 400
"""So many made questions of each language are judged, at most."""
MARKS: Final = ("[PAD]", "[UNK]", "[CLS]", "[SEP]", "[MASK]")


@dataclass(frozen=True)
class Questions:
    """Questions to train on and to judge, and where they come from."""

    name: str
    """A short name, for folders."""
    title: str
    """What it is."""
    languages: tuple[str, ...]
    """Of the questions; of several, the id begins with its language."""
    licence: str
    """Under what terms they may be used."""
    train: tuple[Question, ...]
    """What is trained on."""
    validation: tuple[Question, ...]
    """What is judged while training."""
    test: tuple[Question, ...]
    """What is judged at the end."""

    @property
    def sha256(self) -> str:
        """The checksum of all questions."""
        every = (*self.train, *self.validation, *self.test)
        return sha256(
            "\n".join(f"{q.context}\t{q.question}\t{q.answers}" for q in every)
        )

    @property
    def has_empty(self) -> bool:
        """Whether some questions have no answer."""
        return any(not q.answers for q in self.train)

    def language(self, question: Question) -> str:
        """Return the language of a question.

        Args:
            question: One of these.

        Returns:
            `"en"`, `"ko"` or `"zh"`.
        """
        if len(self.languages) == 1:
            return self.languages[0]
        return question.id.partition("-")[0]


def read_questions(config: BertQaConfig) -> Questions:
    """Read or make the questions that a config names.

    Args:
        config: The settings.

    Returns:
        The questions.

    Raises:
        ValueError: A01 if a setting is out of range.
        OSError: Of data that cannot be had.

    Examples:
        >>> from dataclasses import replace
        >>> from pfs.recipes.bert_qa_config import BERT_QA
        >>> made = read_questions(replace(BERT_QA, stories=100))
        >>> len(made.train), made.language(made.train[0])
        (240, 'en')

    Source:
        Rajpurkar et al. (2016), section 3.2: the parts are cut by article.

    Differs:
        The files do not say where an article ends. They are cut in their
        order at the end of a paragraph, so of each cut one article at most
        lies on both sides.
    """
    data = SHORT.get(config.data, config.data)
    checks.one_of("setting", "data", data, (MADE, *names("questions")))
    checks.positive("BertQaConfig", **{k: getattr(config, k) for k in POSITIVE})
    if not 0 <= config.pretrain_steps < config.steps:
        raise PfsValueError(
            "A01",
            where="setting pretrain_steps",
            expected=f"0 to {config.steps - 1}, fewer than steps",
            got=str(config.pretrain_steps),
            todo="choose more steps or fewer of them for the gaps",
        )
    one = card(data)
    parts = _made(config) if data == MADE else _cut(data)
    return Questions(data, one.title, tuple(one.languages), one.licence, *parts)


POSITIVE: Final = (
    *("least", "stories", "d_model", "num_layers", "num_heads", "places"),
    *("stride", "longest_answer", "steps", "batch_size", "warmup"),
    *("evaluations", "checkpoint_every"),
)
"""Settings that are whole numbers above 0."""

Parts = tuple[tuple[Question, ...], ...]


def _made(config: BertQaConfig) -> Parts:
    """Tell every story in three languages."""
    found: dict[str, list[Question]] = {}
    for language in LANGUAGES:
        told = templates.load(
            language,
            size=config.stories,
            sentences=config.sentences,
            unanswerable=config.unanswerable,
        )
        for part, some in told.items():
            kept = some if part == "train" else some[:JUDGED]
            found.setdefault(part, []).extend(kept)
    return tuple(tuple(found[part]) for part in ("train", "validation", "test"))


def _cut(data: str) -> Parts:
    """Cut the last tenth of the paragraphs off, and once more."""
    every: tuple[Question, ...] = load(data)
    paragraphs = [*dict.fromkeys(q.context for q in every)]
    tenth = max(1, len(paragraphs) // 10)
    test = {*paragraphs[-tenth:]}
    validation = {*paragraphs[-2 * tenth : -tenth]}
    train = [
        q
        for q in every
        if q.context not in test and q.context not in validation
    ]
    known = [q for q in train if not q.answers or first_answer(q)]
    return (
        tuple(known),
        tuple(q for q in every if q.context in validation),
        tuple(q for q in every if q.context in test),
    )


def first_answer(question: Question) -> tuple[int, int] | None:
    """Find the first answer that stands in the paragraph.

    Args:
        question: A question.

    Returns:
        Where it begins and has ended; `None` if there is none.

    Examples:
        >>> first_answer(Question("", "a bc", "?", (("x", -1), ("bc", 2))))
        (2, 4)

    Source:
        This project.

    Differs:
        nothing
    """
    for text, start in question.answers:
        if start != NOWHERE and text:
            return start, start + len(text)
    return None


def make_wordpiece(config: BertQaConfig, questions: Questions) -> WordPiece:
    """Make the tokenizer of a run that begins without published weights.

    Args:
        config: The settings.
        questions: The questions.

    Returns:
        A tokenizer of the named vocabulary; else one of the letters and the
        Latin words of the training questions. Korean is cut into syllables,
        since a particle sticks to its noun and is no part of an answer.

    Raises:
        ValueError: A01 if there is no such vocabulary.
        OSError: Of data that cannot be had.

    Examples:
        >>> from dataclasses import replace
        >>> from pfs.recipes.bert_qa_config import BERT_QA
        >>> made = read_questions(replace(BERT_QA, stories=100))
        >>> wordpiece = make_wordpiece(BERT_QA, made)
        >>> [wordpiece.tokens[i] for i in wordpiece.encode("Mina 책을")]
        ['mina', '책', '##을']

    Source:
        Devlin et al. (2019), for the form of the vocabulary.

    Differs:
        A vocabulary of BERT is learnt from a large text.
    """
    if config.vocabulary:
        known = tuple(names("vocabulary"))
        checks.one_of("setting", "vocabulary", config.vocabulary, known)
        tokens = load(config.vocabulary)
        lower = "A" not in tokens
        return WordPiece(tokens, lower_case=lower, strip_accents=lower)
    texts = [t for q in questions.train for t in (q.context, q.question)]
    if config.pretrain_steps:
        texts += [story(language) for language in questions.languages]
    return WordPiece(_pieces(texts, config.least), strip_accents=False)


def _pieces(texts: Iterable[str], least: int) -> list[str]:
    """Collect marks, letters and Latin words, the frequent ones first."""
    words: Counter[str] = Counter()
    for text, times in Counter(texts).items():
        for letters in traced_words(text, strip_accents=False):
            words["".join(letter.symbol for letter in letters)] += times
    begin: Counter[str] = Counter()
    inside: Counter[str] = Counter()
    for word, times in words.items():
        begin[word[0]] += times
        for letter in word[1:]:
            inside[f"##{letter}"] += times
    latin = {
        word: times
        for word, times in words.items()
        if len(word) > 1 and word.isascii() and word.isalpha()
    }
    every = Counter(begin) + inside + Counter(latin)
    order = sorted(every, key=lambda piece: (-every[piece], piece))
    return [*MARKS, *(p for p in order if every[p] >= least)]
