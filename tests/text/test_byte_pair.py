import json
import random
import unicodedata
from collections import Counter
from itertools import pairwise

import pytest
from hypothesis import given, settings
from hypothesis import strategies as st
from py_mini_racer import MiniRacer

from pfs.data import story
from pfs.errors import PfsIndexError, PfsValueError
from pfs.text import BytePairEncoding, byte_pair
from pfs.text.byte_pair import byte_symbols, split_words

STORIES = [story(language) for language in ("en", "ko", "zh")]
SYMBOLS = byte_symbols()
GPT2 = r"'s|'t|'re|'ve|'m|'ll|'d| ?\p{L}+| ?\p{N}+| ?[^\s\p{L}\p{N}]+"
GPT2 += r"|\s+(?!\S)|\s+"


def learn(text, count):
    """Find the most frequent pair, merge it, and again (Sennrich, 3.2)."""
    words = Counter(
        tuple(SYMBOLS[byte] for byte in word.encode())
        for word in split_words(text)
    )
    merges = []
    while len(merges) < count:
        pairs = Counter()
        for word, times in words.items():
            for pair in pairwise(word):
                pairs[pair] += times
        best = max(pairs, key=lambda pair: (pairs[pair], pair))
        merges.append(best)
        words = Counter(
            {merge_first(word, best): times for word, times in words.items()}
        )
    return merges


def merge_first(word, pair):
    """Merge every occurrence, one at a time from the left."""
    parts = list(word)
    place = 0
    while place < len(parts) - 1:
        if (parts[place], parts[place + 1]) == pair:
            parts[place : place + 2] = ["".join(pair)]
        place += 1
    return tuple(parts)


MERGES = learn("\n".join(text[:3000] for text in STORIES), 250)
ENCODING = BytePairEncoding(MERGES)


def in_order(text):
    """Apply every merge once, in the order in which they were learnt."""
    tokens = []
    for word in split_words(text):
        parts = tuple(SYMBOLS[byte] for byte in word.encode())
        for pair in MERGES:
            parts = merge_first(parts, pair)
        tokens += parts
    return [ENCODING.tokens.index(token) for token in tokens]


def test_bytes_have_the_symbols_and_ids_of_gpt2():
    assert len(set(SYMBOLS)) == 256
    assert SYMBOLS[ord(" ")] == "Ġ"
    assert SYMBOLS[0] == "Ā"
    assert SYMBOLS[0xAD] == "Ń"
    assert not any(symbol.isspace() for symbol in SYMBOLS)
    tokens = BytePairEncoding([]).tokens
    assert tokens[:3] == ("!", '"', "#")
    assert tokens[93:95] == ("~", "¡")
    assert tokens[187:191] == ("ÿ", "Ā", "ā", "Ă")
    assert tokens[255:] == ("Ń", "<|endoftext|>")


@pytest.mark.parametrize(
    ("text", "words"),
    [
        ("I've 10x", ["I", "'ve", " 10", "x"]),
        ("'LL'll''s", ["'", "LL", "'ll", "''", "s"]),
        ("a  b\n\n c", ["a", " ", " b", "\n\n", " c"]),
        ("a \u3000나", ["a", " ", "\u3000", "나"]),
        ("Ⅻ½²x_y", ["Ⅻ½²", "x", "_", "y"]),
        ("é e\u0301", ["é", " e", "\u0301"]),
        ("\x1c\x85\x1f \n", ["\x1c", "\x85", "\x1f", " \n"]),
        ("", []),
    ],
)
def test_a_text_is_cut_where_gpt2_cuts(text, words):
    assert split_words(text) == words


def probes():
    """Return characters of every script, each between others."""
    chosen = random.Random(0)
    for code in [*range(0x3400), *range(0xA000, 0xAC00), *range(0xF900, 2**17)]:
        symbol = chr(code)
        if unicodedata.category(symbol) not in ("Cn", "Cs", "Co"):
            yield f"x{symbol}1 {symbol}'s {symbol}\t" + chosen.choice(" \na7-")
    for code in chosen.sample(range(0x3400, 0x30000), 3000):
        if unicodedata.category(chr(code)) not in ("Cn", "Cs", "Co"):
            yield f"가{chr(code)} {chr(code)}9"


