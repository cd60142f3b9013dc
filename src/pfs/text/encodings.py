"""Guess in which encoding a text that is not UTF-8 was written."""

import codecs
import string
from collections.abc import Sequence
from typing import Final

FREQUENT: Final = {
    "cp949": "이다는을에의가고하은지를로기도사서한나아인그대자해들어있리라시제"
    "것일수게만부과보정전와주장여스동상구안무어니면요었았습우자조",
    "gb18030": "的一是不了在人有我他这个们中来上大为和国地到以说时要就出会可也"
    "你对生能而子那得于着下自之年过发后作里用道行所然家种事成方多经么去",
    "big5": "的一是不了在人有我他這個們中來上大為和國地到以說時要就出會可也"
    "你對生能而子那得於著下自之年過發後作裡用道行所然家種事成方多經麼去",
    "shift_jis": "のにはをたがでてとしれさるいもなかっりらこうまきつあけくすど"
    "そんアイウエオカキクサシスセタテトナニマミリルレロンー日一人年大十",
    "cp1252": "éèàùâêîôûçëïüöäßñáíóúÉÈÀÖÄÜåøæ’‘“”–—…«»°£©",
}
"""For each encoding, characters that its texts are full of."""

_MARKS: Final = (
    (codecs.BOM_UTF32_LE, "utf-32"),
    (codecs.BOM_UTF32_BE, "utf-32"),
    (codecs.BOM_UTF16_LE, "utf-16"),
    (codecs.BOM_UTF16_BE, "utf-16"),
)


def guess_encoding(data: bytes) -> str | None:
    """Guess the encoding of a text that is not UTF-8.

    A byte order mark decides. Otherwise each encoding that can decode the
    bytes is judged by how many of the characters it finds are frequent in the
    texts it is used for.

    Args:
        data: The bytes of the text, or the beginning of them.

    Returns:
        The name of a codec of Python, or `None` if nothing fits.

    Examples:
        >>> guess_encoding("나비가 꽃에 앉았다.".encode("euc-kr"))
        'cp949'

    Source:
        This project.

    Differs:
        Statistical detectors know many more encodings; these are the ones
        that Korean, Chinese, Japanese and Western European texts come in.
    """
    for mark, name in _MARKS:
        if data.startswith(mark):
            return name
    beginning = data[:20_000]
    ascii_too = "".join(FREQUENT.values()) + string.printable
    scores = {"utf-16-le": 0.0, "utf-16-be": 0.0}
    for name in scores:
        scores[name] = _share(_decode(beginning, name), ascii_too)
    for name, frequent in FREQUENT.items():
        text = _decode(beginning, name)
        foreign = [c for c in text if c > "\x7f"]
        # Accents are rare among plain letters; other scripts are not.
        if name != "cp1252" or len(foreign) * 3 < len(text):
            scores[name] = _share(foreign, frequent)
    best = max(scores, key=scores.__getitem__)
    return best if scores[best] > 0.08 else None


def _share(text: Sequence[str], frequent: str) -> float:
    """Return the share of frequent characters."""
    return sum(c in frequent for c in text) / len(text) if text else 0.0


def _decode(data: bytes, name: str) -> str:
    """Decode, forgiving a character that the cut at the end broke."""
    for end in range(4):
        try:
            return data[: len(data) - end].decode(name)
        except UnicodeDecodeError:
            continue
    return ""
