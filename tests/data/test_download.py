"""What comes over the network, and all that can go wrong with it."""

import hashlib
import os
import random
import shutil
import socket
import subprocess
import sys
import time
from collections import namedtuple
from pathlib import Path

import pytest
from loopback import BODY, PAGE, certificate, serving

from pfs.data import DataWarning, connection, download, find, load
from pfs.errors import PfsFileError

TEXT = BODY.decode()
SHA256 = hashlib.sha256(BODY).hexdigest()
TESTS = Path(__file__).parent.parent


def fault(name="own"):
    with pytest.raises(PfsFileError) as caught:
        find(name)
    return caught.value


GOOD = ["good", "moved", "unnamed_length", "packed", "chunked", "slow", "moody"]


@pytest.mark.parametrize("page", GOOD)
def test_a_file_is_fetched_once(room, server, page):
    address, asked = server
    room.card(address + page)
    assert load("own") == TEXT
    before = list(asked)
    assert load("own") == TEXT
    assert asked == before
    assert room.files() == ["text/own.txt"]


HTML = hashlib.sha256(PAGE).hexdigest()
BAD = {
    "gone": ("D01", "answer 404", 1),
    "forbidden": ("D01", "answer 403", 1),
    "broken": ("D01", "answer 500", 1),
    "busy": ("D01", "answer 503", 1),
    "loop": ("D01", "TooManyRedirects", 31),
    "nowhere": ("D01", "no connection", 1),
    "page": ("D03", f"{len(PAGE)} bytes, not {len(BODY):,}", 1),
    "empty": ("D03", f"0 bytes, not {len(BODY):,}", 1),
    "wrong_length": ("D03", f"{len(BODY) - 5:,} bytes, not", 1),
    "altered": (
        "D03",
        hashlib.sha256(BODY[:-1] + b"!").hexdigest(),
        1,
    ),
    "longer": ("D03", f"more than {len(BODY):,} bytes", 1),
    "endless": ("D03", f"more than {len(BODY):,} bytes", 1),
    "bomb": ("D03", f"more than {len(BODY):,} bytes", 1),
    "cut?1000": ("D02", "of 12,987 bytes", 4),
    "cut_unnamed?1000": ("D02", f"1,000 of {len(BODY):,} bytes, 4 times", 4),
    "cut_chunked?1000": ("D02", "of 12,987 bytes", 4),
    "cut_packed": ("D02", "4 times", 4),
    "hang": ("D02", "ReadTimeout), 4 times", 4),
    "hang_later": ("D02", "of 12,987 bytes", 4),
    "hang_up": ("D02", "4 times", 4),
    "noise": ("D02", "4 times", 4),
    "who": ("D08", "answer 407", 1),
}


@pytest.mark.parametrize("page", BAD)
def test_a_bad_server_leaves_nothing_behind(room, server, page):
    address, asked = server
    room.card(address + page)
    code, words, times = BAD[page]
    error = fault()
    assert error.code == code
    assert words in error.got
    assert address + page in error.got
    assert str(room.cache / "text/own.txt") in error.todo
    assert SHA256 in error.expected
    assert len(asked) == times
    assert room.files() == []


@pytest.mark.parametrize("page", ["cut", "cut_unnamed", "cut_chunked"])
def test_a_cut_is_seen_wherever_it_falls(room, server, page, monkeypatch):
    monkeypatch.setattr(download, "WAITS", ())
    draw = random.Random(page)
    for offset in [0, 1, len(BODY) - 1, *draw.sample(range(len(BODY)), 47)]:
        room.card(f"{server[0]}{page}?{offset}")
        assert fault().code in {"D02"} | ({"D03"} if offset == 0 else set())
        assert room.files() == []


