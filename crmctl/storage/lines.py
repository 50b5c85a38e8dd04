"""The format of the data file: JSON that stock TinyDB opens, one document a line.

    {
    "meta": {
     "1": {"format":2,"generation":7,"next":{"L":5},...,"checksum":"...","check":"..."}
    },
    "leads": {
     "1": {"id":"L-1","record":"lead","title":"Ann","pipeline":"leads","stage":"new",...}
    ,"2": {"id":"L-2",...}
    },
    ...
    "history": {
    }
    }

Nothing but this module and `meta`, `section`, `document` and `parsing` beside it know its bytes.
`checksum` is the XXH3 of everything after the meta line, `check` that of the meta line up to itself: with the
fixed first bytes, none can change unseen. `sizes` tells where the tables lie, so that none is read to find another.
"""

from __future__ import annotations

from collections.abc import Callable, Iterable, Iterator, Mapping
from functools import cache
from heapq import merge
from mmap import mmap
from operator import itemgetter
from typing import TYPE_CHECKING, Any, TypeVar, cast

import msgspec

from crmctl.storage.checksum import Piece, digest
from crmctl.storage.document import Document, encode, encode_struct, refuse_nothing
from crmctl.storage.ids import Ids
from crmctl.storage.meta import FORMAT, HEAD, Damage, Meta, decoder, meta_line
from crmctl.storage.pending import Pending
from crmctl.storage.section import EMPTY, Section, document_of, line

if TYPE_CHECKING:
    from crmctl.query.prefilter import Prefilter

RECORDS = ("leads", "contacts", "companies", "deals", "tasks", "products")
TABLES = (*RECORDS, "runs", "trash", "blacklist", "views", "history")
"""The tables of every file, in its order; documents by other names come between `views` and `history`."""

T = TypeVar("T")

_AFTER_META = b"}"
_END = b"\n}\n"
_encode = msgspec.json.Encoder().encode


