"""One request: its bytes, or a code and a word for what went wrong."""

import importlib
import os
import socket
import threading
from collections.abc import Callable, Iterable, Iterator
from typing import Any, BinaryIO, Final
from urllib.parse import urlsplit

from pfs.errors import PfsFileError

TIMEOUT: Final = (5.0, 30.0)
"""Seconds to wait for a connection, and for the next byte."""
PROBE: Final = 1.5
"""Seconds after which a computer that finds no address has no network."""
CHUNK: Final = 2**16

Progress = Callable[[str, int, int], None]
"""Called with a file's path, the bytes that came, and all its bytes."""


class CutOffError(Exception):
    """Fewer bytes came than the file has."""


class OtherFileError(Exception):
    """What comes is another file: its length differs."""


def package(name: str) -> Any:
    """Import a package that only downloads need.

    Args:
        name: The package.

    Returns:
        The module.

    Raises:
        OSError: E05 if it is not installed.

    Examples:
        >>> package("json").loads("1")
        1

    Source:
        This project.

    Differs:
        nothing
    """
    try:
        return importlib.import_module(name)
    except ImportError:
        raise PfsFileError(
            "E05",
            where="pfs.data",
            expected=f"the package {name}, which downloads need",
            got="it is not installed",
            todo='pip install "papers-from-scratch[data]", or put the files '
            "into a folder and name it: PFS_DATA=FOLDER",
        ) from None


def receive(
    url: str, output: BinaryIO, size: int, tell: Callable[[int], None]
) -> None:
    """Write what an address answers, if it may be the file.

    Proxies are taken from `HTTPS_PROXY`, certificates from `SSL_CERT_FILE` or
    `REQUESTS_CA_BUNDLE`; a certificate is always checked.

    Args:
        url: The address.
        output: An open file.
        size: How many bytes the file has.
        tell: Called with the bytes so far.

    Raises:
        CutOffError: If the answer ends too early.
        OtherFileError: If it is longer, or a whole answer of another length.
        OSError: Of requests, or of the disk.

    Source:
        This project.

    Differs:
        nothing
    """
    requests = package("requests")
    got = 0
    # requests itself knows REQUESTS_CA_BUNDLE, and not the usual variable.
    names = ("REQUESTS_CA_BUNDLE", "CURL_CA_BUNDLE", "SSL_CERT_FILE")
    given = [os.environ[name] for name in names if os.environ.get(name)]
    with requests.get(
        url,
        stream=True,
        timeout=TIMEOUT,
        verify=given[0] if given else True,
        headers={"Accept-Encoding": "identity"},
    ) as answer:
        answer.raise_for_status()
        chunks = answer.iter_content(CHUNK)
        while chunk := _next(chunks, got, size):
            got += len(chunk)
            if got > size:
                raise OtherFileError(f"more than {size:,} bytes")
            output.write(chunk)
            tell(got)
        promised = answer.headers.get("Content-Length")
        packed = answer.headers.get("Content-Encoding")
    if got < size:
        if promised == str(got) or packed:
            raise OtherFileError(f"{got:,} bytes, not {size:,}")
        raise CutOffError(f"{got:,} of {size:,} bytes")


def _next(chunks: Iterator[bytes], got: int, size: int) -> bytes:
    """Return the next bytes, none at the end; say how many blocks came."""
    try:
        return next(chunks, b"")
    except package("requests").RequestException as error:
        kind = type(error).__name__
        raise CutOffError(f"{got:,} of {size:,} bytes, {kind}") from error


def fault_of(error: Exception) -> tuple[str, str]:
    """Tell what never began from what broke off, and from who forbade it.

    Args:
        error: What `receive` raised.

    Returns:
        D01, D02, D03, D07 or D08, and what happened in a few words.

    Examples:
        >>> fault_of(CutOffError("3 of 7 bytes"))
        ('D02', 'broke off, 3 of 7 bytes')

    Source:
        This project.

    Differs:
        nothing
    """
    if isinstance(error, CutOffError):
        return "D02", f"broke off, {error}"
    if isinstance(error, OtherFileError):
        return "D03", f"another file: {error}"
    requests = package("requests")
    kind = type(error).__name__
    if isinstance(error, requests.HTTPError):
        status = error.response.status_code
        return "D08" if status == 407 else "D01", f"answer {status}"
    kinds = requests.exceptions
    bad_certificates = not isinstance(error, requests.RequestException)
    if bad_certificates or isinstance(
        error, kinds.ProxyError | kinds.SSLError | kinds.InvalidProxyURL
    ):
        return "D08", f"{kind}: {str(error)[:300]}"
    reason = getattr(error.args[0], "reason", None) if error.args else None
    deep = f"{reason!r} {error!r}"
    if "NameResolution" in deep or "getaddrinfo" in deep or "unreach" in deep:
        return "D07", f"no network ({kind})"
    never = kinds.ConnectTimeout | kinds.TooManyRedirects
    later = (
        kinds.ConnectionError
        | kinds.ReadTimeout
        | kinds.ChunkedEncodingError
        | kinds.ContentDecodingError
    )
    if isinstance(error, never) or "NewConnection" in deep:
        return "D01", f"no connection ({kind})"
    if isinstance(error, later):
        return "D02", f"broke off ({kind})"
    return "D01", f"no answer ({kind})"


def offline(urls: Iterable[str]) -> bool:
    """Tell within two seconds whether there is no way to any address.

    A computer without a network may wait long for the answer of a name
    server; nobody should have to.

    Args:
        urls: The addresses.

    Returns:
        Whether no host of them has a known number. `False` if a proxy is set,
        which looks for them itself.

    Examples:
        >>> offline(["http://127.0.0.1:1/file"])
        False

    Source:
        This project.

    Differs:
        nothing
    """
    requests = package("requests")
    found = threading.Event()
    threads = []
    for url in urls:
        proxies = requests.utils.get_environ_proxies(url)
        if requests.utils.select_proxy(url, proxies):
            return False
        host = urlsplit(url).hostname
        threads.append(
            threading.Thread(target=_resolve, args=(host, found), daemon=True)
        )
    for thread in threads:
        thread.start()
    return not _any(threads, found)


def _any(threads: list[threading.Thread], found: threading.Event) -> bool:
    step = 0.01
    for _ in range(int(PROBE / step)):
        if found.wait(step):
            return True
        if not any(thread.is_alive() for thread in threads):
            break
    return found.is_set()


def _resolve(host: str | None, found: threading.Event) -> None:
    try:
        socket.getaddrinfo(host, 443)
    except OSError:
        return
    found.set()
