"""A corpus whose words have a structure that is known.

The words are a grid: every one has a class and a property, as king and queen
have a rank and a sex. A word's neighbours show both, so words alike in the
grid are alike in use, and `a : b :: c : d` holds where the grid says so.
"""

from dataclasses import dataclass
from itertools import combinations
from typing import Final

import torch

from pfs.data.generated.splits import below, check, generator
from pfs.nn import checks

CLASSES, PROPERTIES = 8, 4
"""The grid: so many classes of so many words each."""
MARKS: Final = 4
"""How many words of the context show each class and each property."""
SOUNDS: Final = tuple(
    consonant + vowel for consonant in "bdfgklmnprst" for vowel in "aeiou"
)


@dataclass(frozen=True)
class PlantedWords:
    """The corpus and its truth."""

    sentences: tuple[tuple[str, ...], ...]
    """Words in order."""
    grid: tuple[tuple[str, ...], ...]
    """The words of the grid: a row a class, a column a property."""
    analogies: tuple[tuple[str, str, str, str], ...]
    """`a : b :: c : d`: one row, one row, the same two columns."""

    @property
    def vocabulary(self) -> tuple[str, ...]:
        """Every word that occurs, sorted."""
        return tuple(sorted({w for s in self.sentences for w in s}))


def load(size: int = 20_000, noise: float = 0.1, seed: int = 0) -> PlantedWords:
    """Make the corpus.

    A sentence is a word of the grid between two words that show its class and
    two that show its property, in random order around it. There are no
    splits: sentences are for training, grid and analogies for testing, and no
    sentence says what they say.

    Args:
        size: How many sentences.
        noise: The share of words that are replaced by any word.
        seed: Decides all of it.

    Returns:
        Sentences, grid and analogies.

    Raises:
        ValueError: A01 if an option is out of range.
        TypeError: A02 if a number is not whole.

    Examples:
        >>> corpus = load(size=10)
        >>> len(corpus.sentences), len(corpus.grid), len(corpus.analogies)
        (10, 8, 336)

    Source:
        Mikolov, Yih & Zweig (2013), "Linguistic regularities in continuous
        space word representations", for the task of analogies.

    Differs:
        Their structure is that of a language, which nobody knows exactly.
    """
    check("planted-words", [], size, seed)
    checks.probability("planted-words", "noise", noise)
    source = generator(seed)
    kinds, properties = CLASSES * MARKS, PROPERTIES * MARKS
    total = CLASSES * PROPERTIES + kinds + properties
    names = _names(total, source)
    grid = tuple(
        tuple(names[c * PROPERTIES + p] for p in range(PROPERTIES))
        for c in range(CLASSES)
    )
    rest = names[CLASSES * PROPERTIES :]
    of_class, of_property = rest[:kinds], rest[kinds:]

    def sentence() -> tuple[str, ...]:
        c, p = below(CLASSES, source), below(PROPERTIES, source)
        words = [of_class[c * MARKS + below(MARKS, source)] for _ in "12"]
        words += [of_property[p * MARKS + below(MARKS, source)] for _ in "12"]
        order = torch.randperm(4, generator=source).tolist()
        around = [words[i] for i in order]
        whole = [*around[:2], grid[c][p], *around[2:]]
        replaced = torch.rand(5, generator=source) < noise
        return tuple(
            names[below(total, source)] if other else word
            for word, other in zip(whole, replaced.tolist(), strict=True)
        )

    analogies = tuple(
        (grid[one][p], grid[one][q], grid[two][p], grid[two][q])
        for one in range(CLASSES)
        for two in range(CLASSES)
        if one != two
        for p, q in combinations(range(PROPERTIES), 2)
    )
    made = tuple(sentence() for _ in range(size))
    return PlantedWords(made, grid, analogies)


def _names(count: int, source: torch.Generator) -> list[str]:
    """Invent words of two syllables, each once."""
    every = len(SOUNDS) ** 2
    order = torch.randperm(every, generator=source)[:count].tolist()
    return [SOUNDS[n // len(SOUNDS)] + SOUNDS[n % len(SOUNDS)] for n in order]
