"""What a stranger's code may do: limits of Linux, put on a process of its own.

`commands` starts a process without network, with its own process numbers, as
a user without rights; `confine` gives up what is left: reading other files,
writing outside the scratch folder, much memory, many processes.
"""

import ctypes
import os
import sys
from collections.abc import Iterator
from dataclasses import dataclass
from pathlib import Path
from typing import Final

from pfs.errors import PfsRuntimeError

ROOM: Final = 2 << 30
"""Bytes that an answer may take beyond what Python and torch have."""
FILE: Final = 16 << 20
"""Bytes of one file."""
SCRATCH: Final = 64 << 20
"""Bytes of the scratch folder, where it can be limited."""
PROCESSES: Final = 64
FIRST_USER: Final = 61_184
"""Numbers of users that systems keep free for such processes."""


@dataclass(frozen=True)
class Way:
    """One way to start a confined process, and what it protects."""

    command: tuple[str, ...]
    protects: tuple[str, ...]
    user: int | None = None


def ways(scratch: Path, slot: int) -> Iterator[Way]:
    """Return the ways to start a confined process, the strictest first.

    Args:
        scratch: The only folder that it may write to.
        slot: A number that no other running process has.

    Yields:
        The start of a command, to which Python's is appended.
    """
    tmpfs = f'mount -t tmpfs -o size={SCRATCH},mode=777 tmpfs "$0"; exec "$@"'
    inside = ("sh", "-c", tmpfs, str(scratch))
    apart = ("--net", "--pid", "--fork", "--kill-child", "--mount-proc")
    if os.name == "posix" and os.geteuid() == 0:
        user = FIRST_USER + slot
        plain = (
            *("setpriv", f"--reuid={user}", f"--regid={user}"),
            *("--clear-groups", "--no-new-privs"),
        )
        caps = "-all,+dac_read_search"
        reading = (
            *(*plain, f"--inh-caps={caps}", f"--ambient-caps={caps}"),
            f"--bounding-set={caps}",
        )
        whole = ("network", "processes", "user", "disk")
        yield Way(("unshare", *apart, *inside, *reading), whole, user)
        yield Way(("unshare", *apart, *inside, *plain), whole, user)
        yield Way(plain, ("user",), user)
    else:
        mine = ("unshare", "--user", "--map-root-user", *apart, *inside)
        yield Way(mine, ("network", "processes", "disk"))
    yield Way((), ())


def confine(scratch: Path, seconds: float) -> None:
    """Give up rights in this process, for good.

    Args:
        scratch: The only folder that it may write to.
        seconds: Of computing.
    """
    import resource

    from pfs.homework.limits import memory

    cpu = int(seconds) + 2
    threads = sum(1 for _ in Path("/proc/self/task").iterdir())
    for which, limit in (
        (resource.RLIMIT_CPU, cpu),
        (resource.RLIMIT_FSIZE, FILE),
        (resource.RLIMIT_NOFILE, 128),
        (resource.RLIMIT_CORE, 0),
        (resource.RLIMIT_NPROC, _running() + threads + PROCESSES),
    ):
        _, hard = resource.getrlimit(which)
        limit = limit if hard < 0 else min(limit, hard)
        resource.setrlimit(which, (limit, limit))
    memory(ROOM)
    landlock(scratch, readable())


def _running() -> int:
    """Count the processes of this user, which the limit counts too."""
    count, user = 0, os.getuid()
    for folder in Path("/proc").glob("[0-9]*"):
        try:
            if folder.stat().st_uid == user:
                count += sum(1 for _ in (folder / "task").iterdir())
        except OSError:
            continue
    return count


