"""The lock that writers take: `flock` on a file beside the data file, which is never deleted.

Not on the data file itself: the rename of a commit would swap it under whoever waits. The system drops the
lock with its holder, however that ends; what the file says about the holder is for messages only.
"""

import fcntl
import os
import sys
import time
from collections.abc import Callable, Iterator
from contextlib import contextmanager, suppress
from pathlib import Path

from crmctl.errors import LockTimeout
from crmctl.file_lock import held
from crmctl.storage.trouble import told

_TELL_AFTER = 1.0
_SHORTEST_NAP, _LONGEST_NAP = 0.001, 0.05

OnWait = Callable[[str], None]


@contextmanager
def locked(target: Path, *, timeout: float, on_wait: OnWait | None = None) -> Iterator[None]:
    """Hold the lock of a data file.

    After a second of waiting `on_wait` is told once who holds it. Raises LockTimeout, and StoreUnreadable
    where no lock file can be made.
    """
    path = target.with_name(f"{target.name}.lock")
    handle = _acquire(path, target, timeout, on_wait)
    try:
        _share(handle, target)
        _name_holder(handle)
        yield
    finally:
        # Another program may lock the file without a name: ours must not stand in for it.
        with suppress(OSError):
            os.ftruncate(handle, 0)
        os.close(handle)


@contextmanager
def claimed(target: Path, path: Path) -> Iterator[None]:
    """Hold the very file that is to be replaced, named to people as `path`, as far as the file system can.

    Where somebody deletes the lock file, two writers may each hold one. Both then read the same data file, and
    only one of them can have it. Not by `flock`: a script may hold that on the data file around its own commands.
    Raises LockTimeout, and StoreUnreadable.
    """
    with told(f"cannot write {path}, so nothing was changed"):
        handle = os.open(target, os.O_RDWR | os.O_CLOEXEC)
    try:
        with suppress(OSError):  # a file system that cannot
            _claim(handle, path)
        yield
    finally:
        os.close(handle)


def _claim(handle: int, path: Path) -> None:
    try:
        fcntl.lockf(handle, fcntl.LOCK_EX | fcntl.LOCK_NB)
    except (BlockingIOError, PermissionError):
        raise LockTimeout(
            f"{path} is being written by another process, whose lock file was deleted",
            hint="run the command again; and leave the lock file where it is",
        ) from None


def _acquire(path: Path, target: Path, timeout: float, on_wait: OnWait | None) -> int:
    started = time.monotonic()
    nap = _SHORTEST_NAP
    while True:
        with told(f"cannot lock {target} by {path}"):
            handle = held(path)
        if handle is not None:
            return handle
        waited = time.monotonic() - started
        if waited >= timeout:
            raise _timed_out(path, target, timeout)
        if on_wait and waited >= _TELL_AFTER:
            on_wait(_holder(path))
            on_wait = None
        time.sleep(min(nap, timeout - waited))
        nap = min(nap * 2, _LONGEST_NAP)


def _share(handle: int, target: Path) -> None:
    """Let a group that may write the data file lock it, too."""
    with suppress(OSError):
        group = target.stat().st_mode & 0o060
        if group:
            os.fchmod(handle, 0o600 | group)


def _name_holder(handle: int) -> None:
    """Write who holds the lock, if there is room; no arguments, which may hold a customer's data."""
    command = [Path(sys.argv[0]).name, *(word for word in sys.argv[1:2] if word.isalpha())]
    text = f"{os.getpid()} {os.uname().nodename} {' '.join(command)}\n"
    with suppress(OSError):
        os.ftruncate(handle, 0)
        os.pwrite(handle, text.encode(errors="replace"), 0)


def _holder(path: Path) -> str:
    try:
        with path.open(encoding="utf-8", errors="replace") as file:
            pid, host, command = file.read(300).strip().split(" ", 2)
    except (OSError, ValueError):
        return "another process"
    return f"process {pid} on {host} ({command})"


def _timed_out(path: Path, target: Path, timeout: float) -> LockTimeout:
    return LockTimeout(
        f"{target} is locked by {_holder(path)}, waited {timeout:g} s",
        hint="try again, or wait longer with --lock-timeout SECONDS",
    )
