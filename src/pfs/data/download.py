"""Fetch a file once, check it, keep it."""

import importlib
import os
import time
from pathlib import Path
from typing import Any, Final

from pfs.errors import PfsFileError

WAITS: Final = (1.0, 2.0, 4.0)
"""Seconds to wait before each further try of a download that broke off."""
TIMEOUT: Final = (5.0, 30.0)
"""Seconds to wait for a connection, and for the next byte."""


def cache_folder() -> Path:
    """Return the folder for downloaded files.

    Returns:
        The folder `PFS_HOME` if that variable is set, else the one that the
        operating system keeps for caches.

    Raises:
        OSError: E05 if `PFS_HOME` is not set and pooch, which knows the
            system's folders, is not installed.

    Examples:
        >>> isinstance(cache_folder(), Path)
        True

    Source:
        This project.

    Differs:
        nothing
    """
    home = os.environ.get("PFS_HOME")
    return Path(home) if home else Path(_pooch().os_cache("pfs"))


def fetch(name: str, path: str, sha256: str, urls: tuple[str, ...]) -> Path:
    """Fetch a file from the first address that gives the right one.

    The file is written beside its place, checked and moved: what lies in the
    cache is whole. A damaged file in the cache is fetched again.

    Args:
        name: What a message calls the data set.
        path: Where the file belongs, below the cache folder.
        sha256: Its checksum.
        urls: Its addresses, tried in this order.

    Returns:
        The file in the cache.

    Raises:
        OSError: D01 if no address has it, D02 if the download breaks off
            every time, D03 if what comes is another file, E05 if pooch is
            not installed.

    Examples:
        >>> fetch("moon", "moon.txt", "0" * 64, ())
        Traceback (most recent call last):
        ...
        pfs.errors.PfsFileError: D01: a data file cannot be fetched
          where:    moon
          ...

    Source:
        This project.

    Differs:
        d2l's `download` keeps whatever the server sent, an error page
        included; here the checksum decides, and nothing else is kept.
    """
    place = cache_folder() / path
    faults: list[tuple[str, str]] = []
    for url in urls:
        fault = _try(url, place, sha256)
        if fault is None:
            return place
        faults.append(fault)

    codes = {code for code, _ in faults} or {"D01"}
    raise PfsFileError(
        next(code for code in ("D03", "D02", "D01") if code in codes),
        where=name,
        expected=f"a file with sha256 {sha256}",
        got=f"{len(faults)} addresses tried: "
        + "; ".join(
            f"{u}: {g}" for u, (_, g) in zip(urls, faults, strict=True)
        ),
        todo=f"try again later, or put the file at {place} yourself",
    )


def _try(url: str, place: Path, sha256: str) -> tuple[str, str] | None:
    """Fetch from one address; return a code and what went wrong, if it did."""
    pooch = _pooch()
    requests = importlib.import_module("requests")  # pooch needs it as well
    pooch.get_logger().setLevel("WARNING")  # a library is silent

    fault = ("D02", "")
    for wait in (0.0, *WAITS):
        time.sleep(wait)
        try:
            pooch.retrieve(
                url,
                known_hash=f"sha256:{sha256}",
                fname=place.name,
                path=place.parent,
                downloader=pooch.HTTPDownloader(timeout=TIMEOUT),
            )
            return None
        except requests.RequestException as error:
            fault = _fault(error, requests)
            if fault[0] != "D02":
                break
        except ValueError as error:
            got = str(error).partition("but got ")[2][:64]
            return "D03", f"another file, sha256 {got}"
        except OSError as error:
            return "D01", f"cannot write {place}: {error.strerror or error}"
    return fault


def _fault(error: Any, requests: Any) -> tuple[str, str]:
    """Tell what never began (D01) from what broke off (D02)."""
    kind = type(error).__name__
    if isinstance(error, requests.HTTPError):
        return "D01", f"answer {error.response.status_code}"
    reason = getattr(error.args[0], "reason", None) if error.args else None
    never = (
        requests.ConnectTimeout,
        requests.exceptions.ProxyError,
        requests.exceptions.SSLError,
    )
    later = (
        requests.ConnectionError,
        requests.ReadTimeout,
        requests.exceptions.ChunkedEncodingError,
    )
    began = "NewConnection" not in repr(reason) and "Resol" not in repr(reason)
    if isinstance(error, later) and not isinstance(error, never) and began:
        return "D02", f"broke off {len(WAITS) + 1} times ({kind})"
    return "D01", f"no connection ({kind})"


def _pooch() -> Any:
    try:
        return importlib.import_module("pooch")
    except ImportError:
        raise PfsFileError(
            "E05",
            where="pfs.data",
            expected="the package pooch, which fetches files",
            got="it is not installed",
            todo='pip install "papers-from-scratch[cli]", or put the files '
            "into a folder and name it: PFS_DATA=FOLDER",
        ) from None
