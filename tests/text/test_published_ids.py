"""15,000 real lines have the ids that the authors' own code gives them.

The checksums (half of each) are of the ids as decimal numbers, a line a text.
They were made with `BasicTokenizer` and `WordpieceTokenizer` of
google-research/bert (`tokenization.py`, at most 100 characters a word) and
with `Encoder` of openai/gpt-2 (`src/encoder.py`, `regex` 2026.5.9) on Python
3.11. Once, 151,351 lines were compared so, id by id: all that the data sets
below hold, and the books and paragraphs beside them.
"""

import hashlib
import os

import pytest

from pfs.data import load
from pfs.errors import PfsFileError
from pfs.text import BytePairEncoding, WordPiece

MADE = {
    "bert-uncased-vocab": lambda tokens: WordPiece(tokens),
    "bert-chinese-vocab": lambda tokens: WordPiece(
        tokens, lower_case=False, strip_accents=False
    ),
    "gpt2-merges": lambda merges: BytePairEncoding(merges),
}
SIZES = {
    "bert-uncased-vocab": 30_522,
    "bert-chinese-vocab": 21_128,
    "gpt2-merges": 50_257,
}
LINES = 5_000  # of each language
IDS = {
    "en": {
        "bert-uncased-vocab": "a8eec6b2d4e3f3ded3fbd1b9d6f78f95",
        "bert-chinese-vocab": "aeb7bfc85cd75fab750c96193cb15560",
        "gpt2-merges": "db13244874829fe666b905dbc5ede285",
    },
    "ko": {
        "bert-uncased-vocab": "dce14889d42dc7623ce3e31db8b0d90c",
        "bert-chinese-vocab": "37e232ed404cffe6c84fcdcef1786ba3",
        "gpt2-merges": "eb00a36b598a6ba92876d7019b0f17b7",
    },
    "zh": {
        "bert-uncased-vocab": "73beafcb43c7465d4bcfada5be120ab5",
        "bert-chinese-vocab": "5689745498cd203a969aed63445e10d0",
        "gpt2-merges": "c63bdbf935a7728ad12018c84dc56f39",
    },
}


def refuse(name, *rest):
    raise PfsFileError("D01", where=name, expected="", got="", todo="")


def lines(language):
    """Return news, then sentences of a school book, then small talk."""
    if language == "zh":
        news = load("ntrex", source="en", target="zh")
        return [p.target for p in (*news, *load("cmn-eng"))]
    news = load("ntrex", source="en", target="ko")
    side = "source" if language == "en" else "target"
    found = [getattr(p, side) for p in (*news, *load("kor-eng"))]
    if language == "en":
        return found + [pair.source for pair in load("cmn-eng")]
    return found + [exchange.question for exchange in load("ko-chatbot")]


@pytest.mark.parametrize("language", IDS)
def test_ids_are_those_of_the_published_code(language, monkeypatch):
    if not os.environ.get("PFS_DATA"):
        monkeypatch.setenv("PFS_HOME", "/nowhere")
        monkeypatch.setattr("pfs.data.datasets.fetch", refuse)
        with pytest.raises(PfsFileError):
            lines(language)
        return
    texts = lines(language)[:LINES]
    assert len(texts) == LINES
    for name, digest in IDS[language].items():
        tokenizer = MADE[name](load(name))
        assert len(tokenizer) == SIZES[name]
        ids = [tokenizer.encode(text).tolist() for text in texts]
        told = "\n".join(" ".join(map(str, one)) for one in ids)
        assert hashlib.sha256(told.encode()).hexdigest()[:32] == digest, name
        if name == "gpt2-merges":
            assert [tokenizer.decode(one) for one in ids] == texts