def readable() -> list[Path]:
    """Return what may be read: Python, its packages and pfs.

    Returns:
        Folders and files. The homework is not among them: it has solutions.
    """
    package = Path(__file__).parents[1]
    shown = [
        part
        for part in package.iterdir()
        if part.name not in ("homework", "__pycache__")
    ]
    places = [
        *(sys.prefix, sys.base_prefix, "/usr", "/lib", "/lib64", "/bin"),
        *("/etc/ld.so.cache", "/proc", "/sys/devices/system/cpu"),
        *("/dev/null", "/dev/zero", "/dev/urandom", "/dev/random"),
    ]
    own = Path(sys.prefix) in package.parents
    if own:  # pfs is installed among the other packages: name them one by one
        site = package.parent
        places = [p for p in places if p != sys.prefix]
        shown += [p for p in site.iterdir() if p != package]
    found = [Path(place) for place in places if os.path.exists(place)]
    return [*found, *shown]


class _Rules(ctypes.Structure):
    _fields_ = (
        ("files", ctypes.c_uint64),
        ("net", ctypes.c_uint64),
        ("scoped", ctypes.c_uint64),
    )


class _Beneath(ctypes.Structure):
    _pack_ = 1
    _layout_ = "ms"
    _fields_ = (("access", ctypes.c_uint64), ("folder", ctypes.c_int32))


CREATE, ADD, RESTRICT = 444, 445, 446
READ: Final = 0b1101
"""Execute, read a file, read a folder."""
ON_FILES: Final = 0b100000000000111 | 1 << 15


def landlock_version() -> int:
    """Return the version of the kernel's Landlock, 0 if it has none."""
    if sys.platform != "linux":
        return 0
    call = ctypes.CDLL(None, use_errno=True).syscall
    version: int = call(CREATE, None, ctypes.c_size_t(0), ctypes.c_uint32(1))
    return max(version, 0)


def landlock(scratch: Path, reading: list[Path]) -> bool:
    """Allow this process and its children some files only.

    Args:
        scratch: What may be written and read.
        reading: What may be read.

    Returns:
        False if the kernel has no Landlock.

    Raises:
        RuntimeError: H92 if the kernel has it and refuses.
    """
    version = landlock_version()
    if not version:
        return False
    libc = ctypes.CDLL(None, use_errno=True)
    bits = {1: 13, 2: 14, 3: 15, 4: 15}.get(version, 16)
    every = (1 << bits) - 1
    net, scoped = (3 if version >= 4 else 0), (3 if version >= 6 else 0)
    rules = _Rules(every, net, scoped)
    size = 8 if version < 4 else 16 if version < 6 else 24
    handle = libc.syscall(
        CREATE, ctypes.byref(rules), ctypes.c_size_t(size), ctypes.c_uint32(0)
    )
    _succeeded(handle)
    for path in [scratch, *reading]:
        access = every if path == scratch else READ
        if not path.is_dir():
            access &= ON_FILES
        if str(path) in ("/dev/null", "/dev/zero"):
            access |= 1 << 1
        _allow(libc, handle, path, access)
    _succeeded(libc.prctl(38, 1, 0, 0, 0))  # no new privileges
    _succeeded(libc.syscall(RESTRICT, handle, ctypes.c_uint32(0)))
    os.close(handle)
    return True


def _allow(libc: ctypes.CDLL, handle: int, path: Path, access: int) -> None:
    folder = os.open(path, os.O_PATH | os.O_CLOEXEC)
    rule = _Beneath(access, folder)
    _succeeded(
        libc.syscall(ADD, handle, 1, ctypes.byref(rule), ctypes.c_uint32(0))
    )
    os.close(folder)


def _succeeded(code: int) -> None:
    if code < 0:
        raise PfsRuntimeError(
            "H92",
            where="pfs hw grade, Landlock",
            expected="rules for files",
            got=os.strerror(ctypes.get_errno()),
            todo="report this kernel: uname -a",
        )


def undumpable() -> None:
    """Let no other process look into this one."""
    if sys.platform == "linux":
        ctypes.CDLL(None).prctl(4, 0, 0, 0, 0)
