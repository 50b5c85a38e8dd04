"""Files that are written whole or not at all: into a temporary file, which then takes the target's place.

A writer holds its temporary file locked, so that the next one in the same folder can tell what a killed one left.
"""

import fcntl
import os
import re
import stat
from collections.abc import Iterator
from contextlib import contextmanager, suppress
from pathlib import Path
from typing import BinaryIO

from crmctl.errors import NotFound, StoreUnreadable, WrongUse

_NEW = os.O_WRONLY | os.O_CREAT | os.O_EXCL | os.O_NOFOLLOW | os.O_CLOEXEC
_THERE = os.O_RDONLY | os.O_NOFOLLOW | os.O_NONBLOCK | os.O_CLOEXEC
_TEMPORARY = re.compile(r"\.crmctl-[0-9a-f]{16}\.tmp")


@contextmanager
def whole_file(path: str, *, mode: int = 0o600) -> Iterator[BinaryIO]:
    """Yield a file whose content is at `path`, on disk, once the block ends; if it fails, the old file stays.

    New files are for their owner alone, unless `mode` says more; an existing one keeps its mode and, where that
    may be, its owner. A link stays and its target is replaced. Pipes and devices are written to directly. Raises
    NotFound for a missing folder, WrongUse for a folder and StoreUnreadable for what the system refuses.
    """
    try:
        target = Path(path).resolve()
        before = _status(target)
        if before and not stat.S_ISREG(before.st_mode):
            with target.open("wb") as file:
                yield file
            return
        with _replacing(target, before, mode) as file:
            yield file
    except FileNotFoundError:
        raise NotFound(f"cannot write {path}: its folder does not exist") from None
    except IsADirectoryError:
        raise WrongUse(f"cannot write {path}: it is a folder") from None
    except BrokenPipeError:
        raise
    except OSError as error:
        reason = error.strerror or str(error)
        raise StoreUnreadable(f"cannot write {path}: {reason}", hint="nothing was written") from None


def sync_folder(folder: Path) -> None:
    """Wait until the names in a folder are on disk. Raises OSError."""
    descriptor = os.open(folder, os.O_RDONLY | os.O_DIRECTORY)
    try:
        os.fsync(descriptor)
    finally:
        os.close(descriptor)


def _status(target: Path) -> os.stat_result | None:
    try:
        return target.stat()
    except FileNotFoundError:
        return None


@contextmanager
def _replacing(target: Path, before: os.stat_result | None, mode: int) -> Iterator[BinaryIO]:
    _clear_left_over(target.parent)
    descriptor, temporary = _open_new(target.parent, mode)
    try:
        with os.fdopen(descriptor, "wb") as file:
            yield file
            _keep_owner_and_mode(descriptor, before)
            file.flush()
            os.fsync(descriptor)
        temporary.replace(target)
    except BaseException:
        with suppress(OSError):
            temporary.unlink()
        raise
    sync_folder(target.parent)


def _open_new(folder: Path, mode: int) -> tuple[int, Path]:
    """Make a temporary file and lock it, as far as the file system can."""
    while True:
        temporary = folder / f".crmctl-{os.urandom(8).hex()}.tmp"
        descriptor = os.open(temporary, _NEW, mode)
        with suppress(OSError):
            fcntl.flock(descriptor, fcntl.LOCK_EX)
        if temporary.exists():  # nobody took it for left over before it was locked
            return descriptor, temporary
        os.close(descriptor)


def _clear_left_over(folder: Path) -> None:
    """Remove what killed writers left; what somebody still writes is locked."""
    with suppress(OSError):
        for path in folder.iterdir():
            if _TEMPORARY.fullmatch(path.name):
                _remove_unlocked(path)


def _remove_unlocked(path: Path) -> None:
    with suppress(OSError):
        descriptor = os.open(path, _THERE)
        try:
            fcntl.flock(descriptor, fcntl.LOCK_EX | fcntl.LOCK_NB)
            path.unlink()
        finally:
            os.close(descriptor)


def _keep_owner_and_mode(descriptor: int, before: os.stat_result | None) -> None:
    if before is None:
        return
    with suppress(PermissionError):
        os.fchown(descriptor, before.st_uid, before.st_gid)
    os.fchmod(descriptor, stat.S_IMODE(before.st_mode))
