"""Korean particles that depend on the sound before them."""

from typing import Final

from pfs.data.generated.splits import check_text
from pfs.errors import PfsValueError
from pfs.nn import checks

FIRST, LAST = "가", "힣"
"""The Korean syllables of Unicode, sorted by sound."""
FINALS: Final = 28
"""The final consonants of a syllable, none among them."""
RIEUL: Final = 8
"""The number of ㄹ, after which 로 follows and not 으로."""
PARTICLES: Final = {
    "은": ("은", "는"),
    "이": ("이", "가"),
    "을": ("을", "를"),
    "과": ("과", "와"),
    "으로": ("으로", "로"),
    "이었": ("이었", "였"),
}
"""A particle's name, its form after a consonant and after a vowel."""


def final(word: str) -> int:
    """Return the final consonant of a word's last syllable.

    Args:
        word: A word that ends in a Korean syllable.

    Returns:
        0 for none, else its number in Unicode's order; ㄹ is 8.

    Raises:
        ValueError: A01 if it ends in something else, whose sound is not
            known here: a Latin letter, a digit, half a syllable.
        TypeError: A02 if it is no text.

    Examples:
        >>> final("나무"), final("책"), final("물")
        (0, 1, 8)

    Source:
        The Unicode Standard, section 3.12, "Conjoining Jamo Behavior".

    Differs:
        nothing
    """
    check_text("particles", "word", word)
    if not FIRST <= word[-1:] <= LAST:
        raise PfsValueError(
            "A01",
            where="particles, word",
            expected="a word that ends in a Korean syllable, 가 to 힣",
            got=repr(word[-20:]),
            todo="write the word in Korean, in form NFC",
        )
    return (ord(word[-1]) - ord(FIRST)) % FINALS


def particle(word: str, name: str) -> str:
    """Choose the form of a particle after a word.

    Args:
        word: The word before it.
        name: A key of `PARTICLES`.

    Returns:
        The form.

    Raises:
        ValueError: A01 if there is no such particle, or as of `final`.

    Examples:
        >>> particle("사과", "을"), particle("책", "을"), particle("물", "으로")
        ('를', '을', '로')

    Source:
        National Institute of Korean Language, Standard Korean Dictionary,
        the entries of these particles.

    Differs:
        nothing
    """
    checks.one_of("particles", "name", name, tuple(PARTICLES))
    end = final(word)
    after_vowel = end == 0 or (name == "으로" and end == RIEUL)
    return PARTICLES[name][after_vowel]


def fill(template: str, **words: str) -> str:
    """Fill a Korean template: `{who:은}` is the word and its particle.

    Args:
        template: The template; `{what}` is the word alone.
        words: What is filled in.

    Returns:
        The sentence.

    Raises:
        ValueError: A01, as of `particle`.

    Examples:
        >>> fill("{who:은} {what:을} 샀다.", who="미나", what="책")
        '미나는 책을 샀다.'

    Source:
        This project.

    Differs:
        nothing
    """
    return template.format(**{k: _Word(w) for k, w in words.items()})


class _Word(str):
    """A word that knows its particle: the format is the particle's name."""

    def __format__(self, name: str) -> str:
        word = str(self)
        return word + particle(word, name) if name else word
