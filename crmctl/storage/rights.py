"""Lists of rights (POSIX ACL) that a file has beside its mode."""

import errno
import os
from contextlib import suppress
from pathlib import Path

_NAME = "system.posix_acl_access"


def listed_rights(file: Path | int) -> bytes | None:
    """Return a file's list of rights, as the system keeps it; nothing where it has none, or the system knows none."""
    if hasattr(os, "getxattr"):
        with suppress(OSError):
            return os.getxattr(file, _NAME)
    return None


def give_rights(handle: int, rights: bytes) -> bool:
    """Give a file a list of rights; tells whether its file system knows any. Raises OSError."""
    try:
        os.setxattr(handle, _NAME, rights)
    except OSError as error:
        if error.errno == errno.ENOTSUP:
            return False
        raise
    return True