def test_between_tries_it_waits_one_two_and_four_seconds(
    room, server, monkeypatch
):
    waits = []
    monkeypatch.setattr(download, "WAITS", (1.0, 2.0, 4.0))
    monkeypatch.setattr(download.time, "sleep", waits.append)
    room.card(server[0] + "hang_up")
    assert fault().code == "D02"
    assert [wait for wait in waits if wait > 0.5] == [1.0, 2.0, 4.0]


def test_the_next_address_is_tried(room, server):
    pages = ("gone", "cut?9", "altered", "good")
    room.card(*(server[0] + page for page in pages))
    assert load("own") == TEXT


def test_the_decompressed_file_will_do(room, server):
    stored = b"our own compression of it"
    digest = hashlib.sha256(stored).hexdigest()
    room.card(body=stored)
    file = download.File(
        path="text/own.txt.gz",
        sha256=digest,
        bytes=len(stored),
        raw_sha256=SHA256,
        raw_bytes=len(BODY),
        urls=(server[0] + "gone",),
        raw_urls=(server[0] + "good",),
    )
    place = download.fetch("own", file)
    assert place == room.cache / "text/own.txt"
    assert place.read_bytes() == BODY


def test_all_addresses_are_in_the_message(room, server):
    room.card(server[0] + "gone", "http://127.0.0.1:1/none")
    error = fault()
    assert error.code == "D01"
    assert "2 addresses tried" in error.got
    assert "answer 404" in error.got
    assert "no connection" in error.got


def test_progress_is_told(room, server):
    told = []
    file = room.card(server[0] + "good")
    download.fetch("own", file, lambda *step: told.append(step))
    assert told[-1] == ("text/own.txt", len(BODY), len(BODY))
    assert [step[1] for step in told] == sorted(step[1] for step in told)


def test_without_a_network_the_answer_comes_at_once(room, monkeypatch):
    monkeypatch.setattr(download, "WAITS", (60.0,))
    room.offline()
    room.card("https://example.org/own.txt")
    error = fault()
    assert error.code == "D07"
    assert str(room.cache / "text/own.txt") in error.todo
    assert "need no download" in error.todo


def test_a_name_server_that_is_silent_is_not_waited_for(room, monkeypatch):
    monkeypatch.setattr(connection, "PROBE", 0.2)
    monkeypatch.setattr(socket, "getaddrinfo", lambda *a, **k: time.sleep(1))
    room.card(*(f"https://{n}.example.org/own.txt" for n in range(5)))
    start = time.perf_counter()
    assert fault().code == "D07"
    assert time.perf_counter() - start < 0.9


def test_a_network_that_ends_here_is_no_network(room, monkeypatch):
    """Names are known (from a cache), and no packet leaves the computer."""

    def refuse(*arguments, **options):
        raise OSError(101, "Network is unreachable")

    monkeypatch.setattr(socket.socket, "connect", refuse)
    room.card("http://127.0.0.1:9/own.txt")
    assert fault().code == "D07"


def test_a_data_set_without_an_address_says_where_to_put_it(room):
    room.card()
    error = fault()
    assert error.code == "D07"
    assert str(room.cache / "text/own.txt") in str(error)
    assert SHA256 in error.expected
    room.put("cache", BODY)
    assert load("own") == TEXT


@pytest.mark.parametrize("name", ["pooch", "requests", "filelock"])
def test_a_missing_package_is_named(room, monkeypatch, name):
    room.card("https://example.org/own.txt")
    monkeypatch.setitem(sys.modules, name, None)
    error = fault()
    assert error.code == "E05"
    assert name in error.expected
    assert 'pip install "papers-from-scratch[data]"' in error.todo


# Proxies and certificates.


def test_a_proxy_is_asked(room, server):
    address, asked = server
    room.card("http://data.invalid/good")
    room.monkeypatch.setenv("http_proxy", address)
    assert load("own") == TEXT
    assert asked == ["http://data.invalid/good"]


