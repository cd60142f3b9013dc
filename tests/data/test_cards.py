"""The registry of the data sets refuses what does not hold together."""

import importlib
import inspect
import re
import subprocess
import sys
from pathlib import Path

import pytest

from pfs.data import card, cards, names
from pfs.errors import PfsValueError

GOOD = f"""
[one]
title = "One"
kind = "text"
licence = "none"
citation = "none"
home = "https://example.org"
loader = "pfs.data.corpora:plain"
counts = {{ characters = 3 }}
[one.description]
en = "a"
ko = "b"
zh = "c"
[[one.files]]
path = "text/one.txt.gz"
sha256 = "{"0" * 64}"
bytes = 3
raw_sha256 = "{"1" * 64}"
raw_bytes = 9
raw_urls = ["https://example.org/one.txt"]
"""


def test_a_good_card_is_read():
    (one,) = cards.parse(GOOD, Path("cards.toml")).values()
    assert one.name == "one"
    assert one.files[0].raw_path == "text/one.txt"
    assert one.sha256 == "0" * 64
    assert one.bytes == 3
    assert one.needs_download


BAD = {
    "no TOML": ("[one]", "[one"),
    "an unknown key": ('title = "One"', 'title = "One"\ncolour = "red"'),
    "a missing key": ('licence = "none"\n', ""),
    "an empty value": ('licence = "none"', 'licence = ""'),
    "another type": ('title = "One"', "title = 1"),
    "another kind": ('kind = "text"', 'kind = "song"'),
    "a loader elsewhere": ("pfs.data.corpora:plain", "os:system"),
    "no home": ("https://example.org", "example.org"),
    "a count of zero": ("characters = 3", "characters = 0"),
    "a count in words": ("characters = 3", 'characters = "three"'),
    "a language too few": ('zh = "c"', ""),
    "a language too many": ('zh = "c"', 'zh = "c"\nfr = "d"'),
    "files of a bundled set": ('kind = "text"', 'kind = "bundled"'),
    "no files": (GOOD[GOOD.index("[[one.files]]") :], ""),
    "an unknown key of a file": ("bytes = 3", "bytes = 3\nmd5 = 'x'"),
    "a file without a checksum": (f'sha256 = "{"0" * 64}"', ""),
    "half a checksum": ("0" * 64, "0" * 32),
    "a path that is absolute": ("text/one", "/text/one"),
    "a path that leaves": ("text/one", "../one"),
    "an address without TLS": ("https://example.org/one", "http://a.org/one"),
    "a raw address without a checksum": (f'raw_sha256 = "{"1" * 64}"\n', ""),
    "a part of nothing": ('title = "One"', 'title = "One"\npart_of = "two"'),
    "another order": ("[one]", GOOD.replace("one", "two") + "\n[one]"),
}


@pytest.mark.parametrize("name", BAD)
def test_a_bad_card_is_refused(name):
    old, new = BAD[name]
    assert old in GOOD
    with pytest.raises(PfsValueError) as caught:
        cards.parse(GOOD.replace(old, new, 1), Path("cards.toml"))
    assert caught.value.code == "K01"
    assert "cards.toml" in caught.value.where


@pytest.mark.parametrize("name", names())
def test_every_card_is_complete(name):
    one = card(name)
    assert one.name == name
    module, function = one.loader.split(":")
    read = getattr(importlib.import_module(module), function)
    assert callable(read)
    if one.files:
        assert next(iter(inspect.signature(read).parameters)) == "inside"
    korean, chinese = one.description["ko"], one.description["zh"]
    assert re.search("[가-힣]", korean)
    assert re.search("니다[.]$", korean)
    assert re.search("[一-鿿]", chinese)
    assert chinese.endswith("。")
    assert not re.search("[一-鿿] [\\w<]|[\\w>] [一-鿿]", chinese)
    assert one.description["en"].endswith((".", "?"))
    for file in one.files:
        if file.path.endswith((".gz", ".xz", ".zip")):
            assert file.raw_bytes > 0


def test_no_file_belongs_to_two_sets():
    paths = [file.path for name in names() for file in card(name).files]
    assert len(paths) == len(set(paths))


def test_a_kind_can_be_asked_for():
    assert {"time-machine", "tinyshakespeare"} < set(names("text"))
    assert "mnist" not in names("text")
    assert sorted(n for k in cards.KINDS for n in names(k)) == list(names())
    with pytest.raises(PfsValueError) as caught:
        names("song")
    assert caught.value.code == "A01"
    with pytest.raises(PfsValueError) as caught:
        card("moon")
    assert caught.value.code == "A01"


def test_a_list_of_the_data_sets_needs_no_torch():
    code = (
        "import sys; from pfs import data;"
        "[data.card(name) for name in data.names()];"
        "data.check('mnist'); data.find('story');"
        "bad = {'torch', 'numpy', 'pooch', 'requests', 'filelock', 'rich'};"
        "sys.exit(f'imported: {bad & set(sys.modules)}'"
        " if bad & set(sys.modules) else 0)"
    )
    subprocess.run([sys.executable, "-c", code], check=True)
