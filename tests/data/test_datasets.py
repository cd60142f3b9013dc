import gzip
import hashlib
import http.server
import os
import shutil
import socket
import subprocess
import sys
import threading
from dataclasses import replace
from pathlib import Path

import pytest

from pfs.data import (
    DATASETS,
    datasets,
    download,
    hulanhe_zhuan,
    ingan_munje,
    load,
    story,
    story_sentences,
    time_machine,
)
from pfs.errors import PfsFileError, PfsValueError
from pfs.text import letters_and_spaces, normalize

GIVEN = os.environ.get("PFS_DATA")
TEXT = "나는 我 I\n" * 999
BODY = TEXT.encode()
SHA256 = hashlib.sha256(BODY).hexdigest()


@pytest.mark.parametrize("name", DATASETS)
def test_a_novel_is_read_or_the_way_to_it_is_named(name, tmp_path, monkeypatch):
    if GIVEN:
        dataset, text = DATASETS[name], load(name)
        assert len(text) == dataset.characters
        raw = datasets.find(name).read_bytes()
        if dataset.path.endswith(".gz"):
            raw = gzip.decompress(raw)
        assert hashlib.sha256(raw).hexdigest() == dataset.raw_sha256
        assert normalize(raw.decode()) == text
        return
    monkeypatch.setenv("PFS_HOME", str(tmp_path))
    offline(monkeypatch)
    with pytest.raises(PfsFileError) as caught:
        load(name)
    assert caught.value.code == ("D01" if DATASETS[name].urls else "D07")
    assert str(tmp_path / DATASETS[name].path) in str(caught.value)
    assert DATASETS[name].sha256 in str(caught.value)


@pytest.mark.parametrize("read", [time_machine, ingan_munje, hulanhe_zhuan])
def test_each_novel_has_a_function(read, monkeypatch):
    asked = []
    monkeypatch.setattr(datasets, "load", lambda name: asked.append(name) or "")
    read()
    assert asked == [read.__name__.replace("_", "-")]


def test_the_time_machine_is_cleaned_as_in_both_editions(tmp_path, monkeypatch):
    if GIVEN:
        text = time_machine()
        assert len(letters_and_spaces(text)) == 173_428
        assert len(letters_and_spaces(text, edition=1)) == 170_580
        return
    monkeypatch.setenv("PFS_DATA", str(tmp_path))
    (tmp_path / "text").mkdir()
    (tmp_path / "text" / "timemachine.txt").write_text("not it", "utf-8")
    with pytest.raises(PfsFileError, match="D03"):
        time_machine()


def offline(monkeypatch):
    def refuse(*address, **options):
        raise socket.gaierror("no network")

    monkeypatch.setattr(socket, "getaddrinfo", refuse)


@pytest.fixture
def corpus(tmp_path, monkeypatch):
    """A data set of our own, and nowhere to find it yet."""
    monkeypatch.setenv("PFS_HOME", str(tmp_path / "cache"))
    monkeypatch.setenv("PFS_DATA", str(tmp_path / "data"))
    monkeypatch.setattr(download, "WAITS", (0.0, 0.0, 0.0))

    def make(*urls, path="text/own.txt", sha256=SHA256):
        dataset = replace(
            DATASETS["time-machine"], path=path, sha256=sha256, urls=urls
        )
        monkeypatch.setitem(DATASETS, "own", dataset)
        return tmp_path

    return make


def put(path, data):
    path.parent.mkdir(parents=True, exist_ok=True)
    path.write_bytes(data)


def fault(name="own"):
    with pytest.raises(PfsFileError) as caught:
        load(name)
    return caught.value


def test_the_folder_comes_first_and_needs_no_network(corpus, monkeypatch):
    folder = corpus("http://127.0.0.1:1/none")
    put(folder / "data/text/own.txt", BODY)
    offline(monkeypatch)
    assert load("own") == TEXT