@pytest.mark.parametrize("scheme", ["http", "https"])
@pytest.mark.parametrize("proxy", ["dead", "stranger", "nonsense"])
def test_a_proxy_that_refuses_is_named(room, server, scheme, proxy):
    room.card(f"{scheme}://data.invalid/who")
    address = {
        "dead": "http://127.0.0.1:1",
        "stranger": server[0],
        "nonsense": "http://",
    }[proxy]
    room.monkeypatch.setenv(f"{scheme}_proxy", address)
    error = fault()
    assert error.code == "D08"
    assert "HTTPS_PROXY" in error.todo


def test_a_company_certificate_is_honoured(room):
    context, path = certificate(room.folder)
    with serving(context=context) as (address, _):
        room.card(f"{address}good")
        error = fault()
        assert error.code == "D08"
        assert "SSL" in error.got
        assert "SSL_CERT_FILE" in error.todo
        room.monkeypatch.setenv("SSL_CERT_FILE", str(path))
        assert load("own") == TEXT


def test_a_certificate_that_is_not_there_is_named(room, server):
    room.card(server[0].replace("http", "https") + "good")
    room.monkeypatch.setenv("SSL_CERT_FILE", "no such file.pem")
    error = fault()
    assert error.code == "D08"
    assert "no such file.pem" in error.got


def test_nobody_trusts_blindly():
    package = TESTS.parent / "src/pfs"
    for path in package.rglob("*.py"):
        assert "verify=False" not in path.read_text("utf-8")
    cards = (package / "data/cards.toml").read_text("utf-8")
    assert '"http://' not in cards.replace('home = "http://', "")


# The disk.

FILL = """
import resource, sys
from pfs.data import find
from pfs.data import cards, download
from pfs.errors import PfsFileError
sys.path.insert(0, {folder!r})
from conftest import make_card

download.WAITS = ()
file = download.File(
    path="text/own.txt", sha256={digest!r}, bytes={size}, urls=({url!r},)
)
cards.load()["own"] = make_card([file])
soft, hard = resource.getrlimit(resource.RLIMIT_FSIZE)
for limit in {limits}:
    resource.setrlimit(resource.RLIMIT_FSIZE, (limit, hard))
    try:
        find("own")
        print("whole")
    except PfsFileError as error:
        room = "bytes are free" in error.got and "{size:,}" in error.expected
        print(error.code if room else error)
    finally:
        resource.setrlimit(resource.RLIMIT_FSIZE, (soft, hard))
"""


def test_a_full_disk_keeps_no_part(room):
    """The limit of a process for the size of a file stands for a full disk."""
    body = bytes(range(256)) * 1000
    step = len(body) // 19
    limits = [1, *range(step, 18 * step + 1, step), len(body) - 1]
    with serving(body) as (address, _):
        code = FILL.format(
            digest=hashlib.sha256(body).hexdigest(),
            folder=str(TESTS / "data"),
            size=len(body),
            url=f"{address}good",
            limits=[*limits, len(body)],
        )
        done = run_code(code)
    assert len(limits) == 20
    assert done.stdout.split() == ["D05"] * 20 + ["whole"], done.stderr
    assert room.files() == ["text/own.txt"]


def run_code(code):
    path = os.pathsep.join([str(TESTS), str(TESTS.parent / "src")])
    return subprocess.run(
        [sys.executable, "-c", code],
        capture_output=True,
        text=True,
        check=False,
        env={**os.environ, "PYTHONPATH": path},
    )


def test_a_full_disk_is_seen_before_anything_is_fetched(room, server):
    usage = namedtuple("usage", "total used free")(100, 97, 3)
    room.monkeypatch.setattr(shutil, "disk_usage", lambda path: usage)
    room.card(server[0] + "good")
    error = fault()
    assert error.code == "D05"
    assert "3 bytes are free" in error.got
    assert f"{len(BODY):,} bytes" in error.expected
    assert server[1] == []
    assert room.files() == []


