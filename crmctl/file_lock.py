"""A file that is held by one process at a time, and may be removed by whoever holds it."""

import fcntl
import os
from pathlib import Path

_OPEN = os.O_RDWR | os.O_CREAT | os.O_CLOEXEC | os.O_NOFOLLOW


def held(path: Path, flags: int = 0) -> int | None:
    """Open a file, made where it is not there, and hold it until it is closed; None where another process does.

    Raises OSError.
    """
    while True:
        handle = os.open(path, _OPEN | flags, 0o600)
        try:
            fcntl.flock(handle, fcntl.LOCK_EX | fcntl.LOCK_NB)
            if _is_at(handle, path):
                return handle
        except BlockingIOError:
            os.close(handle)
            return None
        except BaseException:
            os.close(handle)
            raise
        os.close(handle)  # its holder was done with it and removed it meanwhile


def _is_at(handle: int, path: Path) -> bool:
    try:
        return os.path.samestat(os.fstat(handle), path.stat())
    except FileNotFoundError:
        return False
