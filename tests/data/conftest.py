"""A data set of the tests' own, and nowhere to find it yet."""

import hashlib
import socket

import pytest
from loopback import BODY, serving

from pfs.data import cards, connection, download
from pfs.data.cards import Card, File


def make_card(files, name="own", loader="pfs.data.corpora:plain", **rest):
    return Card(
        name=name,
        title="Own",
        kind="text",
        description={"en": "", "ko": "", "zh": ""},
        licence="none",
        citation="none",
        loader=loader,
        counts={"characters": 1},
        files=tuple(files),
        **rest,
    )


class Room:
    """The folders of one test, and the data set `own`."""

    def __init__(self, folder, monkeypatch):
        self.folder = folder
        self.data = folder / "data"
        self.cache = folder / "cache"
        self.monkeypatch = monkeypatch
        monkeypatch.setenv("PFS_HOME", str(self.cache))
        monkeypatch.setenv("PFS_DATA", str(self.data))
        for name in ("HTTP_PROXY", "HTTPS_PROXY", "ALL_PROXY", "NO_PROXY"):
            monkeypatch.delenv(name, raising=False)
            monkeypatch.delenv(name.lower(), raising=False)
        for name in ("REQUESTS_CA_BUNDLE", "CURL_CA_BUNDLE", "SSL_CERT_FILE"):
            monkeypatch.delenv(name, raising=False)

    def card(self, *urls, body=BODY, path="text/own.txt", **rest):
        """Give the data set a file, and addresses."""
        digest = hashlib.sha256(body).hexdigest()
        file = File(
            path=path, sha256=digest, bytes=len(body), urls=urls, **rest
        )
        self.add(make_card([file]))
        return file

    def add(self, card):
        self.monkeypatch.setitem(cards.load(), card.name, card)

    def put(self, where, data, path="text/own.txt"):
        place = self.folder / where / path
        place.parent.mkdir(parents=True, exist_ok=True)
        place.write_bytes(data)
        return place

    def files(self):
        """Return what lies in the cache beside the locks, and loose ends."""
        return sorted(
            path.relative_to(self.cache).as_posix()
            for path in self.cache.rglob("*")
            if (path.is_file() and path.parent.name != ".locks")
            or path.parent.name == ".parts"
        )

    def offline(self):
        def refuse(*address, **options):
            raise socket.gaierror("no network")

        self.monkeypatch.setattr(socket, "getaddrinfo", refuse)


@pytest.fixture
def room(tmp_path, monkeypatch):
    monkeypatch.setattr(download, "WAITS", (0.0, 0.0, 0.0))
    monkeypatch.setattr(connection, "TIMEOUT", (0.3, 0.1))
    return Room(tmp_path, monkeypatch)


@pytest.fixture
def server():
    with serving() as (address, asked):
        yield address, asked
