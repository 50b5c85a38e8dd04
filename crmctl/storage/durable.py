"""Replacing a file so that a crash at any moment leaves the old content or the new, and never a third.

The content goes into a temporary file beside the target, or over one that is spare, is flushed to disk and takes
the target's name in one step. What a killed writer left lying is cleared by the next, who holds the lock and so is
alone.
"""

import os
import re
from collections.abc import Callable, Iterable, Iterator
from contextlib import contextmanager, suppress
from pathlib import Path

import msgspec

from crmctl.storage.checksum import Piece
from crmctl.storage.files import Files
from crmctl.storage.signals import signals_held
from crmctl.storage.trouble import told


def nothing() -> None:
    """Do nothing before or after a replacement."""


class Replacement(msgspec.Struct, frozen=True):
    """A file about to get other content, new or not.

    It keeps its mode, list of rights and owner, or takes those of `like`; a new file is its owner's alone. `before`
    is called when the new content is safe and the old still in place, `after` as soon as they have changed places.
    `spare` is a file nobody needs any more, to be written over: to give its place on the disk back and take another
    takes some systems longer than all the rest.
    """

    target: Path
    files: Files
    like: Path | None = None
    before: Callable[[], object] = nothing
    after: Callable[[], object] = nothing
    spare: Path | None = None

    def write(self, pieces: Iterable[Piece]) -> None:
        """Make the pieces the content; they are on disk when this returns. Raises StoreUnreadable."""
        target = self.target
        with (
            told(f"cannot write {target}, so nothing was changed"),
            _removed_on_failure(self.files) as temporary,
        ):
            self._fill(temporary, pieces)
            self.before()
            with signals_held():
                self.files.rename(temporary[-1], target)
                self.after()
        with told(f"{target} was written, but may not outlast a power cut"):
            self.files.fsync_folder(target.parent)

    def _fill(self, temporary: list[Path], pieces: Iterable[Piece]) -> None:
        handle = self._open(temporary)
        try:
            with suppress(FileNotFoundError):
                self.files.adopt(handle, self.like or self.target)
            self.files.write_all(handle, pieces)
            self.files.truncate(handle)
            self.files.fsync(handle)
        finally:
            self.files.close(handle)

    def _open(self, temporary: list[Path]) -> int:
        """Open the spare file under a temporary name, or else a new one; what is opened is the last on the list."""
        if self.spare:
            temporary.append(_beside(self.target))
            with suppress(OSError):  # as where the spare one is on another disk, or somebody reads it
                self.files.rename(self.spare, temporary[-1])
                # After a power cut the old name leads to what was there, or nowhere: never to what is written now.
                self.files.fsync_folder(self.spare.parent)
                self.files.fsync_folder(self.target.parent)
                return self.files.open_alone(temporary[-1])
            for path in (self.spare, temporary[-1]):
                with suppress(OSError):
                    self.files.unlink(path)
        temporary.append(_beside(self.target))
        return self.files.open_new(temporary[-1])


def _beside(path: Path) -> Path:
    """Return a name for a temporary file, which `clear_left_over` knows."""
    return path.with_name(f".{path.name}.{os.urandom(8).hex()}.tmp")


def clear_left_over(folder: Path, name: str, files: Files) -> None:
    """Remove what killed writers of the files so named, a pattern, left. Only for who may write them alone."""
    pattern = re.compile(rf"\.{name}\.[0-9a-f]{{16}}\.tmp")
    with suppress(OSError):
        for path in folder.iterdir():
            if pattern.fullmatch(path.name):
                files.unlink(path)


@contextmanager
def _removed_on_failure(files: Files) -> Iterator[list[Path]]:
    """Hand out a list for the names of files that are to be gone if anything fails."""
    temporary: list[Path] = []
    try:
        yield temporary
    except BaseException:
        for path in temporary:
            with suppress(OSError):  # after the rename the name is gone
                files.unlink(path)
        raise
