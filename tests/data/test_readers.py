"""Small files in every layout, made here; and what is wrong with bad ones."""

import csv
import io
import json
import struct
from dataclasses import astuple

import pytest
import torch

from pfs.data import corpora, images, pairs, questions, vocabularies, words
from pfs.data.pairs import Exchange, Pair
from pfs.data.questions import Question
from pfs.errors import PfsFileError, PfsValueError


def refused(read, inside, *words):
    with pytest.raises(PfsFileError) as caught:
        read(inside)
    assert caught.value.code == "D03"
    for word in words:
        assert word in str(caught.value)


# Pictures.


def idx(*sizes, start=0):
    count = torch.Size(sizes).numel()
    values = bytes((start + n) % 251 for n in range(count))
    head = bytes([0, 0, 8, len(sizes)]) + struct.pack(f">{len(sizes)}I", *sizes)
    return head + values


def labels(*numbers):
    return (
        bytes([0, 0, 8, 1]) + struct.pack(">I", len(numbers)) + bytes(numbers)
    )


NAMES = [
    "train-images-idx3-ubyte",
    "train-labels-idx1-ubyte",
    "t10k-images-idx3-ubyte",
    "t10k-labels-idx1-ubyte",
]


def four(**changed):
    parts = [idx(3, 5, 7), labels(9, 0, 4), idx(2, 5, 7, start=3), labels(1, 8)]
    whole = dict(zip(NAMES, parts, strict=True))
    return whole | {n.replace("_", "-"): part for n, part in changed.items()}


@pytest.mark.parametrize("read", [images.mnist, images.fashion_mnist])
def test_pictures_of_mnist(read):
    data = read(four())
    assert data.train_images.shape == (3, 1, 5, 7)
    assert data.train_images.dtype == torch.uint8
    assert data.train_images[1, 0, 2, 3] == 35 + 2 * 7 + 3
    assert data.test_images[0, 0, 0, 0] == 3
    assert data.train_labels.tolist() == [9, 0, 4]
    assert data.train_labels.dtype == torch.int64
    assert data.test_labels.tolist() == [1, 8]
    assert len(data.classes) == len(set(data.classes)) == 10


BAD_IDX = {
    "empty": (b"", "no bytes"),
    "a head alone": (bytes([0, 0, 8, 3, 0, 0]), "3 sizes"),
    "another magic": (b"\x00\x00\x08\x02" + idx(3, 5, 7)[4:], "00 00 08 02"),
    "floats": (b"\x00\x00\x0d\x03" + idx(3, 5, 7)[4:], "00 00 0d 03"),
    "little end first": (idx(3, 5, 7)[:4][::-1] + idx(3, 5, 7)[4:], "03 08"),
    "labels": (labels(1, 2, 3), "00 00 08 03"),
    "one byte short": (idx(3, 5, 7)[:-1], "120 bytes"),
    "one byte long": (idx(3, 5, 7) + b"x", "122 bytes"),
    "huge sizes": (idx(3, 5, 7)[:4] + b"\xff" * 12, "121 bytes"),
    "html": (b"<html>log in</html>", "3c 68 74 6d"),
}
BAD_IDX["huge sizes"] = (BAD_IDX["huge sizes"][0] + bytes(105), "121 bytes")


@pytest.mark.parametrize("name", BAD_IDX)
def test_a_bad_idx_file_is_refused(name):
    data, words = BAD_IDX[name]
    refused(images.mnist, four(train_images_idx3_ubyte=data), NAMES[0], words)


@pytest.mark.parametrize(
    ("changed", "words"),
    [
        ({"train_labels_idx1_ubyte": labels(1, 2)}, "3 labels"),
        ({"t10k_labels_idx1_ubyte": labels(1, 10)}, "classes from 0 to 9"),
        ({"t10k_labels_idx1_ubyte": idx(3, 5, 7)}, "00 00 08 01"),
    ],
)
def test_labels_that_do_not_fit_are_refused(changed, words):
    refused(images.fashion_mnist, four(**changed), words)


def test_a_missing_file_is_named():
    inside = four()
    del inside[NAMES[2]]
    refused(images.mnist, inside, NAMES[2])


