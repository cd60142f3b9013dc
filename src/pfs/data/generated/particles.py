"""Korean particles that depend on the sound before them."""

from typing import Final

PARTICLES: Final = {
    "은": ("은", "는"),
    "이": ("이", "가"),
    "을": ("을", "를"),
    "과": ("과", "와"),
    "으로": ("으로", "로"),
}
"""A particle's name, its form after a consonant and after a vowel."""


def final(word: str) -> int:
    """Return the final consonant of a word's last syllable.

    Args:
        word: A word that ends in a Korean syllable.

    Returns:
        0 for none, else its number in Unicode's order; ㄹ is 8.

    Examples:
        >>> final("나무"), final("책"), final("물")
        (0, 1, 8)

    Source:
        The Unicode Standard, section 3.12, "Conjoining Jamo Behavior".

    Differs:
        nothing
    """
    return (ord(word[-1]) - 0xAC00) % 28


def particle(word: str, name: str) -> str:
    """Choose the form of a particle after a word.

    Args:
        word: The word before it.
        name: A key of `PARTICLES`.

    Returns:
        The form.

    Examples:
        >>> particle("사과", "을"), particle("책", "을"), particle("물", "으로")
        ('를', '을', '로')

    Source:
        National Institute of Korean Language, rules of 1988.

    Differs:
        nothing
    """
    end = final(word)
    vowel = end == 0 or (name == "으로" and end == 8)
    return PARTICLES[name][vowel]


def fill(template: str, **words: str) -> str:
    """Fill a Korean template: `{who:은}` is the word and its particle.

    Args:
        template: The template; `{what}` is the word alone.
        words: What is filled in.

    Returns:
        The sentence.

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
