import re
import unicodedata
from itertools import chain

import pytest
import torch
from hypothesis import given, settings
from hypothesis import strategies as st

from pfs.data import story
from pfs.errors import PfsIndexError, PfsValueError
from pfs.text import WordPiece
from pfs.text.words import traced_words

MARKS = ["[UNK]", "[CLS]", "[SEP]"]
STORIES = [story(language) for language in ("en", "ko", "zh")]
TEXT = "\n".join(STORIES)
# What BERT's authors test their own tokenizer with.
WANT = [*MARKS, "want", "##want", "##ed", "wa", "un", "runn", "##ing", ","]
IDEOGRAPH = re.compile(
    "[\u3400-\u4dbf\u4e00-\u9fff\uf900-\ufaff\U00020000-\U0002a6df"
    "\U0002a700-\U0002b73f\U0002b740-\U0002b81f\U0002b820-\U0002ceaf"
    "\U0002f800-\U0002fa1f]"
)


def is_punctuation(symbol):
    if symbol.isascii():
        return symbol in "!\"#$%&'()*+,-./:;<=>?@[\\]^_`{|}~"
    return unicodedata.category(symbol).startswith("P")


def plain_words(text, bare=True):
    """Cut a text into words, the whole text at once and without places."""
    text = re.sub(r"[\t\n\r]", " ", text).replace("\ufffd", "")
    kinds = map(unicodedata.category, text)
    pairs = zip(text, kinds, strict=True)
    text = "".join(s for s, kind in pairs if kind not in ("Cc", "Cf"))
    text = IDEOGRAPH.sub(r" \g<0> ", text)
    if bare:
        text = unicodedata.normalize("NFD", text.lower())
        text = "".join(s for s in text if unicodedata.category(s) != "Mn")
    return "".join(f" {s} " if is_punctuation(s) else s for s in text).split()


def spelled(words):
    return ["".join(letter.symbol for letter in word) for word in words]


def vocabulary_of(text, bare):
    """Every letter alone, and half of the longer beginnings and endings."""
    words = plain_words(text, bare)
    letters = sorted({letter for word in words for letter in word})
    longer = sorted({w[:i] for w in words for i in range(2, len(w) + 1)})
    ends = sorted({"##" + w[i:] for w in words for i in range(1, len(w))})
    single = [*letters, *(f"##{letter}" for letter in letters)]
    return list(dict.fromkeys([*MARKS, *single, *longer[::2], *ends[::2]]))


def largest_pieces(word, tokens):
    """Search the vocabulary where the code searches the word."""
    pieces = []
    while word:
        before = "##" if pieces else ""
        fit = [t for t in tokens if (before + word).startswith(t) and t != "##"]
        if before:
            fit = [t for t in fit if t.startswith("##")]
        if not fit:
            return ["[UNK]"]
        pieces.append(max(fit, key=len))
        word = word[len(pieces[-1]) - len(before) :]
    return pieces


BARE = WordPiece(vocabulary_of(TEXT, bare=True))
CASED = WordPiece(
    vocabulary_of(TEXT, bare=False), lower_case=False, strip_accents=False
)


def pieces_of(wordpiece, text):
    return [wordpiece.tokens[i] for i in wordpiece.encode(text).tolist()]


@pytest.mark.parametrize(
    ("text", "tokens"),
    [
        ("UNwant\u00e9d,running", "un ##want ##ed , runn ##ing"),
        ("unwantedX running", "[UNK] runn ##ing"),
        ("wa was [UNK]", "wa [UNK] [UNK] [UNK] [UNK]"),
        ("", ""),
    ],
)
def test_the_examples_of_its_authors(text, tokens):
    assert pieces_of(WordPiece(WANT), text) == tokens.split()


