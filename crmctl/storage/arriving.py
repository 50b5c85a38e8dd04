"""A large data file while it is read, so that its checksum is known soon after its last byte."""

from io import FileIO

_STEP = 1024 * 1024


class Arriving:
    """The bytes of a file that are there so far, the first `size` of `content`; those to come are zeros."""

    def __init__(self, file: FileIO, expected: int) -> None:
        self.content = bytearray(expected)
        self.size = 0
        self._file = file
        self._view = memoryview(self.content)

    def more(self) -> bool:
        """Read on, and tell whether anything came: at the end nothing does. Raises OSError."""
        got = self._file.readinto(self._view[self.size : self.size + _STEP]) or 0
        self.size += got
        return got > 0

    def line(self, start: int) -> None:
        """Read on until the line that begins somewhere is there."""
        while self.content.find(b"\n", start, self.size) < 0 and self.more():
            pass

    def rest(self) -> None:
        """Read all that is still to come."""
        while self.more():
            pass
