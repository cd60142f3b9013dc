r"""Byte-pair encoding: GPT-2's tokenizer.

Sennrich, Haddow and Birch (2016), on bytes as in Radford et al. (2019): every
text, in every script, is a sequence of 256 bytes, so nothing is unknown.
"""

import re
import unicodedata
from collections.abc import Iterable, Sequence
from itertools import pairwise
from typing import Final

import torch

from pfs.errors import PfsValueError
from pfs.shapes import Int, Tensor
from pfs.text.ids import whole_numbers
from pfs.text.vocabulary import Vocabulary, normalize

END_OF_TEXT: Final = "<|endoftext|>"
"""GPT-2's only special token: it stands between documents."""
CACHED: Final = 2**16
"""How many words' ids an encoder keeps before it forgets them all."""

_WORD: Final = re.compile(
    r"'(?:[stmd]|re|ve|ll)| ?[A-Za-z]+| ?[0-9]+| ?[^\sA-Za-z0-9]+"
    r"|\s+(?!\S)|\s+",
    re.ASCII,
)


def byte_symbols() -> tuple[str, ...]:
    r"""Give each of the 256 bytes a character that can be seen.

    A file of merges separates symbols by spaces and lines, so no symbol may
    be a space. The 188 bytes that Latin-1 prints keep their character; the
    others get those from `Ā` (U+0100) on: a space becomes `Ġ`.

    Returns:
        The character of byte 0, of byte 1, and so on.

    Examples:
        >>> symbols = byte_symbols()
        >>> "".join(symbols[byte] for byte in " 나!".encode())
        'ĠëĤĺ!'

    Source:
        Radford et al. (2019), released code: `bytes_to_unicode`.

    Differs:
        The released table is in the order of the ids, here in that of bytes.
    """
    shown = [*range(0x21, 0x7F), *range(0xA1, 0xAD), *range(0xAE, 0x100)]
    others = iter(range(0x100, 0x200))
    return tuple(
        chr(byte if byte in shown else next(others)) for byte in range(256)
    )


class _Likeness(dict[int, str]):
    """For every character an ASCII character of the same class.

    Python's `re` does not know the classes of Unicode, but `unicodedata`
    does. In a text of likenesses the expression need only know ASCII, and
    what it finds at a place is what stands there in the text itself.
    """

    def __missing__(self, code: int) -> str:
        symbol = chr(code)
        kind = unicodedata.category(symbol)[0]
        if code < 0x80:
            likeness = symbol
        elif kind == "Z" or symbol == "\x85":
            likeness = "\t"
        else:
            likeness = {"L": "a", "N": "0"}.get(kind, "!")
        self[code] = likeness
        return likeness


_LIKENESS: Final = _Likeness()


def split_words(text: str) -> list[str]:
    r"""Cut a text where no merge may reach across.

    A word takes the one space before it along; letters, digits and other
    signs are kept apart; so are the endings of English short forms.

    Args:
        text: Any text.

    Returns:
        The parts; joined they are the text.

    Examples:
        >>> split_words("It's 7 o'clock,  나비야!")
        ['It', "'s", ' 7', ' o', "'", 'clock', ',', ' ', ' 나비야', '!']

    Source:
        Radford et al. (2019), released code: `'s|'t|'re|'ve|'m|'ll|'d` or
        ` ?\p{L}+| ?\p{N}+| ?[^\s\p{L}\p{N}]+|\s+(?!\S)|\s+`.

    Differs:
        That expression needs the package `regex`; the result is the same for
        every character that is in Python's tables of Unicode.
    """
    likeness = text.translate(_LIKENESS)
    return [text[m.start() : m.end()] for m in _WORD.finditer(likeness)]