@pytest.mark.parametrize(
    ("text", "bare", "cased"),
    [
        (" \tHeLLo!how  \n Are yoU?  ", "hello ! how are you ?", None),
        ("ah\u535a\u63a8zz", "ah \u535a \u63a8 zz", None),
        ("H\u00e9llo", "hello", "H\u00e9llo"),
        ("$5^a_b~", "$ 5 ^ a _ b ~", "$ 5 ^ a _ b ~"),
        ("a\x00b\u200bc\ufffdd\u00ade", "abcde", "abcde"),
        ("a\u00a0b\u3000c\u2028d\x85e", "a b c de", "a b c de"),
        ("서", "\u1109\u1165", "서"),
        ("ΟΔΟΣ ΣΑ", "οδος σα", "ΟΔΟΣ ΣΑ"),
        ("\u0130x", "ix", "\u0130x"),
        ("「나」…，", "「 \u1102\u1161 」 … ，", "「 나 」 … ，"),
        ("\uf900\U0002a6df\U0002a6e0", "\u8c48 \U0002a6df \U0002a6e0", None),
        ("हिन्दी", "हिनदी", "हिन्दी"),
        ("ひらカタ", "ひらカタ", "ひらカタ"),
    ],
)
def test_words_are_cut_and_cleaned(text, bare, cased):
    assert spelled(traced_words(text)) == bare.split()
    if cased is not None:
        plain = traced_words(text, lower_case=False, strip_accents=False)
        assert spelled(plain) == cased.split()


def test_case_and_accents_are_two_things():
    assert spelled(traced_words("Él", strip_accents=False)) == ["él"]
    assert spelled(traced_words("Él", lower_case=False)) == ["El"]


@settings(max_examples=500)
@given(st.text(st.characters(exclude_categories=["Cs"])))
def test_any_text_is_cut_like_the_whole_text_at_once(text):
    assert spelled(traced_words(text)) == plain_words(text)
    cased = traced_words(text, lower_case=False, strip_accents=False)
    assert spelled(cased) == plain_words(text, bare=False)


@pytest.mark.parametrize("text", STORIES)
@pytest.mark.parametrize("wordpiece", [BARE, CASED], ids=["bare", "cased"])
def test_pieces_are_the_largest(text, wordpiece):
    text = text[:600] + " clockworks naïveté zoo Ωx"
    words = plain_words(text, wordpiece is BARE)
    expected = [largest_pieces(w, wordpiece.tokens) for w in words]
    assert pieces_of(wordpiece, text) == list(chain(*expected))
    assert ["[UNK]"] in expected
    assert any(len(pieces) > 2 for pieces in expected)


def test_a_word_may_have_a_hundred_characters():
    wordpiece = WordPiece([*MARKS, "a", "##a"])
    assert wordpiece.encode("a" * 100).tolist() == [3] + [4] * 99
    assert wordpiece.encode("a" * 101).tolist() == [0]
    assert wordpiece.locate("a" * 101) == [(0, 0, 101)]
    short = WordPiece([*MARKS, "a", "##a"], longest_word=1)
    assert short.encode("a aa").tolist() == [3, 0]


known = st.text(sorted(set(TEXT)) + list("éÄİ\u0301서\u00ad"))
any_text = st.text(st.characters(exclude_categories=["Cs"]))


@settings(max_examples=500)
@given(known | any_text)
def test_tokens_know_where_they_were(text):
    for wordpiece in (BARE, CASED):
        tokens = wordpiece.locate(text)
        covered = set()
        for before, token in zip([(0, 0, 0), *tokens], tokens, strict=False):
            assert before[1] <= token.start < token.end <= len(text)
            assert before[2] <= token.end
            covered.update(range(token.start, token.end))
        for place in set(range(len(text))) - covered:
            kind = unicodedata.category(text[place])
            assert kind in ("Cc", "Cf", "Zs", "Zl", "Zp", "Mn") or (
                text[place] == "\ufffd"
            )


