"""Which pairs of sentences are read in a run of translation, and which judged.

Note: notes/seq2seq
"""

import datetime
import itertools
from collections.abc import Iterable
from dataclasses import dataclass, field
from typing import Final

from pfs.data.cards import card, names
from pfs.data.datasets import load
from pfs.data.generated import dates, numbers
from pfs.data.pairs import Pair
from pfs.data.story import LANGUAGES
from pfs.errors import PfsValueError
from pfs.nn import checks
from pfs.recipes.translate_config import MODELS, TranslateConfig
from pfs.text.pieces import split
from pfs.training.provenance import sha256

GENERATED: Final = ("numbers", "dates")
"""Pairs that need no download."""
DIRECTIONS: Final = tuple(itertools.permutations(LANGUAGES, 2))
"""From each of the three languages into each other one."""
JUDGED: Final = 300
"""So many numbers or days are said in all directions to judge a model."""
FURTHER: Final = 100
"""So many of each kind that is not in the training data."""
CENTURY: Final = (datetime.date(2100, 1, 1), datetime.date(2199, 12, 31))
"""Days that the training data do not reach."""
PARTS: Final = ("train", "validation", "test")


@dataclass(frozen=True)
class Pairs:
    """Pairs to train on and to judge, and where they come from."""

    name: str
    """A short name, for folders."""
    title: str
    """What it is."""
    language: str
    """From what into what."""
    licence: str
    """Under what terms it may be used."""
    train: tuple[Pair, ...]
    """What is trained on."""
    validation: tuple[Pair, ...]
    """What is judged while training."""
    test: tuple[Pair, ...]
    """What is judged at the end."""
    further: dict[str, tuple[Pair, ...]] = field(default_factory=dict)
    """Kinds that the training data do not have, such as longer numbers."""

    @property
    def sha256(self) -> str:
        """The checksum of all pairs."""
        every = (*self.train, *self.validation, *self.test)
        return sha256("\n".join(f"{p.source}\t{p.target}" for p in every))


def read_pairs(config: TranslateConfig) -> Pairs:
    """Read or make the pairs that a config names.

    Made pairs begin with the language to translate into, as in `ko: ten`, so
    that one model learns all directions.

    Args:
        config: The settings.

    Returns:
        The pairs.

    Raises:
        ValueError: A01 if a setting is out of range.
        OSError: Of data that cannot be had.

    Examples:
        >>> from dataclasses import replace
        >>> from pfs.recipes.translate_config import TRANSLATE
        >>> made = read_pairs(replace(TRANSLATE, size=100))
        >>> len(made.train), made.train[0].source[:4]
        (480, 'ko: ')

    Source:
        Johnson et al. (2017), section 3, for the mark of the language.

    Differs:
        nothing
    """
    known = (*GENERATED, *names("pairs"))
    checks.one_of("setting", "data", config.data, known)
    checks.one_of("setting", "model", config.model, MODELS)
    checks.positive(
        "TranslateConfig", **{k: getattr(config, k) for k in POSITIVE}
    )
    if config.data in GENERATED:
        return _generated(config)
    return _collected(config)


POSITIVE: Final = (
    *("size", "longest", "most", "least", "d_model", "num_layers"),
    *("num_heads", "steps", "batch_size", "warmup", "evaluations"),
    *("checkpoint_every", "beam"),
)
"""Settings that are whole numbers above 0."""


def _generated(config: TranslateConfig) -> Pairs:
    one = card(config.data)
    make = _numbers if config.data == "numbers" else _dates
    parts, further = make(config)
    return Pairs(
        config.data,
        one.title,
        "en, ko, zh",
        one.licence,
        parts["train"],
        parts["validation"],
        parts["test"],
        further,
    )