class BytePairEncoding:
    r"""Bytes, merged in pairs, most frequent pairs first; and their ids.

    The ids: 256 bytes, those that can be seen first; then what each merge
    makes; then the special tokens. GPT-2 has 256 + 50,000 + 1 = 50,257.

    Args:
        merges: Pairs of symbols in the order in which they are merged,
            spelled in `byte_symbols`: `load("gpt2-merges")`.
        special: Tokens that no text turns into; their ids are in `special`.

    Raises:
        ValueError: A01 if a merge holds a character that stands for no byte,
            or if two tokens are the same.

    Examples:
        >>> encoding = BytePairEncoding([("a", "n"), ("an", "a")])
        >>> encoding.encode("banana").tolist()
        [65, 256, 257]
        >>> encoding.decode([65, 256, 257])
        'banana'
        >>> encoding.special
        {'<|endoftext|>': 258}

    Source:
        Sennrich, Haddow and Birch (2016), section 3.2; Radford et al. (2019),
        section 2.2 and the released code.

    Differs:
        - Bytes are accepted too, also those that are not UTF-8: each bad byte
          counts as a sign that is neither letter, digit nor space.
        - The text `<|endoftext|>` is plain text, as in the released code and
          unlike in `transformers`: whoever writes a text cannot end it.
        - The text is not normalized: `decode` gives back what `encode` got.
    """

    def __init__(
        self,
        merges: Iterable[tuple[str, str]],
        *,
        special: Iterable[str] = (END_OF_TEXT,),
    ) -> None:
        self.merges = tuple(merges)
        symbols = byte_symbols()
        seen = [s for byte, s in enumerate(symbols) if s == chr(byte)]
        unseen = [s for s in symbols if s not in seen]
        merged = [left + right for left, right in self.merges]
        plain = [*seen, *unseen, *merged]
        added = tuple(special)

        byte_of = {symbol: byte for byte, symbol in enumerate(symbols)}
        for number, (pair, token) in enumerate(
            zip(self.merges, merged, strict=True)
        ):
            if not all(pair) or set(token).difference(symbols):
                raise PfsValueError(
                    "A01",
                    where=f"BytePairEncoding, merges[{number}]",
                    expected="two symbols that stand for bytes",
                    got=repr(pair),
                    todo="spell them in byte_symbols(): a space is 'Ġ'",
                )
        self.tokens = Vocabulary([*plain, *added]).symbols
        self._ids = {token: i for i, token in enumerate(self.tokens)}
        self._ranks = {pair: rank for rank, pair in enumerate(self.merges)}
        self._bytes = [bytes(byte_of[s] for s in token) for token in plain]
        self._bytes += [token.encode() for token in added]
        self._symbols = symbols
        self.special = {token: self._ids[token] for token in added}
        self._cache: dict[str, list[int]] = {}

    # --8<-- [start:merge]
    def _merge(self, word: str) -> list[str]:
        """Merge the pair that comes first in the list, until none is left."""
        parts = list(word)
        while len(parts) > 1:
            best = min(
                pairwise(parts), key=lambda p: self._ranks.get(p, len(self))
            )
            if best not in self._ranks:
                break
            merged = parts[:1]
            for part in parts[1:]:
                if (merged[-1], part) == best:
                    merged[-1] += part
                else:
                    merged.append(part)
            parts = merged
        return parts

    # --8<-- [end:merge]
    def encode(self, text: str | bytes) -> Int[Tensor, " time"]:
        r"""Turn a text into ids.

        Args:
            text: Any text, or any bytes.

        Returns:
            The ids: at most one a byte.

        Raises:
            ValueError: X04 if a string holds half a character.

        Examples:
            >>> BytePairEncoding([("h", "i")]).encode("hi!")
            tensor([256,   0])
            >>> BytePairEncoding([]).encode(b"\xff!")
            tensor([187,   0])

        Source:
            Radford et al. (2019), released code.

        Differs:
            The ids of a word are kept for the next time, at most `CACHED`
            words'. As in the released code, time grows with the square of a
            word's length: texts have short words.
        """
        if isinstance(text, bytes):
            text = text.decode("utf-8", "surrogateescape")
        else:
            normalize(text, None)  # refuses half characters
        ids: list[int] = []
        for word in split_words(text):
            if word not in self._cache:
                if len(self._cache) >= CACHED:
                    self._cache.clear()
                data = word.encode("utf-8", "surrogateescape")
                spelled = "".join(self._symbols[byte] for byte in data)
                parts = self._merge(spelled)
                self._cache[word] = [self._ids[part] for part in parts]
            ids += self._cache[word]
        return torch.tensor(ids, dtype=torch.int64)

    def decode_bytes(self, ids: Int[Tensor, " time"] | Sequence[int]) -> bytes:
        r"""Turn ids back into bytes: the inverse of `encode`.

        Args:
            ids: Ids of this encoding.

        Returns:
            The bytes: exactly those that were encoded.

        Raises:
            IndexError: S09 if there is no such id.
            TypeError: S01 if the ids are not whole numbers.

        Examples:
            >>> encoding = BytePairEncoding([])
            >>> encoding.decode_bytes(encoding.encode(b"\xff\x00"))
            b'\xff\x00'

        Source:
            Radford et al. (2019), released code.

        Differs:
            nothing
        """
        numbers = whole_numbers(ids, len(self), "BytePairEncoding.decode")
        return b"".join(self._bytes[i] for i in numbers)

    def decode(self, ids: Int[Tensor, " time"] | Sequence[int]) -> str:
        """Turn ids into a text.

        Args:
            ids: Ids of this encoding, such as a model has drawn.

        Returns:
            The text; where the bytes are not UTF-8, as when a character is
            cut in two, there stands U+FFFD.

        Raises:
            IndexError: S09 if there is no such id.
            TypeError: S01 if the ids are not whole numbers.

        Examples:
            >>> BytePairEncoding([]).decode([64, 65, 256])
            'ab<|endoftext|>'

        Source:
            Radford et al. (2019), released code.

        Differs:
            nothing
        """
        return self.decode_bytes(ids).decode("utf-8", "replace")

    def __len__(self) -> int:
        """Count the tokens."""
        return len(self.tokens)