def test_a_compressed_file_is_opened(corpus):
    packed = gzip.compress(BODY, mtime=0)
    folder = corpus(path="own.gz", sha256=hashlib.sha256(packed).hexdigest())
    put(folder / "data/own.gz", packed)
    assert load("own") == TEXT


@pytest.mark.parametrize("where", ["data", "cache"])
def test_another_file_in_its_place_is_refused(corpus, where):
    folder = corpus()
    put(folder / where / "text/own.txt", BODY[:-1])
    error = fault()
    assert error.code == "D03"
    assert SHA256 in error.expected
    assert hashlib.sha256(BODY[:-1]).hexdigest() in error.got
    assert str(folder / where) in error.where


def test_a_data_set_without_an_address_says_where_to_put_it(corpus):
    folder = corpus()
    error = fault()
    assert error.code == "D07"
    assert str(folder / "cache/text/own.txt") in str(error)
    assert SHA256 in error.todo
    put(folder / "cache/text/own.txt", BODY)
    assert load("own") == TEXT


def test_an_unknown_name_is_named():
    with pytest.raises(PfsValueError, match="A01") as caught:
        load("war-and-peace")
    assert "time-machine" in str(caught.value)


class Server(http.server.BaseHTTPRequestHandler):
    asked: list[str]

    def do_GET(self):
        self.asked.append(self.path)
        getattr(self, "do_" + self.path.strip("/").split("?")[0])()

    def send(self, body, status=200, length=None):
        self.send_response(status)
        self.send_header("Content-Length", str(length or len(body)))
        self.end_headers()
        self.wfile.write(body)

    def do_good(self):
        self.send(BODY)

    def do_gone(self):
        self.send(b"not here", 404)

    def do_broken(self):
        self.send(b"sorry", 500)

    def do_wrong(self):
        self.send(b"<html>log in</html>")

    def do_cut(self):
        self.send(BODY[:1000], length=len(BODY))
        self.close_connection = True

    def do_moody(self):
        if self.asked.count("/moody") < 3:
            self.do_cut()
        else:
            self.do_good()

    def do_hang_up(self):
        self.connection.shutdown(socket.SHUT_RDWR)
        self.close_connection = True

    def do_loop(self):
        self.send_response(302)
        self.send_header("Location", "/loop")
        self.send_header("Content-Length", "0")
        self.end_headers()

    def do_moved(self):
        self.send_response(302)
        self.send_header("Location", "/good")
        self.send_header("Content-Length", "0")
        self.end_headers()

    def log_message(self, *arguments):
        pass


@pytest.fixture
def server():
    Server.asked = []
    with http.server.ThreadingHTTPServer(("127.0.0.1", 0), Server) as running:
        serve = threading.Thread(target=running.serve_forever, args=(0.01,))
        serve.start()
        yield f"http://127.0.0.1:{running.server_address[1]}/"
        running.shutdown()


@pytest.mark.parametrize("page", ["good", "moved", "moody"])
def test_a_file_is_fetched_once(corpus, server, page):
    folder = corpus(server + page)
    assert load("own") == TEXT
    asked = list(Server.asked)
    assert load("own") == TEXT
    assert Server.asked == asked
    assert [p.name for p in (folder / "cache/text").iterdir()] == ["own.txt"]


@pytest.mark.parametrize(
    ("page", "code", "words", "times"),
    [
        ("gone", "D01", "answer 404", 1),
        ("broken", "D01", "answer 500", 1),
        ("loop", "D01", "TooManyRedirects", 31),
        ("wrong", "D03", hashlib.sha256(b"<html>log in</html>").hexdigest(), 1),
        ("cut", "D02", "broke off 4 times", 4),
        ("hang_up", "D02", "broke off 4 times", 4),
    ],
)
def test_a_bad_server_leaves_nothing_behind(
    corpus, server, page, code, words, times
):
    folder = corpus(server + page)
    error = fault()
    assert error.code == code
    assert words in error.got
    assert str(folder / "cache/text/own.txt") in error.todo
    assert len(Server.asked) == times
    assert not [p for p in (folder / "cache").rglob("*") if p.is_file()]