@settings(max_examples=500)
@given(known)
def test_the_stretch_of_a_token_spells_it(text):
    for wordpiece in (BARE, CASED):
        for i, start, end in wordpiece.locate(text):
            words = plain_words(text[start:end], wordpiece is BARE)
            token = wordpiece.tokens[i].removeprefix("##")
            assert len(words) == 1
            assert token == "[UNK]" or token in words[0]
            if not any("가" <= s <= "힣" for s in text[start:end]):
                assert token in ("[UNK]", words[0])


@settings(max_examples=300)
@given(known)
def test_what_is_decoded_has_the_same_ids(text):
    ids = BARE.encode(text).tolist()
    if 0 not in ids:
        again = BARE.decode(ids)
        assert BARE.encode(again).tolist() == ids
        assert again.split() == plain_words(text)


@pytest.mark.parametrize(
    ("text", "answer"),
    [
        ("In Café Zürich, 1934.", "Café Zürich"),
        ("In Cafe\u0301 Zu\u0308rich, 1934.", "Cafe\u0301 Zu\u0308rich"),
        ("\u200b\ufeffy\tÉcole!", "École"),
        ("Un cafe\u0301!", "cafe\u0301"),
        ("나는 서울에 산다.", "서울"),
        ("我住在首尔。", "首尔"),
    ],
)
def test_an_answer_can_be_pointed_at(text, answer):
    letters = dict.fromkeys("".join(plain_words(text)))
    wordpiece = WordPiece([*MARKS, *letters, *(f"##{s}" for s in letters)])
    start = text.index(answer)
    stretch = range(start, start + len(answer))
    inside = [t for t in wordpiece.locate(text) if t.start in stretch]
    assert text[inside[0].start : inside[-1].end] == answer


def test_a_pair_has_marks_types_and_places():
    wordpiece = WordPiece([*MARKS, "a", "##b", "."])
    pair = wordpiece.encode_pair("ab", "a .")
    assert pair.ids.tolist() == [1, 3, 4, 2, 3, 5, 2]
    assert pair.types.tolist() == [0, 0, 0, 0, 1, 1, 1]
    places = [[0, 0], [0, 1], [1, 2], [0, 0], [0, 1], [2, 3], [0, 0]]
    assert pair.offsets.tolist() == places
    assert {part.dtype for part in pair} == {torch.int64}
    alone = wordpiece.encode_pair("ab")
    assert alone.ids.tolist() == [1, 3, 4, 2]
    assert alone.types.tolist() == [0, 0, 0, 0]
    assert wordpiece.encode_pair("", "").ids.tolist() == [1, 2, 2]
    assert wordpiece.encode_pair("", "").types.tolist() == [0, 0, 1]
    assert wordpiece.decode(pair.ids) == "[CLS] ab [SEP] a . [SEP]"


def test_nothing_is_nothing():
    assert BARE.encode("").dtype == torch.int64
    assert BARE.encode(" \u0301\x00").tolist() == []
    assert BARE.decode([]) == ""


@pytest.mark.parametrize(
    ("code", "words", "make"),
    [
        ("A03", "[UNK]", lambda: WordPiece(["[CLS]", "[SEP]"])),
        ("A03", "no [CLS]", lambda: WordPiece(["[UNK]", "[SEP]"])),
        ("A03", "no [SEP]", lambda: WordPiece(["[UNK]", "[CLS]"])),
        ("A01", "'a' more", lambda: WordPiece([*MARKS, "a", "a"])),
        ("A01", "longest", lambda: WordPiece(MARKS, longest_word=0)),
        ("X06", "symbol", lambda: WordPiece([])),
        ("S09", "ids[1]", lambda: WordPiece(MARKS).decode([0, 3])),
        ("X04", "U+D83D", lambda: WordPiece(MARKS).encode("a\ud83d")),
    ],
)
def test_mistakes_are_named(code, words, make):
    with pytest.raises((PfsValueError, PfsIndexError)) as caught:
        make()
    assert caught.value.code == code
    assert words in str(caught.value)
