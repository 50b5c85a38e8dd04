"""A large data file while it is read on another thread: what is there already can be looked at.

Neither reading nor hashing holds the lock of the interpreter, so that a scan decodes the first lines while the
last ones are still to come.
"""

import mmap as mapping
from contextlib import suppress
from io import FileIO
from mmap import mmap
from threading import Condition

from crmctl.storage.beside import begin

_STEP = 4 * 1024 * 1024
_LARGE_PAGES: int | None = getattr(mapping, "MADV_HUGEPAGE", None)


def _memory(size: int) -> mmap:
    """Return empty memory, in pages as large as the system has them: each first touch of one costs time."""
    memory = mmap(-1, size, flags=mapping.MAP_PRIVATE | mapping.MAP_ANONYMOUS)
    if _LARGE_PAGES is not None:
        with suppress(OSError):  # a kernel without them
            memory.madvise(_LARGE_PAGES)
    return memory


class Arriving:
    """The bytes of a file, those that are still to come as zeros. It closes the file when it has read it."""

    def __init__(self, file: FileIO, expected: int) -> None:
        # Memory of its own: unlike a bytearray it costs nothing before it is filled.
        self.content = _memory(expected)
        self._file = file
        self._size = 0
        self._ended = False
        self._error: Exception | None = None
        self._news = Condition()
        begin(self._read)

    def until(self, position: int) -> int:
        """Wait for the bytes before a position, and return how many are there; fewer where the file ends before.

        Raises what kept it from being read, mostly OSError.
        """
        with self._news:
            self._news.wait_for(lambda: self._size >= position or self._ended)
            if self._error and self._size < position:
                raise self._error
            return self._size

    def whole(self) -> bytes:
        """Return all bytes, as far as they can be had."""
        with suppress(OSError):
            self.until(len(self.content))
        return self.content[: self._size]

    def line(self, start: int) -> None:
        """Wait for the line that begins somewhere."""
        size = self.until(start + 1)
        while self.content.find(b"\n", start, size) < 0 and size < (more := self.until(size + 1)):
            size = more

    def _read(self) -> None:
        view = memoryview(self.content)
        try:
            with self._file:
                while got := self._file.readinto(view[self._size : self._size + _STEP]):
                    self._tell(self._size + got)
        except Exception as error:  # for whoever waits: what is not told would pass for a damaged file
            self._error = error
        finally:
            self._ended = True
            self._tell(self._size)

    def _tell(self, size: int) -> None:
        with self._news:
            self._size = size
            self._news.notify_all()
