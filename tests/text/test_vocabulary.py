import unicodedata

import pytest
import torch
from hypothesis import given, settings
from hypothesis import strategies as st

from pfs.errors import PfsIndexError, PfsValueError
from pfs.text import Vocabulary, letters_and_spaces, normalize

AB = Vocabulary("ab")
whole = st.text(st.characters(exclude_categories=["Cs"]), min_size=1)
hangul = st.text(st.characters(min_codepoint=0xAC00, max_codepoint=0xD7A3))


@settings(max_examples=500)
@given(whole)
def test_decoding_undoes_encoding(text):
    vocabulary = Vocabulary.from_text(text)
    assert vocabulary.decode(vocabulary.encode(text)) == normalize(text)


@settings(max_examples=200)
@given(whole)
def test_without_normalisation_the_text_comes_back_as_it_was(text):
    vocabulary = Vocabulary.from_text(text, normalization=None)
    assert vocabulary.decode(vocabulary.encode(text)) == text


@settings(max_examples=200)
@given(hangul.filter(bool))
def test_both_forms_of_korean_get_the_same_ids(text):
    split = unicodedata.normalize("NFD", text)
    vocabulary = Vocabulary.from_text(text)
    assert vocabulary == Vocabulary.from_text(split)
    assert torch.equal(vocabulary.encode(text), vocabulary.encode(split))


def test_the_sentence_of_twenty_characters_is_not_twenty_nine():
    nfc = "나는 미나와 함께 시계를 감았습니다."
    nfd = unicodedata.normalize("NFD", nfc)
    assert len(nfd) > len(nfc) == len(Vocabulary.from_text(nfc).encode(nfd))


@pytest.mark.parametrize(
    "text",
    [
        "👩‍👩‍👧‍👦",
        "🇰🇷🇨🇳",
        "שלום عليكم",
        "zero\u200bwidth",
        "e\u0301",
        "\x00",
        "\u2028",
    ],
)
def test_odd_symbols_survive(text):
    vocabulary = Vocabulary.from_text(text)
    assert vocabulary.decode(vocabulary.encode(text)) == normalize(text)


def test_ids_follow_the_code_points_and_unknown_comes_first():
    assert Vocabulary.from_text("cab").symbols == ("a", "b", "c")
    vocabulary = Vocabulary.from_text("cab", unknown="<unk>")
    assert vocabulary.symbols == ("<unk>", "a", "b", "c")
    assert vocabulary.encode("cz").tolist() == [3, 0]
    assert vocabulary.decode([3, 0]) == "c<unk>"
    assert "<unk>" in vocabulary
    assert "z" not in vocabulary


def test_an_empty_text_has_an_empty_encoding():
    ids = Vocabulary("ab").encode("")
    assert ids.tolist() == []
    assert ids.dtype == torch.int64
    assert Vocabulary("ab").decode(ids) == ""


def test_equal_vocabularies_are_equal():
    a, b = Vocabulary("ab"), Vocabulary(["a", "b"])
    assert a == b
    assert hash(a) == hash(b)
    assert a != Vocabulary("ba")
    assert a != "ab"
    assert "2 symbols" in repr(a)


@pytest.mark.parametrize(
    ("code", "words", "make"),
    [
        ("X08", ["'c' (U+0063)", "character 3"], lambda: AB.encode("abc")),
        ("X04", ["U+D83D", "character 2"], lambda: AB.encode("a\ud83d")),
        ("X04", ["U+DC00"], lambda: Vocabulary.from_text("\udc00")),
        ("X06", ["at least one"], lambda: Vocabulary.from_text("")),
        ("X06", ["at least one"], lambda: Vocabulary("")),
        ("A01", ["'a' more than once"], lambda: Vocabulary("aba")),
        ("A03", ["'<unk>'"], lambda: Vocabulary("ab", unknown="<unk>")),
        ("S09", ["ids[1]", "0 <= id < 2"], lambda: AB.decode([0, 2])),
        ("S09", ["ids[0]", "-1"], lambda: AB.decode([-1])),
    ],
)
def test_mistakes_are_named(code, words, make):
    with pytest.raises((PfsValueError, PfsIndexError)) as caught:
        make()
    assert caught.value.code == code
    assert all(word in str(caught.value) for word in words)


def test_both_editions_clean_differently():
    text = "The  Time\nMachine, 1895;\n\nby H.G."
    assert letters_and_spaces(text) == "the time machine by h g "
    assert letters_and_spaces(text, edition=1) == "the timemachineby h g"


def test_cleaning_keeps_letters_of_every_script():
    assert letters_and_spaces("나는, 책을\n읽는다!") == "나는 책을 읽는다 "
    assert letters_and_spaces("我读书。你呢？") == "我读书 你呢 "
    assert letters_and_spaces("हिन्दी 42") == "हिन्दी "