def test_the_next_address_is_tried(corpus, server):
    corpus(*(server + page for page in ("gone", "cut", "wrong", "good")))
    assert load("own") == TEXT


def test_all_addresses_are_in_the_message(corpus, server):
    corpus(server + "gone", "http://127.0.0.1:1/none")
    error = fault()
    assert error.code == "D01"
    assert "2 addresses tried" in error.got
    assert "answer 404" in error.got
    assert "no connection" in error.got


def test_without_a_network_the_answer_comes_at_once(corpus, monkeypatch):
    monkeypatch.setattr(download, "WAITS", (60.0,))
    offline(monkeypatch)
    corpus("https://example.org/own.txt")
    assert fault().code == "D01"


def test_a_file_that_rotted_in_the_cache_is_fetched_again(corpus, server):
    folder = corpus(server + "good")
    put(folder / "cache/text/own.txt", b"rotten")
    assert load("own") == TEXT


def test_a_cache_that_cannot_be_written_is_named(corpus, server):
    folder = corpus(server + "good")
    put(folder / "cache", b"a file where a folder should be")
    error = fault()
    assert error.code == "D01"
    assert "cannot write" in error.got


def test_without_pooch_the_message_says_how_to_get_it(corpus, monkeypatch):
    corpus("https://example.org/own.txt")
    monkeypatch.setitem(sys.modules, "pooch", None)
    error = fault()
    assert error.code == "E05"
    assert 'pip install "papers-from-scratch[cli]"' in error.todo


def test_local_files_need_no_extra_package(tmp_path):
    """In a fresh process, where pooch, requests and rich must stay out."""
    put(tmp_path / "text/own.txt", BODY)
    code = (
        "import sys; from pfs import data, text, training; data.story('ko');"
        "bad = {'pooch', 'requests', 'rich', 'typer'} & set(sys.modules);"
        "sys.exit(f'imported: {bad}' if bad else 0)"
    )
    subprocess.run([sys.executable, "-c", code], check=True)


def test_the_cache_is_where_the_system_keeps_caches(monkeypatch, tmp_path):
    monkeypatch.delenv("PFS_HOME", raising=False)
    monkeypatch.setenv("XDG_CACHE_HOME", str(tmp_path))
    assert download.cache_folder().name == "pfs"
    monkeypatch.setenv("PFS_HOME", str(tmp_path / "내 폴더"))
    assert download.cache_folder() == tmp_path / "내 폴더"


def test_a_cache_folder_may_have_any_name(corpus, server, monkeypatch):
    folder = corpus(server + "good")
    for name in ("with space", "한글", "汉字"):
        monkeypatch.setenv("PFS_HOME", str(folder / name))
        assert load("own") == TEXT
        shutil.rmtree(folder / name)


def test_every_address_is_encrypted():
    for dataset in DATASETS.values():
        assert all(url.startswith("https://") for url in dataset.urls)
        assert not Path(dataset.path).is_absolute()


@pytest.mark.parametrize("language", ["en", "ko", "zh"])
def test_the_story_is_clean_and_parallel(language):
    sentences = story_sentences(language)
    assert len(sentences) == len(story_sentences("en")) > 50
    assert all(line == line.strip() and line for line in sentences)
    text = story(language)
    assert "\n\n\n" not in text
    assert text.endswith(sentences[-1] + "\n")
    assert "\r" not in text
    paragraphs = [part.count("\n") for part in text.strip().split("\n\n")]
    english = [part.count("\n") for part in story("en").strip().split("\n\n")]
    assert paragraphs == english


def test_there_is_no_story_in_french():
    with pytest.raises(PfsValueError, match="'en' or 'ko' or 'zh'"):
        story("fr")
