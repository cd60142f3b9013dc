"""Hostile archives are refused, and nothing is ever written."""

import gzip
import io
import lzma
import stat
import struct
import tarfile
import zipfile

import pytest

from pfs.data.archives import contents
from pfs.errors import PfsFileError

LIMIT = 10_000


def tar(*members, mode="w:gz", **options):
    """Pack (name, bytes) or ready-made members."""
    packed = io.BytesIO()
    with tarfile.open(
        fileobj=packed, mode=mode, encoding="utf-8", **options
    ) as archive:
        for one in members:
            if isinstance(one, tarfile.TarInfo):
                archive.addfile(one)
                continue
            name, data = one
            info = tarfile.TarInfo(name)
            info.size = len(data)
            archive.addfile(info, io.BytesIO(data))
    return packed.getvalue()


def special(kind, name="data/a.txt", target=""):
    info = tarfile.TarInfo(name)
    info.type, info.linkname = kind, target
    return info


def packed_zip(*members):
    packed = io.BytesIO()
    with zipfile.ZipFile(packed, "w", zipfile.ZIP_DEFLATED) as archive:
        for name, data, *mode in members:
            info = zipfile.ZipInfo(name)
            info.compress_type = zipfile.ZIP_DEFLATED
            info.external_attr = (mode[0] if mode else 0o644) << 16
            archive.writestr(info, data)
    return packed.getvalue()


def lying_zip():
    """Its directory says ten bytes; a million come out."""
    data = packed_zip(("a.txt", bytes(10**6)))
    return data.replace(struct.pack("<I", 10**6), struct.pack("<I", 10))


def encrypted_zip():
    data = bytearray(packed_zip(("a.txt", b"x")))
    data[6] |= 1
    data[data.index(b"PK\x01\x02") + 8] |= 1
    return bytes(data)


def twice(name):
    with pytest.warns(UserWarning, match="Duplicate"):
        return packed_zip((name, b"1"), (name, b"2"))


def huge_header():
    """A tar file whose extended header is the bomb."""
    headers = {"comment": "x" * 2_000_000}
    return tar(("a.txt", b"x"), format=tarfile.PAX_FORMAT, pax_headers=headers)


HOSTILE = {
    "up.tar.gz": lambda: tar(("../a.txt", b"x")),
    "up inside.tar.gz": lambda: tar(("data/../../a.txt", b"x")),
    "absolute.tar": lambda: tar(("/etc/a.txt", b"x"), mode="w"),
    "backslash.tar.gz": lambda: tar(("..\\a.txt", b"x")),
    "drive.tar.xz": lambda: tar(("C:/a.txt", b"x"), mode="w:xz"),
    "symlink.tar.gz": lambda: tar(special(tarfile.SYMTYPE, target="/etc")),
    "hard link.tar.gz": lambda: tar(special(tarfile.LNKTYPE, target="b")),
    "device.tar.gz": lambda: tar(special(tarfile.CHRTYPE)),
    "block device.tar.gz": lambda: tar(special(tarfile.BLKTYPE)),
    "pipe.tar.gz": lambda: tar(special(tarfile.FIFOTYPE)),
    "twice.tar.gz": lambda: tar(("a.txt", b"1"), ("a.txt", b"2")),
    "bomb.tar.gz": lambda: tar(("a.txt", bytes(10**7))),
    "many.tar.gz": lambda: tar(*((f"{n}", bytes(999)) for n in range(11))),
    "header.tar.gz": huge_header,
    "cut.tar.gz": lambda: tar(("a.txt", bytes(range(256)) * 9))[:-40],
    "noise.tar.gz": lambda: gzip.compress(b"no tar at all" * 99),
    "up.zip": lambda: packed_zip(("../a.txt", b"x")),
    "absolute.zip": lambda: packed_zip(("/a.txt", b"x")),
    "drive.zip": lambda: packed_zip(("C:\\a.txt", b"x")),
    "link.zip": lambda: packed_zip(("a", b"/etc", stat.S_IFLNK | 0o777)),
    "device.zip": lambda: packed_zip(("a", b"", stat.S_IFCHR | 0o777)),
    "bomb.zip": lambda: packed_zip(("a.txt", bytes(10**7))),
    "many.zip": lambda: packed_zip(*((f"{n}", bytes(999)) for n in range(11))),
    "lying.zip": lying_zip,
    "encrypted.zip": encrypted_zip,
    "twice.zip": lambda: twice("a.txt"),
    "cut.zip": lambda: packed_zip(("a.txt", b"x" * 99))[:-30],
    "bomb.gz": lambda: gzip.compress(bytes(10**7)),
    "nested.gz": lambda: gzip.compress(bytes(LIMIT)) * 2,
    "cut.gz": lambda: gzip.compress(bytes(range(256)))[:-20],
    "noise.gz": lambda: b"this is not gzip",
    "bomb.xz": lambda: lzma.compress(bytes(10**7)),
    "cut.xz": lambda: lzma.compress(bytes(range(256)))[:-20],
    "noise.xz": lambda: b"this is not xz",
    "hungry.xz": lambda: lzma.compress(
        b"x", filters=[{"id": lzma.FILTER_LZMA2, "dict_size": 2**29}]
    ),
}


@pytest.mark.parametrize("name", HOSTILE)
def test_a_hostile_archive_is_refused(name, tmp_path):
    folder = tmp_path / "one" / "two"
    folder.mkdir(parents=True)
    path = folder / name
    path.write_bytes(HOSTILE[name]())
    with pytest.raises(PfsFileError) as caught:
        contents(path, LIMIT)
    assert caught.value.code == "D09"
    assert str(path) in caught.value.where
    assert [p for p in tmp_path.rglob("*") if p.is_file()] == [path]


def test_there_are_more_hostile_archives_than_promised():
    assert len(HOSTILE) >= 20


DATA = {"data/a.txt": b"one", "data/deep/b.bin": bytes(LIMIT - 3)}


@pytest.mark.parametrize(
    ("name", "pack"),
    [
        ("a.tar.gz", lambda: tar(special(tarfile.DIRTYPE), *DATA.items())),
        ("a.tar.xz", lambda: tar(*DATA.items(), mode="w:xz")),
        ("a.tar", lambda: tar(*DATA.items(), mode="w")),
        ("a.tgz", lambda: tar(*DATA.items())),
        ("a.zip", lambda: packed_zip(("data/", b""), *DATA.items())),
    ],
)
def test_an_honest_archive_is_opened_up_to_its_limit(name, pack, tmp_path):
    path = tmp_path / name
    path.write_bytes(pack())
    assert contents(path, LIMIT) == DATA
    with pytest.raises(PfsFileError) as caught:
        contents(path, LIMIT - 1)
    assert caught.value.code == "D09"


@pytest.mark.parametrize(
    ("name", "pack"),
    [("a.txt.gz", gzip.compress), ("a.txt.xz", lzma.compress)],
)
def test_a_compressed_file_is_opened_up_to_its_limit(name, pack, tmp_path):
    data = bytes(range(256)) * 9
    path = tmp_path / name
    path.write_bytes(pack(data))
    assert contents(path, len(data)) == {"a.txt": data}
    with pytest.raises(PfsFileError) as caught:
        contents(path, len(data) - 1)
    assert caught.value.code == "D09"


def test_any_other_file_is_itself(tmp_path):
    (tmp_path / "a.txt").write_bytes(b"words")
    assert contents(tmp_path / "a.txt", 0) == {"a.txt": b"words"}