def batch(*numbers, red=1):
    return b"".join(
        bytes([n])
        + bytes([red]) * 1024
        + bytes([2]) * 1024
        + bytes(range(32)) * 32
        for n in numbers
    )


def archive(**changed):
    names = [*(f"data_batch_{n}.bin" for n in range(1, 6)), "test_batch.bin"]
    members = {
        f"cifar-10-batches-bin/{name}": batch(n, 9 - n, red=n)
        for n, name in enumerate(names)
    }
    members["cifar-10-batches-bin/batches.meta.txt"] = b"airplane\n"
    for name, data in changed.items():
        members[f"cifar-10-batches-bin/{name}.bin"] = data
    return members


def test_pictures_of_cifar():
    data = images.cifar10(archive())
    assert data.train_images.shape == (10, 3, 32, 32)
    assert data.train_images.is_contiguous()
    assert data.train_labels.tolist() == [0, 9, 1, 8, 2, 7, 3, 6, 4, 5]
    assert data.test_labels.tolist() == [5, 4]
    red, green, blue = data.train_images[4]
    assert (red == 2).all()
    assert (green == 2).all()
    assert (blue == torch.arange(32)).all()
    assert data.classes[6] == "frog"


@pytest.mark.parametrize(
    ("data", "words"),
    [
        (b"", "0 bytes"),
        (batch(1)[:-1], "3,072 bytes"),
        (batch(1) + b"x", "multiple of 3,073"),
        (batch(1, 10), "classes from 0 to 9"),
    ],
)
def test_a_bad_batch_is_refused(data, words):
    inside = archive(data_batch_3=data)
    refused(images.cifar10, inside, "data_batch_3.bin", words)


def test_the_subset_is_the_beginning_of_the_archive():
    train, test = batch(*[n % 10 for n in range(4_003)]), batch(*[7] * 1_002)
    whole = archive(data_batch_1=train, test_batch=test)
    parts = {
        "cifar10_train_first4000.bin": train[: 4_000 * 3_073],
        "cifar10_test_first1000.bin": test[: 1_000 * 3_073],
    }
    one, other = images.cifar10_subset(whole), images.cifar10_subset(parts)
    assert len(one.train_labels) == 4_000
    assert len(one.test_labels) == 1_000
    for mine, yours in zip(astuple(one)[:4], astuple(other)[:4], strict=True):
        assert torch.equal(mine, yours)
    parts["cifar10_test_first1000.bin"] = test[: 999 * 3_073]
    refused(images.cifar10_subset, parts, "1,000 pictures")


# Pairs.


def test_pairs_of_sentences_keep_their_authors():
    file = "Go.\t가.\tCC-BY #1 (CM)\r\nHi!\t안\u2028녕.\tCC-BY #2\r\n"
    inside = {"kor.txt": file.encode(), "_about.txt": b"read me"}
    assert pairs.tab_separated(inside) == (
        Pair("Go.", "가.", "CC-BY #1 (CM)"),
        Pair("Hi!", "안\u2028녕.", "CC-BY #2"),
    )
    folder = {"fra-eng/fra.txt": b"Go.\tVa !\n", "fra-eng/_about.txt": b""}
    assert pairs.tab_separated(folder) == (Pair("Go.", "Va !"),)


@pytest.mark.parametrize(
    "file", ["one column", "a\tb\tc\td", "a\t", "\tb", "a\tb\n\nc\td", ""]
)
def test_a_line_that_is_no_pair_is_refused(file):
    refused(pairs.tab_separated, {"a.txt": file.encode()}, "a.txt, line")


def test_another_encoding_is_named():
    with pytest.raises(PfsValueError) as caught:
        pairs.tab_separated({"a.txt": "Go.\t가자, 나와 함께.".encode("cp949")})
    assert caught.value.code == "X01"


def captions():
    return {
        f"{split}.{language}": f"{split} 1 {language}\n{split} 2\n".encode()
        for split in pairs.SPLITS
        for language in ("en", "de")
    }


