"""One table's lines as they lie in the data file, found by number or by content.

A section is a JSON object by itself, a document a line, sorted by number:

    {
     "1": {"id":"D-1",...}
    ,"2": {"id":"D-2",...}
    }

The comma stands in front so that a new line changes no other. JSON escapes newlines in text, so a raw one
only ever ends a line. Part of the format that `crmctl.storage.lines` owns.
"""

import re
from bisect import bisect_right
from collections.abc import Callable, Iterator, Mapping, Sequence
from mmap import mmap
from operator import itemgetter

from crmctl.storage.checksum import Piece
from crmctl.storage.pending import all_there

_SEEKS_BEFORE_INDEX = 500
_BLOCK = 1 << 16
"""Bytes that are decoded at a time: few enough to stay in a processor's cache."""

EMPTY = b"{\n}"
_COMMA = ord(",")


class Section:
    """A table in the bytes of a file, from its `{` up to and including its `}`."""

    __slots__ = ("_data", "_first", "_index", "_last", "_seeks", "_stop", "end", "start")

    def __init__(self, data: bytes | mmap, start: int, end: int) -> None:
        self._data = data
        self.start = start
        self.end = end
        self._first = start + 2
        self._stop = end - 1
        self._last: int | None = None
        self._seeks = 0
        self._index: dict[int, int] | None = None

    def span(self) -> memoryview:
        """Return the section's bytes, not copied."""
        return memoryview(self._data)[self.start : self.end]

    def last(self) -> int:
        """Return the largest number, 0 where there is none."""
        if self._last is None:
            empty = self._stop <= self._first
            at = self._data.rfind(b"\n", self._first - 1, self._stop - 1) + 1
            self._last = 0 if empty else self._number_at(at)
        return self._last

    def document(self, number: int) -> bytes | None:
        """Return the encoded document of a number."""
        at, found = self.seek(number)
        return self._document_at(at) if found else None

    def seek(self, number: int) -> tuple[int, bool]:
        """Return where a number's line begins, or would, and whether it is there."""
        if number > self.last():
            return self._stop, False
        self._seeks += 1
        if self._seeks > _SEEKS_BEFORE_INDEX:
            at = self._lines().get(number)
            if at is not None:
                return at, True
        return self._bisect(number)

    def line_end(self, at: int) -> int:
        """Return where the line after the one at `at` begins."""
        return self._data.find(b"\n", at, self._stop) + 1

    def matching(self, needle: bytes) -> Iterator[tuple[int, bytes]]:
        """Yield number and encoded document of every line that contains some bytes."""
        # A search of mapped memory by its own `find` goes byte by byte; a pattern does not.
        search = re.compile(re.escape(needle)).search
        found = search(self._data, self._first, self._stop)
        while found:
            start = self._data.rfind(b"\n", self._first - 1, found.start()) + 1
            yield self._number_at(start), self._document_at(start)
            found = search(self._data, self.line_end(start), self._stop)

    def blocks(self, arrived: Callable[[int], object] = all_there) -> Iterator[bytes]:
        """Yield the section in pieces of some hundred lines, each a JSON object by itself.

        `arrived` waits for the bytes before a position.
        """
        at, view = self._first, memoryview(self._data)
        while at < self._stop:
            arrived(min(at + _BLOCK, self._stop))
            end = self._data.rfind(b"\n", at, min(at + _BLOCK, self._stop))
            if end < 0:
                arrived(self._stop)
                end = self._data.find(b"\n", at, self._stop)
            yield b"".join((b"{", view[at + 1 : end], b"}"))
            at = end + 1

    def spliced(self, changes: Mapping[int, bytes | None]) -> list[Piece]:
        """Return the section with some lines written and others, None, taken out; the rest is not copied."""
        span = self.span()
        body: list[Piece] = []
        done = self._first
        last, ordered = self.last(), sorted(changes.items())
        beyond = bisect_right(ordered, last, key=itemgetter(0))
        for number, new in ordered[:beyond]:
            at, found = self.seek(number)
            _keep(body, span[done - self.start : at - self.start])
            done = self.line_end(at) if found else at
            if new is not None:
                body.append(new)
        _keep(body, span[done - self.start : -1])
        body += [new for _, new in ordered[beyond:] if new is not None]
        return _closed(body)

    def _number_at(self, at: int) -> int:
        return int(self._data[at + 2 : self._data.find(b'"', at + 2)])

    def _document_at(self, at: int) -> bytes:
        return document_of(self._data[at : self.line_end(at)])

    def _bisect(self, number: int) -> tuple[int, bool]:
        low, high = self._first, self._stop
        while low < high:
            middle = (low + high) // 2
            at = self._data.rfind(b"\n", low, middle) + 1 or low
            found = self._number_at(at)
            if found == number:
                return at, True
            if found < number:
                low = self.line_end(middle)
            else:
                high = at
        return low, False

    def _lines(self) -> dict[int, int]:
        """Return where every line begins: worth its price once many are sought."""
        if self._index is None:
            self._index = {}
            at = self._first
            while at < self._stop:
                self._index[self._number_at(at)] = at
                at = self.line_end(at)
        return self._index


def line(number: int, document: bytes) -> bytes:
    """Return the line of an encoded document."""
    return b',"%d": %b\n' % (number, document)


def document_of(line: bytes) -> bytes:
    """Return the encoded document of a line."""
    return line[line.index(b": ") + 2 : -1]


def _keep(body: list[Piece], lines: memoryview) -> None:
    """Append unchanged lines; the first of the table gets a comma like all others."""
    if lines:
        begins_table = lines[0] != _COMMA
        body.extend((b",", lines[1:]) if begins_table else (lines,))


def _closed(body: Sequence[Piece]) -> list[Piece]:
    """Return lines as a JSON object: no comma before the first."""
    if not body:
        return [EMPTY]
    return [EMPTY[:-1], b" ", body[0][1:], *body[1:], EMPTY[-1:]]
