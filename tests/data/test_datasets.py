"""Every data set by its name: the real one if it is here."""

import gzip
import hashlib
import os
import subprocess
import sys
import tarfile
from collections import Counter
from dataclasses import astuple, replace

import pytest
import torch
from loopback import BODY

from pfs import data
from pfs.data import card, cards, check, datasets, find, load, names
from pfs.data.cards import File
from pfs.errors import PfsFileError, PfsValueError
from pfs.text import letters_and_spaces, normalize

GIVEN = os.environ.get("PFS_DATA")
REAL = [name for name in names() if card(name).files]


def counts(kind, value):
    """Count again what the card promises."""
    match kind:
        case "images":
            train, test = len(value.train_images), len(value.test_images)
            return {"train": train, "test": test, "classes": len(value.classes)}
        case "text":
            return {"characters": len(value), "symbols": len(set(value))}
        case "pairs" if isinstance(value, dict):
            return {split: len(rows) for split, rows in value.items()}
        case "questions":
            starts = [s for one in value for _, s in one.answers]
            lost = {"nowhere": starts.count(-1)} if -1 in starts else {}
            return {"questions": len(value), "answers": len(starts)} | lost
        case "analogies":
            rows = sum(map(len, value.values()))
            return {"sections": len(value), "analogies": rows}
    words = {"dialogue": "exchanges", "vocabulary": "tokens"}
    merged = kind == "vocabulary" and isinstance(value[0], tuple)
    return {"merges" if merged else words.get(kind, "pairs"): len(value)}


@pytest.mark.parametrize("name", REAL)
def test_a_data_set_is_read_or_the_way_to_it_is_named(
    name, tmp_path, monkeypatch, room
):
    one = card(name)
    if GIVEN:
        monkeypatch.setenv("PFS_DATA", GIVEN)
    if all(report.state == "right" for report in check(name)):
        assert counts(one.kind, load(name)) == one.counts
        return
    room.offline()
    with pytest.raises(PfsFileError) as caught:
        load(name)
    assert caught.value.code == "D07"
    wanted = card(one.part_of or name).files[0]
    assert str(room.cache / wanted.path) in str(caught.value)
    assert wanted.sha256 in str(caught.value)


def real(name):
    """Return a data set, or nothing if it is not here, which has to be said."""
    if all(report.state == "right" for report in check(name)):
        return load(name)
    with pytest.raises(PfsFileError, match="D07"):
        load(name)
    return None


@pytest.fixture
def given(room, monkeypatch):
    room.offline()
    if GIVEN:
        monkeypatch.setenv("PFS_DATA", GIVEN)


def test_the_first_pictures_are_the_known_ones(given):
    if (mnist := real("mnist")) is not None:
        assert mnist.train_labels[:5].tolist() == [5, 0, 4, 1, 9]
        assert mnist.test_labels[:5].tolist() == [7, 2, 1, 0, 4]
        assert mnist.train_images.shape == (60_000, 1, 28, 28)
        mean = mnist.train_images.double().mean() / 255
        assert float(mean) == pytest.approx(0.1307, abs=5e-5)
    if (clothes := real("fashion-mnist")) is not None:
        assert clothes.classes[clothes.train_labels[0]] == "Ankle boot"
        assert Counter(clothes.train_labels.tolist()) == dict.fromkeys(
            range(10), 6_000
        )
    if (things := real("cifar10-subset")) is not None:
        assert things.classes[things.train_labels[0]] == "frog"
        assert things.train_images[0, :, 0, 0].tolist() == [59, 62, 63]
        assert things.classes[things.test_labels[0]] == "cat"
        assert things.test_images[0, :, 0, 0].tolist() == [158, 112, 49]


def test_every_answer_stands_where_it_says(given):
    for name in names("questions"):
        for one in real(name) or ():
            for text, start in one.answers:
                assert start == -1 or one.context.startswith(text, start)


def test_the_offsets_of_cmrc_are_repaired(given):
    """200 of the file are wrong: 7 are found, 193 stand nowhere."""
    questions = real("cmrc2018-dev")
    if questions is not None:
        lost = [t for q in questions for t, s in q.answers if s == -1]
        assert len(lost) == 193
        assert all(
            text not in one.context
            for one in questions
            for text, start in one.answers
            if start == -1
        )


def test_the_time_machine_is_cleaned_as_in_both_editions(given):
    text = real("time-machine")
    if text is not None:
        assert len(letters_and_spaces(text)) == 173_428
        assert len(letters_and_spaces(text, edition=1)) == 170_580
        assert normalize(text) == text


def test_news_are_read_in_any_two_languages(given):
    if real("ntrex") is not None:
        pair = load("ntrex", source="ko", target="zh")[0]
        assert pair.source.startswith("웨일스")
        assert pair.target.startswith("威尔士")
        assert pair.note == "bbc.381790"


@pytest.mark.parametrize(
    "read", [data.time_machine, data.ingan_munje, data.hulanhe_zhuan]
)
def test_each_novel_has_a_function(read, monkeypatch):
    asked = []
    monkeypatch.setattr(datasets, "load", lambda name: asked.append(name) or "")
    read()
    assert asked == [read.__name__.replace("_", "-")]


# The rest needs no data of others.