def test_captions_come_in_splits():
    every = pairs.multi30k(captions())
    assert tuple(every) == pairs.SPLITS
    assert pairs.multi30k(captions(), split="val") == every["val"]
    assert every["val"][0] == Pair("val 1 en", "val 1 de")
    with pytest.raises(PfsValueError) as caught:
        pairs.multi30k(captions(), split="dev")
    assert caught.value.code == "A01"
    refused(pairs.multi30k, captions() | {"val.de": b"one\n"}, "val.de")


def test_news_in_three_languages():
    inside = {
        pairs.NTREX["en"]: b"One.\nTwo.\n",
        pairs.NTREX["ko"]: "하나.\r\n둘.\r\n".encode(),
        pairs.NTREX["zh"]: "一。\n二。\n".encode(),
        "DOCUMENT_IDS.tsv": b"bbc.1\nbbc.2\n",
    }
    assert pairs.ntrex(inside)[1] == Pair("Two.", "둘.", "bbc.2")
    assert pairs.ntrex(inside, "zh", "ko")[0] == Pair("一。", "하나.", "bbc.1")
    with pytest.raises(PfsValueError) as caught:
        pairs.ntrex(inside, target="fr")
    assert caught.value.code == "A01"
    inside["DOCUMENT_IDS.tsv"] = b"bbc.1\n"
    refused(pairs.ntrex, inside, "DOCUMENT_IDS.tsv")


def table(*rows):
    file = io.StringIO()
    csv.writer(file).writerows(rows)
    return {"a.csv": file.getvalue().encode()}


def test_questions_and_replies():
    inside = table(["Q", "A", "label"], ['"네", 라고?', "a\nb", "2   "])
    assert pairs.chatbot(inside) == (Exchange('"네", 라고?', "a\nb", 2),)


@pytest.mark.parametrize(
    "rows",
    [
        [],
        [["question", "answer", "label"]],
        [["Q", "A", "label"], ["q", "a"]],
        [["Q", "A", "label"], ["q", "a", "b"]],
    ],
)
def test_another_table_is_refused(rows):
    refused(pairs.chatbot, table(*rows))


# Questions about a paragraph.


def squad(context, *answers):
    asked = {
        "id": "q1",
        "question": "무엇?",
        "answers": [{"text": t, "answer_start": s} for t, s in answers],
    }
    paragraph = {"context": context, "qas": [asked]}
    return {
        "version": "1.1",
        "data": [{"title": "", "paragraphs": [paragraph]}],
    }


def inside_json(value):
    return {"a.json": json.dumps(value).encode()}


@pytest.mark.parametrize(
    ("text", "start", "right"),
    [
        ("b", 2, 2),
        ("b", 6, 6),
        ("b", 3, 2),
        ("b", 5, 6),
        ("b", 10**6, 10),
        ("b", -1, 2),
        ("z", 0, -1),
        ("z", -1, -1),
        ("가", 4, 8),
    ],
)
def test_the_start_of_an_answer_is_repaired(text, start, right):
    context = "a b c b 가 b"
    (question,) = questions.squad(inside_json(squad(context, (text, start))))
    assert question == Question("q1", context, "무엇?", ((text, right),))


def test_the_letters_of_a_paragraph_are_not_touched():
    """Normalizing would move every start behind the first Korean syllable."""
    context = "\u1112\u1161\u11ab 글"
    (question,) = questions.squad(inside_json(squad(context, ("글", 4))))
    assert question.context == context
    assert question.answers == (("글", 4),)


def without(key):
    file = squad("a", ("a", 0))
    article = file["data"][0]
    paragraph = article["paragraphs"][0]
    asked = paragraph["qas"][0]
    for part in (file, article, paragraph, asked, asked["answers"][0]):
        part.pop(key, None)
    return file


KEYS = ["data", "paragraphs", "context", "qas", "id", "question", "answers"]
BAD_JSON = [
    *(inside_json(without(key)) for key in [*KEYS, "text", "answer_start"]),
    {"a.json": b""},
    {"a.json": b'{"data": ['},
    {"a.json": b"<html>log in</html>"},
    inside_json([1]),
    inside_json({"data": 3}),
    inside_json(squad("a", (3, 0))),
    inside_json(squad("a", ("a", "0"))),
    inside_json(squad(None, ("a", 0))),
    {"a.json": json.dumps(squad("abc", ("a", 0))).encode()[:-20]},
]


