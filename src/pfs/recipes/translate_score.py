"""How good translations are: whole sentences, and BLEU.

Note: notes/seq2seq
"""

from collections.abc import Iterable, Sequence
from types import ModuleType

from torch import nn

from pfs.data.pairs import Pair
from pfs.errors import PfsFileError
from pfs.translation.batches import BOS, EOS, Codec
from pfs.translation.decoding import beam_search, greedy

LONGER = 20
"""A translation may be so much longer than the longest that was seen."""


def translate(
    model: nn.Module,
    codec: Codec,
    sources: Sequence[str],
    *,
    most: int,
    width: int = 1,
    batch_size: int = 200,
) -> list[str]:
    """Translate sentences.

    Args:
        model: A `Translator`.
        codec: What numbers the pieces of both sides.
        sources: The sentences.
        most: How many pieces a translation has at most.
        width: How many translations the search keeps; 1 is greedy.
        batch_size: How many are translated side by side.

    Returns:
        The translations, in the order of the sentences.

    Raises:
        ValueError: X08 if a sentence holds a piece that is not known.

    Examples:
        >>> from pfs.recipes.translate_config import TRANSLATE
        >>> from pfs.recipes.translate_model import build
        >>> from pfs.text import Pieces
        >>> codec = Codec(Pieces(["a", " b"]))
        >>> model = build(TRANSLATE, len(codec))
        >>> len(translate(model, codec, ["a b", "a"], most=3))
        2

    Source:
        This project.

    Differs:
        nothing
    """
    found = [""] * len(sources)
    order = sorted(range(len(sources)), key=lambda i: len(sources[i]))
    ends = {"bos": BOS, "eos": EOS, "max_length": most}
    for first in range(0, len(order), batch_size):
        rows = order[first : first + batch_size]
        ids, lengths = codec.encode([sources[i] for i in rows])
        if width == 1:
            tokens = greedy(model, ids, lengths, **ends).tokens  # type: ignore[arg-type]
        else:
            best = beam_search(model, ids, lengths, width=width, **ends)  # type: ignore[arg-type]
            tokens = best.tokens[:, 0]
        for row, text in zip(rows, codec.decode(tokens), strict=True):
            found[row] = text
    return found


def exact(pairs: Sequence[Pair], written: Sequence[str]) -> float:
    """Return the share of sentences that are right to the last character.

    Args:
        pairs: The sentences and their translations.
        written: What a model wrote.

    Returns:
        A number from 0 to 1.

    Examples:
        >>> exact([Pair("a", "b"), Pair("c", "d")], ["b", "e"])
        0.5

    Source:
        This project.

    Differs:
        nothing
    """
    right = [p.target == w for p, w in zip(pairs, written, strict=True)]
    return sum(right) / len(right)


def by_note(pairs: Sequence[Pair], written: Sequence[str]) -> dict[str, float]:
    """Return the share of right sentences of each kind, as the notes name it.

    Args:
        pairs: The sentences and their translations.
        written: What a model wrote.

    Returns:
        A share for each kind, in the order of the alphabet.

    Examples:
        >>> by_note([Pair("a", "b", "x"), Pair("c", "d", "y")], ["b", "e"])
        {'x': 1.0, 'y': 0.0}

    Source:
        This project.

    Differs:
        nothing
    """
    kinds = sorted({p.note for p in pairs})
    made = {}
    for kind in kinds:
        rows = [i for i, p in enumerate(pairs) if p.note == kind]
        made[kind] = exact([pairs[i] for i in rows], [written[i] for i in rows])
    return made


def bleu(pairs: Iterable[Pair], written: Sequence[str], language: str) -> float:
    """Score translations with sacreBLEU.

    Args:
        pairs: The sentences and their translations.
        written: What a model wrote.
        language: Of the translations; Chinese is scored by characters.

    Returns:
        BLEU, from 0 to 100.

    Raises:
        OSError: E05 if sacreBLEU is not installed.

    Examples:
        >>> bleu(
        ...     [Pair("a", "one two three four")], ["one two three four"], "en"
        ... )
        100.0

    Source:
        Papineni et al. (2002); Post (2018) for the scorer.

    Differs:
        nothing
    """
    scorer = sacrebleu()
    tokenize = {"zh": "zh", "ko": "char"}.get(language, "13a")
    references = [[p.target for p in pairs]]
    score = scorer.corpus_bleu(list(written), references, tokenize=tokenize)
    return round(float(score.score), 4)


def sacrebleu() -> ModuleType:
    """Import sacreBLEU, or say how to get it.

    Returns:
        The module.

    Raises:
        OSError: E05 if it is not installed.

    Examples:
        >>> sacrebleu().__name__
        'sacrebleu'

    Source:
        Post (2018).

    Differs:
        nothing
    """
    try:
        import sacrebleu as scorer
    except ImportError:
        raise PfsFileError(
            "E05",
            where="the score of translations",
            expected="the package sacrebleu",
            got="it is not installed",
            todo='pip install "papers-from-scratch[translation]"',
        ) from None
    return scorer