def test_the_folder_comes_first_and_needs_no_network(room):
    room.card("http://127.0.0.1:1/none")
    place = room.put("data", BODY)
    room.put("cache", b"something else")
    room.offline()
    assert load("own") == BODY.decode()
    assert find("own") == (place,)


def compressed(room, stored, *urls):
    own = gzip.compress(BODY, mtime=0)
    room.card(
        *urls,
        body=own,
        path="text/own.txt.gz",
        raw_sha256=hashlib.sha256(BODY).hexdigest(),
        raw_bytes=len(BODY),
    )
    return room.put("data", stored, path="text/own.txt.gz")


def test_a_compressed_file_is_opened(room):
    compressed(room, gzip.compress(BODY, mtime=0))
    assert load("own") == BODY.decode()


def test_in_the_folder_the_content_counts_and_not_its_compression(room):
    place = compressed(room, gzip.compress(BODY, 1, mtime=9))
    assert load("own") == BODY.decode()
    place.unlink()
    room.put("data", BODY)
    assert load("own") == BODY.decode()
    assert find("own")[0].name == "own.txt"


@pytest.mark.parametrize(
    ("stored", "code"),
    [
        (gzip.compress(BODY[:-1] + b"!"), "D03"),
        (gzip.compress(BODY + bytes(10**7)), "D09"),
        (gzip.compress(BODY)[:-9], "D09"),
        (b"no gzip", "D09"),
    ],
)
def test_another_content_is_refused(room, stored, code):
    compressed(room, stored)
    with pytest.raises(PfsFileError) as caught:
        load("own")
    assert caught.value.code == code


def test_a_part_is_taken_from_the_whole(room, tmp_path):
    """As the subset of CIFAR-10 from the archive."""
    members = {}
    for number in (1, 2, 3, 4, 5):
        members[f"data_batch_{number}"] = bytes([number]) + bytes(3_072)
    members["test_batch"] = bytes([7]) + bytes(3_072)
    members["data_batch_1"] *= 4_000
    members["test_batch"] *= 1_000
    path = tmp_path / "packed.tar.gz"
    with tarfile.open(path, "w:gz", encoding="utf-8") as packed:
        for name, content in members.items():
            (tmp_path / name).write_bytes(content)
            packed.add(tmp_path / name, f"cifar-10-batches-bin/{name}.bin")
    room.offline()
    with pytest.raises(PfsFileError) as caught:
        load("cifar10-subset")
    assert caught.value.code == "D07"
    assert "cifar-10-binary.tar.gz" in str(caught.value)

    whole = card("cifar10")
    stored = path.read_bytes()
    file = replace(
        whole.files[0],
        sha256=hashlib.sha256(stored).hexdigest(),
        bytes=len(stored),
    )
    room.add(replace(whole, files=(file,)))
    place = room.put("cache", stored, path=file.path)
    assert find("cifar10-subset") == (place,)
    assert [one.place for one in check("cifar10-subset")] == [place]
    part = load("cifar10-subset")
    assert len(part.train_labels) == 4_000
    every = load("cifar10")
    assert every.train_labels[-4:].tolist() == [2, 3, 4, 5]
    for mine, yours in zip(astuple(part)[:4], astuple(every)[:4], strict=True):
        assert torch.equal(mine, yours[: len(mine)])


def test_an_unknown_name_or_option_is_named(room):
    with pytest.raises(PfsValueError) as caught:
        load("peace-and-war")
    assert caught.value.code == "A01"
    assert "war-and-peace" in caught.value.expected
    room.card()
    room.put("data", BODY)
    with pytest.raises(PfsValueError) as caught:
        load("own", split="train")
    assert caught.value.code == "A01"
    assert "none" in caught.value.expected
    with pytest.raises(PfsValueError) as caught:
        load("multi30k", spilt="train")
    assert "split" in caught.value.expected


def test_every_address_is_encrypted():
    for one in cards.load().values():
        for file in one.files:
            for url in (*file.urls, *file.raw_urls):
                assert url.startswith("https://")


def test_local_files_need_no_extra_package(tmp_path):
    """In a fresh process, where pooch, requests and rich must stay out."""
    code = (
        "import sys; from pfs import data, text, training; data.story('ko');"
        "bad = {'pooch', 'requests', 'rich', 'typer'} & set(sys.modules);"
        "sys.exit(f'imported: {bad}' if bad else 0)"
    )
    subprocess.run([sys.executable, "-c", code], check=True)


def test_a_file_that_cannot_be_read_is_named(tmp_path):
    with pytest.raises(PfsFileError) as caught:
        data.cache.sha256_of(tmp_path)
    assert caught.value.code == "D03"


def test_what_a_package_offers_is_there():
    for name in data.__all__:
        assert getattr(data, name) is not None
        assert name in dir(data)
    with pytest.raises(AttributeError, match="moon"):
        data.moon  # noqa: B018


def test_the_checksum_of_several_files_is_one():
    one = card("mnist")
    other = replace(one, files=(*one.files[1:], one.files[0]))
    assert len({one.sha256, other.sha256, one.files[0].sha256}) == 3
    assert replace(one, files=()).sha256 == ""
    assert File(path="a.tar.gz", sha256="", bytes=0).raw_path == "a.tar.gz"