@pytest.mark.parametrize("number", range(len(BAD_JSON)))
def test_another_layout_is_refused(number):
    refused(questions.squad, BAD_JSON[number], "the JSON file")


# Words.


@pytest.mark.parametrize(
    "file",
    [
        "# note\n# Word 1\tWord 2\tHuman\n사랑\t정\t6.77\nb\tc\t0",
        "\ufeffword 1,word 2,kor_score\n사랑,정,6.77\nb,c,0.00\n",
        "사랑\t정\t6.77\r\nb\tc\t0\r\n",
    ],
)
def test_words_and_how_alike_they_are(file):
    got = words.similarity({"a": file.encode()})
    assert got == (("사랑", "정", 6.77), ("b", "c", 0.0))


@pytest.mark.parametrize(
    "file", ["a\tb\tc\nd\te\tf", "a\tb\t1\nc\td", "a\tb\t1\t2", "\tb\t1"]
)
def test_a_line_without_a_score_is_refused(file):
    refused(words.similarity, {"a": file.encode()}, "two words and a number")


def test_analogies_come_in_sections():
    file = ": 수도\r\n아테네 그리스 오슬로 노르웨이\r\n: 가족\n나 너 그 그녀"
    assert words.analogies({"a": file.encode()}) == {
        "수도": (("아테네", "그리스", "오슬로", "노르웨이"),),
        "가족": (("나", "너", "그", "그녀"),),
    }


@pytest.mark.parametrize(
    "file", ["a b c d", ": one\na b c", ": one\na b c d e", ": one\n<html>"]
)
def test_a_line_that_is_no_analogy_is_refused(file):
    refused(words.analogies, {"a": file.encode()}, "line", "four words")


# Vocabularies.


def test_tokens_are_spelled_as_in_the_file():
    spelled = ["[PAD]", "\u1100\u1161", "가", "##\x85", "##、"]
    file = "".join(f"{token}\n" for token in spelled)
    assert vocabularies.tokens({"a": file.encode()}) == tuple(spelled)


@pytest.mark.parametrize("file", ["a\n\nb\n", "a\nb\na\n", ""])
def test_a_token_stands_there_once(file):
    refused(vocabularies.tokens, {"a": file.encode()}, "a token, once")
    refused(vocabularies.tokens, {}, "one file")


def test_merges_keep_their_order():
    file = '"bpe#version: 0.2\ni n\nt h\nĠ the</w>\n'.encode()
    merges = (("i", "n"), ("t", "h"), ("Ġ", "the</w>"))
    assert vocabularies.merges({"a": file}) == merges


@pytest.mark.parametrize("line", ["in", "i n g", " n", "i ", ""])
def test_a_line_that_is_no_merge_is_refused(line):
    file = f"#version: 0.2\n{line}\nt h\n".encode()
    refused(vocabularies.merges, {"a": file}, "line 2", "two symbols")
    refused(vocabularies.merges, {"a": b"i n\n"}, "line 1", "#version")


# Texts.


def test_poems_and_chapters_become_a_text():
    poem = {
        "title": "鹿柴",
        "author": "王維",
        "paragraphs": ["空山。", "返景。"],
    }
    got = corpora.poems(inside_json([poem, poem]))
    assert (
        got
        == "鹿柴 王維\n空山。\n返景。\n\n" * 1 + "鹿柴 王維\n空山。\n返景。\n"
    )
    chapter = {"chapter": "学而篇", "paragraphs": ["子曰"]}
    assert corpora.chapters(inside_json([chapter])) == "学而篇\n子曰\n"


@pytest.mark.parametrize("read", [corpora.poems, corpora.chapters])
@pytest.mark.parametrize("value", [[{}], {"a": 1}, 3, [[1]]])
def test_other_json_is_refused(read, value):
    refused(read, inside_json(value), "a list of parts")
    refused(read, {"a.json": b"["}, "a list of parts")
