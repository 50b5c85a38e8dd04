"""Every call that changes a file goes through here, so that tests can make any of them fail."""

import os
from collections.abc import Iterable, Iterator
from pathlib import Path

from crmctl.storage.checksum import Piece

_BLOCK = 1 << 20
_NEW = os.O_WRONLY | os.O_CREAT | os.O_EXCL | os.O_NOFOLLOW | os.O_CLOEXEC
_THERE = os.O_WRONLY | os.O_NOFOLLOW | os.O_NONBLOCK | os.O_CLOEXEC
"""Without waiting, as one would for who holds a lease on it, such as a file server."""
_CANNOT_FLUSH_FOLDERS = (22, 95)  # EINVAL, ENOTSUP: some network file systems


class Files:
    """The file system as the store changes it. Every method raises OSError."""

    def open_new(self, path: Path) -> int:
        """Create a file that only its owner can read, never one that is there or a link."""
        return os.open(path, _NEW, 0o600)

    def open_alone(self, path: Path) -> int:
        """Open a file to be written over. Raises OSError, too, where it has a second name or others have it open."""
        from crmctl.storage.alone import is_alone

        handle = os.open(path, _THERE)
        try:
            if is_alone(handle):
                return handle
            raise OSError(f"{path} is not only ours")
        except OSError:
            os.close(handle)
            raise

    def adopt(self, handle: int, like: Path) -> None:
        """Give a file the mode, the list of rights and, where permitted, the owner of another."""
        from crmctl.storage.rights import give_rights, listed_rights

        theirs, own, rights = like.stat(), os.fstat(handle), listed_rights(like)
        mode = theirs.st_mode & 0o777
        if own.st_gid != theirs.st_gid and not _allowed_to_give(handle, -1, theirs.st_gid):
            mode &= 0o707  # rights meant for one group are not given to another
            rights = None
        if own.st_uid != theirs.st_uid:
            _allowed_to_give(handle, theirs.st_uid, -1)
        if rights and not give_rights(handle, rights):
            mode &= 0o707  # beside a list, these bits are what it allows at most, and not the group's
        os.fchmod(handle, mode)

    def write_all(self, handle: int, pieces: Iterable[Piece]) -> None:
        """Write the pieces one after another, whatever the system takes at a time."""
        for block in _blocks(pieces):
            rest = memoryview(block)
            while rest:
                rest = rest[os.write(handle, rest) :]

    def truncate(self, handle: int) -> None:
        """Cut a file off behind what was written last."""
        os.ftruncate(handle, os.lseek(handle, 0, os.SEEK_CUR))

    def fsync(self, handle: int) -> None:
        """Wait until a file's content is on disk. A failure is final: a second call may lie."""
        os.fsync(handle)

    def close(self, handle: int) -> None:
        """Close a file; network file systems may tell of a failed write only now."""
        os.close(handle)

    def rename(self, source: Path, target: Path) -> None:
        """Put one file in the place of another, at once."""
        source.replace(target)

    def link(self, source: Path, target: Path) -> None:
        """Give a file a second name."""
        target.hardlink_to(source)

    def unlink(self, path: Path) -> None:
        """Take a file's name away."""
        path.unlink()

    def make_folder(self, path: Path) -> None:
        """Make a folder that only its owner can enter, and those above it, where there is none."""
        if not path.is_dir():
            self.make_folder(path.parent)
            path.mkdir(0o700)

    def fsync_folder(self, path: Path) -> None:
        """Wait until the names in a folder are on disk."""
        handle = os.open(path, os.O_RDONLY | os.O_DIRECTORY | os.O_CLOEXEC)
        try:
            os.fsync(handle)
        except OSError as error:
            if error.errno not in _CANNOT_FLUSH_FOLDERS:
                raise
        finally:
            os.close(handle)


FILES = Files()
"""The real file system."""


def _allowed_to_give(handle: int, owner: int, group: int) -> bool:
    try:
        os.fchown(handle, owner, group)
    except PermissionError:
        return False
    return True


def _blocks(pieces: Iterable[Piece]) -> Iterator[Piece | bytearray]:
    """Yield large pieces as they are and small ones joined, to write in few calls."""
    small = bytearray()
    for piece in pieces:
        if len(piece) < _BLOCK:
            small += piece
        if len(small) >= _BLOCK or len(piece) >= _BLOCK:
            yield small
            small = bytearray()
        if len(piece) >= _BLOCK:
            yield piece
    yield small
