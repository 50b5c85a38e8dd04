"""Replacing a file so that a crash at any moment leaves the old content or the new, and never a third.

The content goes into a temporary file beside the target, is flushed to disk and takes the target's name
in one step. What a killed writer left lying is cleared by the next, who holds the lock and so is alone.
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

    It keeps its mode and owner, or takes those of `like`; a new file is its owner's alone. `before` is called
    when the new content is safe and the old still in place, `after` as soon as they have changed places.
    """

    target: Path
    files: Files
    like: Path | None = None
    before: Callable[[], object] = nothing
    after: Callable[[], object] = nothing

    def write(self, pieces: Iterable[Piece], head: Callable[[], bytes] | None = None) -> None:
        """Make the pieces the content; they are on disk when this returns. Raises StoreUnreadable.

        `head` is asked, once they are written, what is to stand at the beginning instead.
        """
        target = self.target
        temporary = target.with_name(f".{target.name}.{os.urandom(8).hex()}.tmp")
        with (
            told(f"cannot write {target}, so nothing was changed"),
            _removed_on_failure(temporary, self.files),
        ):
            self._fill(temporary, pieces, head)
            self.before()
            with signals_held():
                self.files.rename(temporary, target)
                self.after()
        with told(f"{target} was written, but may not outlast a power cut"):
            self.files.fsync_folder(target.parent)

    def _fill(self, temporary: Path, pieces: Iterable[Piece], head: Callable[[], bytes] | None) -> None:
        handle = self.files.open_new(temporary)
        try:
            with suppress(FileNotFoundError):
                self.files.adopt(handle, (self.like or self.target).stat())
            self.files.write_all(handle, pieces)
            if head:
                self.files.write_first(handle, head())
            self.files.fsync(handle)
        finally:
            self.files.close(handle)


def clear_left_over(folder: Path, name: str, files: Files) -> None:
    """Remove what killed writers of the files so named, a pattern, left. Only for who may write them alone."""
    pattern = re.compile(rf"\.{name}\.[0-9a-f]{{16}}\.tmp")
    with suppress(OSError):
        for path in folder.iterdir():
            if pattern.fullmatch(path.name):
                files.unlink(path)


@contextmanager
def _removed_on_failure(temporary: Path, files: Files) -> Iterator[None]:
    try:
        yield
    except BaseException:
        # After the rename the name is gone, and this does nothing.
        with suppress(OSError):
            files.unlink(temporary)
        raise