def test_words_are_those_of_the_expression_itself():
    """V8 knows the classes of Unicode; its own \\s is another, though."""
    expression = GPT2.replace(r"\s", r"\p{White_Space}").replace(
        r"\S", r"\P{White_Space}"
    )
    text = "".join(probes()) + "".join(STORIES)
    found = MiniRacer().eval(
        f"JSON.stringify({json.dumps(text)}.match(/{expression}/gu))"
    )
    assert split_words(text) == json.loads(found)


@pytest.mark.parametrize("text", STORIES)
def test_ids_are_those_of_the_merges_in_their_order(text):
    ids = ENCODING.encode(text).tolist()
    assert ids == in_order(text)
    assert ENCODING.decode(ids) == text
    assert len(ids) < 0.75 * len(text.encode())


def test_the_first_merge_goes_first_even_if_it_is_not_the_leftmost():
    encoding = BytePairEncoding([("b", "c"), ("a", "b"), ("a", "a")])
    tokens = [encoding.tokens[i] for i in encoding.encode("abc aaa abab")]
    assert tokens == ["a", "bc", "Ġ", "aa", "a", "Ġ", "ab", "ab"]


@settings(max_examples=300)
@given(st.binary())
def test_any_bytes_come_back(data):
    ids = ENCODING.encode(data)
    assert ENCODING.decode_bytes(ids) == data
    assert ENCODING.decode(ids) == data.decode("utf-8", "replace")


@settings(max_examples=300)
@given(st.text(st.characters(exclude_categories=["Cs"])))
def test_any_text_comes_back(text):
    ids = ENCODING.encode(text)
    assert ENCODING.decode(ids) == text
    assert ids.tolist() == ENCODING.encode(text.encode()).tolist()
    assert ids.tolist() == in_order(text)
    assert "".join(split_words(text)) == text


def test_no_text_makes_a_special_token():
    ids = ENCODING.encode("<|endoftext|>").tolist()
    end = ENCODING.special["<|endoftext|>"]
    assert end == len(ENCODING) - 1 == 256 + 250
    assert end not in ids
    assert ENCODING.decode([end, *ids]) == 2 * "<|endoftext|>"
    talk = BytePairEncoding([], special=["[말]", "a b"])
    assert talk.special == {"[말]": 256, "a b": 257}
    assert talk.decode([257, 256]) == "a b[말]"


def test_half_a_character_is_shown_as_such():
    ids = BytePairEncoding([]).encode("나").tolist()
    assert BytePairEncoding([]).decode(ids[:2]) == "\ufffd"


def test_words_are_kept_but_not_for_ever(monkeypatch):
    monkeypatch.setattr(byte_pair, "CACHED", 3)
    encoding = BytePairEncoding(MERGES)
    text = STORIES[0][:500]
    for _ in range(2):
        assert encoding.encode(text).tolist() == in_order(text)
    assert 0 < len(encoding._cache) <= 3


@pytest.mark.parametrize(
    ("code", "words", "make"),
    [
        (
            "A01",
            "merges[1]",
            lambda: BytePairEncoding([("a", "b"), ("a", " ")]),
        ),
        ("A01", "merges[0]", lambda: BytePairEncoding([("", "a")])),
        ("A01", "'ab' more", lambda: BytePairEncoding([("a", "b")] * 2)),
        ("A01", "'a' more", lambda: BytePairEncoding([], special=["a"])),
        ("S09", "ids[1]", lambda: ENCODING.decode([0, len(ENCODING)])),
        ("X04", "U+DC80", lambda: ENCODING.encode("a\udc80")),
    ],
)
def test_mistakes_are_named(code, words, make):
    with pytest.raises((PfsValueError, PfsIndexError)) as caught:
        make()
    assert caught.value.code == code
    assert words in str(caught.value)
