"""Where files are kept: folders of any name, and none that can be written."""

import os
import random
import sys
import tempfile
import unicodedata
import warnings
from pathlib import Path

import pytest
from loopback import BODY

from pfs.data import DataWarning, cache, check, find, load
from pfs.errors import PfsFileError

TEXT = BODY.decode()

NAMES = {
    "spaces": "with  two spaces",
    "Korean": "한글 폴더",
    "Chinese": "汉字文件夹",
    "Korean in letters": unicodedata.normalize("NFD", "한글 폴더"),
    "emoji and quotes": "👩\u200d🔬 'a' \"b\" $c %d",
    "255 bytes": "가" * 85,
    "a dot": ".hidden.gz",
    "deep": "/".join(["folder-with-a-name"] * 15),
}


@pytest.mark.parametrize("name", NAMES)
@pytest.mark.parametrize("linked", [False, True])
def test_a_folder_may_have_any_name(room, server, name, linked):
    folder = room.folder / NAMES[name]
    folder.mkdir(parents=True)
    if linked:
        link = room.folder / "a link"
        link.symlink_to(folder, target_is_directory=True)
        folder = link
    room.monkeypatch.setenv("PFS_HOME", str(folder))
    room.card(server[0] + "good")
    assert find("own") == (folder / "text/own.txt",)
    assert load("own") == TEXT
    assert len(server[1]) == 1
    room.monkeypatch.setenv("PFS_HOME", str(room.folder / "empty"))
    room.monkeypatch.setenv("PFS_DATA", str(folder))
    assert load("own") == TEXT
    assert len(server[1]) == 1


def test_a_file_may_be_a_link(room):
    room.card()
    place = room.put("elsewhere", BODY, path="나의 파일.txt")
    (room.data / "text").mkdir(parents=True)
    (room.data / "text/own.txt").symlink_to(place)
    assert load("own") == TEXT


def a_file(folder):
    (folder / "home").write_bytes(b"")
    return folder / "home"


def a_broken_link(folder):
    (folder / "home").symlink_to(folder / "nowhere" / "at all")
    return folder / "home"


LAYOUTS = {
    "a file is there": a_file,
    "below a file": lambda folder: a_file(folder) / "cache",
    "below a device": lambda folder: Path(os.devnull) / "cache",
    "a link to nothing": a_broken_link,
    "a name that is too long": lambda folder: folder / ("x" * 256),
    "no home": lambda folder: None,
}


@pytest.mark.parametrize("layout", LAYOUTS)
def test_a_home_that_cannot_be_written_is_replaced(room, server, layout):
    home = LAYOUTS[layout](room.folder)
    if home is None:
        room.monkeypatch.delenv("PFS_HOME")
        room.monkeypatch.delenv("XDG_CACHE_HOME", raising=False)
        room.monkeypatch.setattr(sys, "platform", "linux")
        room.monkeypatch.setattr(os.path, "expanduser", lambda path: path)
    else:
        room.monkeypatch.setenv("PFS_HOME", str(home))
    cache._instead_of.cache_clear()
    room.card(server[0] + "good")
    with pytest.warns(DataWarning, match="D06") as warned:
        (place,) = find("own")
    assert place.read_bytes() == BODY
    assert len(warned) == 1
    assert "PFS_HOME=FOLDER" in str(warned[0].message)
    with warnings.catch_warnings(record=True) as again:
        warnings.simplefilter("always")
        assert find("own") == (place,)
    assert again == []
    assert len(server[1]) == 1


def test_when_nothing_can_be_written_it_is_said(room, server):
    room.monkeypatch.setenv("PFS_HOME", str(a_file(room.folder)))
    room.monkeypatch.setattr(tempfile, "tempdir", str(room.folder / "home"))
    cache._instead_of.cache_clear()
    room.card(server[0] + "good")
    with pytest.raises(PfsFileError) as caught:
        find("own")
    assert caught.value.code == "D06"
    assert "PFS_HOME=FOLDER" in caught.value.todo


def test_what_lies_in_a_cache_needs_no_permission_to_write(room):
    room.card("http://127.0.0.1:1/none")
    room.put("cache", BODY)
    room.monkeypatch.setattr(tempfile, "TemporaryFile", None)
    assert load("own") == TEXT


@pytest.mark.parametrize(
    ("platform", "name", "end"),
    [
        ("linux", "XDG_CACHE_HOME", "pfs"),
        ("darwin", None, "Library/Caches/pfs"),
        ("win32", "LOCALAPPDATA", "pfs/Cache"),
    ],
)
def test_the_cache_is_where_the_system_keeps_caches(
    monkeypatch, tmp_path, platform, name, end
):
    monkeypatch.delenv("PFS_HOME", raising=False)
    monkeypatch.setattr(sys, "platform", platform)
    monkeypatch.setattr(os.path, "expanduser", lambda path: str(tmp_path))
    if name:
        monkeypatch.setenv(name, str(tmp_path))
    assert cache.cache_folder() == tmp_path / end
    monkeypatch.setenv("PFS_HOME", str(tmp_path / "내 폴더"))
    assert cache.cache_folder() == tmp_path / "내 폴더"


def altered(data, number):
    """Change a file in one of the ways in which files change."""
    draw = random.Random(number)
    data = bytearray(data)
    where = draw.randrange(len(data))
    match number % 4:
        case 0:
            data[where] ^= 1 << draw.randrange(8)
        case 1:
            del data[where:]
        case 2:
            data[where:where] = draw.randbytes(draw.randrange(1, 99))
        case 3:
            data = bytearray(data.replace(b"I\n", b"I\r\n"))[: -number - 1]
    return bytes(data)


@pytest.mark.parametrize("urls", [(), ("http://127.0.0.1:1/none",)])
def test_another_file_in_the_folder_is_refused(room, urls):
    room.card(*urls)
    for number in range(50):
        data = altered(BODY, number)
        place = room.put("data", data)
        with pytest.raises(PfsFileError) as caught:
            load("own")
        assert caught.value.code == "D03"
        assert str(place) in caught.value.where
        assert cache.sha256_of(place) in caught.value.got
        assert place.read_bytes() == data


def test_a_file_that_has_no_address_is_never_moved(room):
    room.card()
    place = room.put("cache", BODY[:-1])
    with pytest.raises(PfsFileError) as caught:
        load("own")
    assert caught.value.code == "D03"
    assert place.read_bytes() == BODY[:-1]


def test_a_check_says_what_is_there_and_changes_nothing(room):
    file = room.card("http://127.0.0.1:1/none")
    (report,) = check("own")
    assert (report.file, report.state, report.place) == (file, "missing", None)
    place = room.put("cache", b"rotten")
    (report,) = check("own")
    assert (report.state, report.place) == ("damaged", place)
    assert (report.bytes, report.sha256[:4]) == (6, cache.sha256_of(place)[:4])
    assert place.read_bytes() == b"rotten"
    room.put("data", BODY)
    (report,) = check("own")
    assert (report.state, report.bytes) == ("right", len(BODY))
    assert report.sha256 == file.sha256