def test_a_file_where_a_folder_should_be_is_named(room, server):
    room.card(server[0] + "good")
    room.put("cache", b"a file", path="text")
    error = fault()
    assert error.code == "D06"
    assert "PFS_HOME" in error.todo
    assert room.files() == ["text"]


# Several processes.

MANY = """
import sys, time
from pfs.data import cards, find
sys.path.insert(0, {folder!r})
from conftest import make_card
from pfs.data.cards import File

for number in range({rounds}):
    name = f"own-{{number}}"
    url = f"{url}?{{number}}"
    file = File(
        path=f"{{name}}.txt", sha256={digest!r}, bytes={size}, urls=(url,)
    )
    cards.load()[name] = make_card([file], name=name)
import filelock, pooch, requests
print("ready", flush=True)
sys.stdin.readline()
for number in range({rounds}):
    (path,) = find(f"own-{{number}}")
    assert path.read_bytes() == {body!r}.encode() * 999
"""


def test_of_many_processes_one_fetches(room):
    rounds, workers = 20, 8
    with serving() as (address, asked):
        code = MANY.format(
            folder=str(TESTS / "data"),
            rounds=rounds,
            url=f"{address}slow",
            digest=SHA256,
            size=len(BODY),
            body="나는 我 I\n",
        )
        path = os.pathsep.join([str(TESTS), str(TESTS.parent / "src")])
        running = [
            subprocess.Popen(
                [sys.executable, "-X", "utf8", "-c", code],
                stdin=subprocess.PIPE,
                stdout=subprocess.PIPE,
                text=True,
                env={**os.environ, "PYTHONPATH": path},
            )
            for _ in range(workers)
        ]
        for process in running:
            assert process.stdout.readline() == "ready\n"
        for process in running:
            process.stdin.write("go\n")
            process.stdin.flush()
        for process in running:
            process.communicate()
            assert process.returncode == 0
    assert sorted(asked) == sorted(f"/slow?{n}" for n in range(rounds))
    assert room.files() == sorted(f"own-{n}.txt" for n in range(rounds))


def test_nobody_waits_for_ever(room, server, monkeypatch):
    import filelock

    monkeypatch.setattr(download, "PATIENCE", 0.1)
    file = room.card(server[0] + "good")
    locks = room.cache / ".locks"
    locks.mkdir(parents=True)
    with filelock.FileLock(locks / file.sha256[:16]):
        error = fault()
    assert error.code == "D10"
    assert str(locks) in error.expected
    assert load("own") == TEXT


def test_what_a_killed_process_left_goes(room, server):
    file = room.card(server[0] + "good")
    left = f".parts/{file.sha256[:16]}/file"
    room.put("cache", BODY[:100], path=left)
    assert load("own") == TEXT
    assert room.files() == ["text/own.txt"]


def test_a_damaged_file_is_fetched_again_whatever_happened(room, server):
    """200 flipped bits, cut ends and runs of zeros: all are found."""
    room.card(server[0] + "good")
    place = room.put("cache", BODY)
    draw = random.Random(0)
    for number in range(200):
        data = bytearray(BODY)
        where = draw.randrange(len(data))
        if number % 3 == 0:
            data[where] ^= 1 << draw.randrange(8)
        elif number % 3 == 1:
            del data[where:]
        else:
            end = min(len(data), where + draw.randrange(1, 4096))
            data[where:end] = bytes(end - where)
        place.write_bytes(data)
        with pytest.warns(DataWarning, match="D04") as warned:
            (found,) = find("own")
        assert len(warned) == 1
        assert found.read_bytes() == BODY
        assert place.with_name("own.txt.bad").read_bytes() == data
    assert len(server[1]) == 200


def test_a_damaged_file_is_kept_when_there_is_no_network(room):
    room.card("https://example.org/own.txt")
    room.put("cache", b"rotten")
    room.offline()
    with pytest.warns(DataWarning, match="D04"):
        assert fault().code == "D07"
    assert room.files() == ["text/own.txt.bad"]
