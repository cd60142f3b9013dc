"""The card of a data set and of its files: what the registry holds."""

import hashlib
import re
from collections.abc import Mapping
from dataclasses import dataclass, field
from typing import Final

KINDS: Final = (
    "text",
    "images",
    "pairs",
    "questions",
    "similarity",
    "analogies",
    "vocabulary",
    "dialogue",
    "bundled",
    "generated",
)
"""What a data set is; `pfs.data.load` says what comes back for each."""


@dataclass(frozen=True, kw_only=True)
class File:
    """One file of a data set.

    Source:
        `cards.toml`

    Differs:
        nothing
    """

    path: str
    """Where it lies below the folder that `PFS_DATA` names."""
    sha256: str
    """Of the file as it is stored."""
    bytes: int
    """Its length."""
    raw_sha256: str = ""
    """After decompressing, if it is one compressed file."""
    raw_bytes: int = 0
    """After decompressing; of an archive, the most it may hold."""
    urls: tuple[str, ...] = ()
    """Public addresses of the stored file."""
    raw_urls: tuple[str, ...] = ()
    """Public addresses of the decompressed file."""

    @property
    def raw_path(self) -> str:
        """Where the decompressed file lies: the path without `.gz`, `.xz`."""
        if self.is_archive:
            return self.path
        return re.sub(r"\.(gz|xz)$", "", self.path)

    @property
    def is_archive(self) -> bool:
        """Whether other files are packed in it."""
        return bool(re.search(r"\.(zip|tar|tgz|tar\.gz|tar\.xz)$", self.path))


@dataclass(frozen=True, kw_only=True)
class Card:
    """What is known of a data set.

    Source:
        `cards.toml`

    Differs:
        nothing
    """

    name: str
    """What `pfs.data.load` calls it."""
    title: str
    """What its authors call it."""
    kind: str
    """One of `KINDS`."""
    description: Mapping[str, str] = field(hash=False)
    """What it holds, in `en`, `ko` and `zh`."""
    licence: str
    """Under what terms it may be used."""
    citation: str
    """What to cite."""
    loader: str
    """`module:function` that makes it from the files, or from nothing."""
    counts: Mapping[str, int] = field(hash=False)
    """How much `pfs.data.load` returns."""
    languages: tuple[str, ...] = ()
    """Such as `en`; empty for images."""
    home: str = ""
    """Its page on the web."""
    files: tuple[File, ...] = ()
    """What has to be there to load it; empty if it needs nothing."""
    part_of: str = ""
    """A larger data set that serves as well."""

    @property
    def language(self) -> str:
        """The first language, or empty."""
        return self.languages[0] if self.languages else ""

    @property
    def bytes(self) -> int:
        """How large its files are together."""
        return sum(file.bytes for file in self.files)

    @property
    def path(self) -> str:
        """Where its first file lies below `PFS_DATA`, or empty."""
        return self.files[0].path if self.files else ""

    @property
    def sha256(self) -> str:
        """Of its file; of the list of checksums if there are several."""
        if len(self.files) == 1:
            return self.files[0].sha256
        joined = "".join(f"{file.sha256}\n" for file in self.files)
        return hashlib.sha256(joined.encode()).hexdigest() if joined else ""

    @property
    def needs_download(self) -> bool:
        """Whether it does not come with the package."""
        return bool(self.files)