def _numbers(
    config: TranslateConfig,
) -> tuple[dict[str, tuple[Pair, ...]], dict[str, tuple[Pair, ...]]]:
    """Say every number in three languages; longer ones are kept apart."""

    def said(found: Iterable[Pair]) -> tuple[Pair, ...]:
        values = [int(pair.source) for pair in found]
        return tuple(
            Pair(f"{b}: {numbers.say(n, a)}", numbers.say(n, b), f"{a}-{b}")
            for n in values
            for a, b in DIRECTIONS
        )

    digits = ("digits", "digits")
    made = numbers.load(*digits, size=config.size, longest=config.longest)
    made["test"] = made["test"][:JUDGED]
    made["validation"] = made["validation"][:JUDGED]
    further = {}
    for longer in range(config.longest + 1, min(config.longest + 3, 13)):
        wide = numbers.load(*digits, size=30 * FURTHER, longest=longer)
        long = [p for p in wide["test"] if len(p.source) == longer]
        further[f"{longer} digits"] = said(long[: FURTHER // 2])
    return {part: said(made[part]) for part in PARTS}, further


def _dates(
    config: TranslateConfig,
) -> tuple[dict[str, tuple[Pair, ...]], dict[str, tuple[Pair, ...]]]:
    """Write every day in three languages; another century is kept apart."""
    parts: dict[str, list[Pair]] = {part: [] for part in PARTS}
    for language, target in DIRECTIONS:
        made = dates.load(language, size=config.size, target=target)
        for part in PARTS:
            found = made[part] if part == "train" else made[part][:JUDGED]
            parts[part] += [
                Pair(f"{target}: {p.source}", p.target, f"{language}-{target}")
                for p in found
            ]
    first, last = CENTURY
    days = (last - first).days // (FURTHER // 2)
    later = tuple(
        Pair(f"{b}: {dates.write(day, a)}", dates.write(day, b), f"{a}-{b}")
        for number in range(FURTHER // 2)
        for day in [first + datetime.timedelta(number * days)]
        for a, b in DIRECTIONS
    )
    return {k: tuple(v) for k, v in parts.items()}, {"2100 to 2199": later}


def _collected(config: TranslateConfig) -> Pairs:
    """Split a data set so that no sentence stands in two parts.

    Sentences that share a source or a target hang together: they go into the
    same part, or a model would be judged on what it has read.
    """
    one = card(config.data)
    loaded = load(config.data)
    if isinstance(loaded, dict):
        loaded = tuple(p for part in loaded.values() for p in part)
    pairs = [
        Pair(p.target, p.source) if config.swap else Pair(p.source, p.target)
        for p in loaded
    ]
    groups = _groups(pairs)
    every = len(groups) // 20
    if every == 0:
        raise PfsValueError(
            "A01",
            where=f"setting data, {config.data}",
            expected="at least 20 different sentences",
            got=f"{len(groups)}",
            todo="choose another data set",
        )
    # The groups are in the order of their checksums: a fixed random order.
    test, rest = groups[:every], groups[every:]
    flat = lambda some: tuple(pair for group in some for pair in group)  # noqa: E731
    train = tuple(
        pair
        for pair in flat(rest[every:])
        if max(len(split(pair.source)), len(split(pair.target))) <= config.most
    )
    name = f"{config.data}-swapped" if config.swap else config.data
    languages = one.languages[::-1] if config.swap else one.languages
    return Pairs(
        name,
        one.title,
        "-".join(languages),
        one.licence,
        train,
        flat(rest[:every]),
        tuple(group[0] for group in test),
    )


def _groups(pairs: Iterable[Pair]) -> list[tuple[Pair, ...]]:
    """Put pairs together that share a sentence, directly or by others."""
    root: dict[str, str] = {}

    def top(key: str) -> str:
        root.setdefault(key, key)
        while root[key] != key:
            root[key] = root[root[key]]
            key = root[key]
        return key

    unique = tuple(dict.fromkeys(pairs))
    for pair in unique:
        root[top(f"s{pair.source}")] = top(f"t{pair.target}")
    groups: dict[str, list[Pair]] = {}
    for pair in unique:
        groups.setdefault(top(f"s{pair.source}"), []).append(pair)
    made = [tuple(group) for group in groups.values()]
    return sorted(made, key=lambda group: sha256(group[0].source))
