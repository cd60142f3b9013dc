import shlex
import subprocess
import sys
import warnings

import pytest

from pfs.data import story
from pfs.errors import PfsFileError, PfsValueError
from pfs.text import decode_text, read_text
from pfs.text.cleaning import letters_and_spaces
from pfs.text.encodings import guess_encoding

TRADITIONAL = (
    "我們在學校裡讀書，這是一個很好的地方。他說：你們不要走，我還有一個問題。\n"
    * 3
)
JAPANESE = "これは日本語の文章です。私は毎日、本を読みます。\n" * 3
FRENCH = "C’est déjà l’été à la plage ; où êtes-vous, mes amis ?\n" * 3


def parts(text):
    """Cut a text into ten pieces of different length."""
    return [text[40 * i : 40 * i + 200 + 97 * i] for i in range(10)]


CASES = [
    ("ko", "cp949", "cp949"),
    ("ko", "euc-kr", "cp949"),
    ("ko", "utf-16", "utf-16"),
    ("ko", "utf-16-le", "utf-16-le"),
    ("ko", "utf-16-be", "utf-16-be"),
    ("zh", "gb18030", "gb18030"),
    ("zh", "gbk", "gb18030"),
    ("zh", "utf-16-le", "utf-16-le"),
    ("zh", "utf-32", "utf-32"),
    ("en", "utf-16-le", "utf-16-le"),
    ("en", "utf-16-be", "utf-16-be"),
]


@pytest.mark.parametrize(("language", "encoding", "guess"), CASES)
def test_a_file_in_another_encoding_is_named(
    tmp_path, language, encoding, guess
):
    for i, text in enumerate(parts(story(language))):
        path = tmp_path / f"{i}.txt"
        path.write_bytes(text.encode(encoding, "ignore"))
        with pytest.raises(PfsValueError) as caught:
            read_text(path)
        assert caught.value.code == "X01"
        assert f"it looks like {guess}" in str(caught.value), text


@pytest.mark.parametrize(
    ("text", "encoding"),
    [(TRADITIONAL, "big5"), (JAPANESE, "shift_jis"), (FRENCH, "cp1252")],
)
def test_other_scripts_are_guessed_too(text, encoding):
    assert guess_encoding(text.encode(encoding)) == encoding


@pytest.mark.parametrize("data", [bytes(range(256)) * 9, b"\x89PNG\r\n\xff"])
def test_what_is_no_text_gets_no_guess(data):
    assert guess_encoding(data) is None
    with pytest.raises(PfsValueError, match="no encoding known to us"):
        decode_text(data)


def test_the_line_is_named(tmp_path):
    path = tmp_path / "a.txt"
    path.write_bytes("one\ntwo\n한글\n".encode("cp949"))
    with pytest.raises(PfsValueError) as caught:
        read_text(path)
    assert "line 3" in str(caught.value)


@pytest.mark.parametrize("encoding", ["cp949", "utf-16"])
def test_the_command_in_the_message_converts_the_file(tmp_path, encoding):
    text = story("ko")[:500]
    path = tmp_path / "나의 책.txt"
    path.write_bytes(text.encode(encoding, "ignore"))
    with pytest.raises(PfsValueError) as caught:
        read_text(path)
    command = shlex.split(caught.value.todo.partition(": ")[2])
    assert command[0] == "python"
    subprocess.run([sys.executable, *command[1:]], check=True)
    kept = text.encode(encoding, "ignore").decode(encoding)
    assert read_text(tmp_path / "나의 책.utf8.txt") == kept


@pytest.mark.parametrize(
    ("data", "text"),
    [
        (b"\xef\xbb\xbfab", "ab"),
        (b"a\r\nb\rc\nd", "a\nb\nc\nd"),
        ("ᄒ\u1161\u11ab글".encode(), "한글"),
        ("a\u2028b\x85c".encode(), "a\u2028b\x85c"),
        (b"a\x00bcdefgh", "a\x00bcdefgh"),
        ("👩‍👩‍👧 שלום".encode(), "👩‍👩‍👧 שלום"),
    ],
)
def test_a_text_is_brought_into_one_form(tmp_path, data, text):
    path = tmp_path / "a.txt"
    path.write_bytes(data)
    assert read_text(path) == text


def test_the_spelling_can_be_left_alone():
    assert decode_text("e\u0301".encode(), form=None) == "e\u0301"


@pytest.mark.parametrize(
    ("data", "code", "words"),
    [
        (b"", "X06", "got:      0"),
        (b" \n\t\n", "X06", "all blank"),
        (b"abc", "X06", "at least 9"),
        (b"one\n\xed\xa0\xbd two", "X04", "line 2"),
    ],
)
def test_a_file_without_a_text_is_refused(tmp_path, data, code, words):
    path = tmp_path / "a.txt"
    path.write_bytes(data)
    with pytest.raises(PfsValueError) as caught:
        read_text(path, minimum=9)
    assert caught.value.code == code
    assert words in str(caught.value)


def test_a_missing_file_and_a_folder_are_named(tmp_path):
    missing = tmp_path / "no.txt"
    for path, words in ((missing, "no such file"), (tmp_path, "a folder")):
        with pytest.raises(PfsFileError) as caught:
            read_text(path)
        assert caught.value.code == "X09"
        assert words in str(caught.value)


@pytest.mark.parametrize(
    "name", ["a b.txt", "소설.txt", "小说.txt", "x" * 251 + ".txt", "$(x)'.txt"]
)
def test_any_file_name_will_do(tmp_path, name):
    path = tmp_path / name
    path.write_text("text", "utf-8")
    (tmp_path / "link").symlink_to(path)
    assert read_text(path) == read_text(tmp_path / "link") == "text"


@pytest.mark.parametrize(
    ("text", "warns"),
    [
        ("The Time Machine, by H. G. Wells [1898]. " * 9, False),
        ("나는 1934년 12월 1일에 《인간 문제》를 읽었다. " * 9, False),
        ("这是一本书，一九四〇年写成。" * 9, False),
        ("3.14159 2.71828 1.41421 +-*/ " * 9, True),
        ("", False),
    ],
)
def test_a_cleaning_that_would_drop_most_of_a_text_warns(text, warns):
    with warnings.catch_warnings(record=True) as caught:
        warnings.simplefilter("always")
        letters_and_spaces(text)
    assert [str(w.message)[:3] for w in caught] == ["X05"] * warns