class DataFile:
    """The bytes of one state and the lines changed since; what is `pending` ends before anything of it is told."""

    def __init__(
        self,
        data: bytes | mmap,
        meta: Meta,
        start: int,
        pending: Pending | None = None,
    ) -> None:
        self.meta = meta
        self._ids = meta.ids()
        self._data = data
        self._pending = pending or Pending()
        self._sections = _sections(data, meta.sizes, start)
        self._changes: dict[str, dict[int, bytes | None]] = {}
        self._counts = dict(meta.counts)
        self._lasts: dict[str, int] = {}

    def verify(self) -> None:
        """Wait until the state is known to be what was written. Raises what is pending."""
        self._pending.verify()

    @property
    def ids(self) -> Ids:
        """Which ids were given out."""
        self._pending.verify()
        return self._ids

    @property
    def changed(self) -> bool:
        """Whether any line differs from the bytes read."""
        return any(self._changes.values())

    def tables(self) -> list[str]:
        """Return the names of all tables but `meta`, in the order of the file."""
        named = {*self._sections, *self._changes}.difference(TABLES)
        return [*TABLES[:-1], *sorted(named), TABLES[-1]]

    def count(self, table: str) -> int:
        """Return how many documents a table has."""
        self._pending.verify()
        return self._counts.get(table, 0)

    def last(self, table: str) -> int:
        """Return the largest number that a table has or had since it was read."""
        return self._lasts.get(table) or self._section(table).last()

    def has(self, table: str, number: int) -> bool:
        """Tell whether a table has a document of that number."""
        changes = self._changes.get(table)
        if changes and number in changes:
            return changes[number] is not None
        return self._section(table).seek(number)[1]

    def encoded(self, table: str, number: int) -> bytes | None:
        """Return a document's JSON."""
        changes = self._changes.get(table)
        if changes and number in changes:
            new = changes[number]
            return None if new is None else document_of(new)
        return self._section(table).document(number)

    def put(self, table: str, number: int, document: Mapping[str, Any]) -> None:
        """Write a document's line, new or not; one that is there as it is changes nothing."""
        new = encode(document)
        if table in RECORDS:
            refuse_nothing(new, table, number)
        if number > self.last(table):
            self._add(table, number, new)
        else:
            self._change(table, number, new)

    def append(self, table: str, documents: Iterable[msgspec.Struct]) -> None:
        """Write new lines for what was never there, without asking whether it was."""
        for number, document in enumerate(documents, self.last(table) + 1):
            self._add(table, number, encode_struct(document))

    def remove(self, table: str, number: int) -> None:
        """Take a document's line out, if there is one."""
        self._change(table, number, None)

    def documents(self, table: str, prefilter: Prefilter | None = None) -> Iterator[tuple[int, Document]]:
        """Yield a table's documents by number, as they are when this is called; those ruled out may be missing."""
        changes = dict(self._changes.get(table, ()))
        blocks = self._section(table).blocks()
        base = _decoded(_prefiltered(blocks, prefilter) if prefilter else blocks)
        if not changes:
            return base
        kept = ((number, document) for number, document in base if number not in changes)
        written = sorted((number, new) for number, new in changes.items() if new is not None)
        put = ((number, msgspec.json.decode(document_of(new))) for number, new in written)
        return merge(kept, put, key=itemgetter(0))

    def decode_in_batches(self, table: str, kind: type[T]) -> Iterator[list[T]]:
        """Yield a table decoded as some type, some hundred documents at a time, by number.

        It may not be verified yet: call `verify` before anything that comes of it is told.
        """
        if table in self._changes:
            yield list(self.decode(table, kind).values())
            return
        decode, count = _decoder_of_table(cast(Any, kind)).decode, 0
        for block in self._unverified(table).blocks(self._pending.arrived):
            batch = list(decode(block).values())
            count += len(batch)
            yield batch
        self._refuse_other_count(table, count)

    def decode(self, table: str, kind: type[T]) -> dict[int, T]:
        """Return a table decoded as some type in one go, by number. Raises Damage for a wrong count."""
        section = self._unverified(table)
        # A large file is verified meanwhile; what was decoded of a damaged one is told to nobody.
        try:
            self._pending.arrived(section.end)
            found: dict[int, T] = _decoder_of_table(cast(Any, kind)).decode(section.span())
        finally:
            self.verify()
        self._refuse_other_count(table, len(found))
        changes, one = self._changes.get(table, {}), decoder(cast(Any, kind))
        for number, new in sorted(changes.items()):
            if new is None:
                found.pop(number, None)
            else:
                found[number] = one.decode(document_of(new))
        in_order = not changes or min(changes) > self._section(table).last()
        return found if in_order else dict(sorted(found.items(), key=itemgetter(0)))

    def matching(self, table: str, needle: bytes) -> list[tuple[int, bytes]]:
        """Return number and JSON of the documents that contain some bytes, by number."""
        changes = self._changes.get(table, {})
        found = [pair for pair in self._section(table).matching(needle) if pair[0] not in changes]
        for number, new in changes.items():
            if new is not None and needle in new:
                found.append((number, document_of(new)))
        return sorted(found)

    def render(self, generation: int) -> list[Piece]:
        """Return the bytes of the state with its changes, in pieces; what is unchanged is not copied."""
        body: list[Piece] = [_AFTER_META]
        sizes = {}
        for name in self.tables():
            pieces = self._span(name)
            sizes[name] = sum(map(len, pieces))
            body.append(_title(name))
            body.extend(pieces)
        body.append(_END)
        counts = {name: self.count(name) for name in sizes}
        meta = Meta(FORMAT, generation, self.ids.next, self.ids.holes(), counts, sizes, digest(body))
        return [HEAD, meta_line(meta), *body]

    def _refuse_other_count(self, table: str, found: int) -> None:
        if found != self.meta.counts.get(table, 0):
            raise Damage(f'its table "{table}" has another number of lines than it should')

    def _add(self, table: str, number: int, new: bytes) -> None:
        self._lasts[table] = number
        self._counts[table] = self._counts.get(table, 0) + 1
        self._changes.setdefault(table, {})[number] = line(number, new)

    def _change(self, table: str, number: int, new: bytes | None) -> None:
        old = self.encoded(table, number)
        if new == old:
            return
        self._counts[table] = self.count(table) + (new is not None) - (old is not None)
        changes = self._changes.setdefault(table, {})
        if new == self._section(table).document(number):
            del changes[number]
        else:
            changes[number] = None if new is None else line(number, new)

    def _section(self, table: str) -> Section:
        self._pending.verify()
        return self._unverified(table)

    def _unverified(self, table: str) -> Section:
        return self._sections.get(table) or _NONE

    def _span(self, table: str) -> list[Piece]:
        section = self._section(table)
        changes = self._changes.get(table)
        return section.spliced(changes) if changes else [section.span()]


def empty() -> DataFile:
    """Return the state of a store that holds nothing."""
    return DataFile(b"", Meta(FORMAT, 0, {}, {}, {}, {}, ""), 0)


def are_in_place(data: bytes | mmap, sizes: Mapping[str, int], start: int) -> bool:
    """Tell whether the tables of a file lie where their sizes say, and nothing else but what is between them."""
    at = start + len(_AFTER_META)
    for name, size in sizes.items():
        title = _title(name)
        if size < len(EMPTY) or data[at : at + len(title)] != title:
            return False
        at += len(title) + size
    return at + len(_END) == len(data) and data[at:] == _END


@cache
def _decoder_of_table(kind: Any) -> msgspec.json.Decoder[Any]:
    return msgspec.json.Decoder(dict[int, kind])


def _decoded(blocks: Iterable[bytes]) -> Iterator[tuple[int, Document]]:
    decode: Callable[[bytes], dict[int, Document]] = _decoder_of_table(Document).decode
    for block in blocks:
        yield from decode(block).items()


def _prefiltered(blocks: Iterable[bytes], prefilter: Prefilter) -> Iterator[bytes]:
    """Yield of each block the lines that may be wanted, as a block."""
    for block in blocks:
        if prefilter(block):
            lines = [each for each in block[1:-1].split(b"\n") if prefilter(each)]
            yield b"{%b}" % b"\n".join(lines).removeprefix(b",")


def _title(table: str) -> bytes:
    return b",\n%b: " % _encode(table)


def _sections(data: bytes | mmap, sizes: Mapping[str, int], start: int) -> dict[str, Section]:
    at = start + len(_AFTER_META)
    found = {}
    for name, size in sizes.items():
        at += len(_title(name))
        found[name] = Section(data, at, at + size)
        at += size
    return found


_NONE = Section(EMPTY, 0, len(EMPTY))
