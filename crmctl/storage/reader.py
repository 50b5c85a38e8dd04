"""One state of the data file, as everything above the store reads it."""

from __future__ import annotations

from collections.abc import Callable, Collection, Iterator, Sequence
from contextlib import contextmanager
from functools import cached_property
from typing import TYPE_CHECKING, Any, cast

import msgspec

from crmctl.model.change import Entry, Run
from crmctl.model.records import Record, RecordType, number_of, type_of
from crmctl.storage.interface import Row, column
from crmctl.storage.lines import DataFile
from crmctl.storage.meta import decoder
from crmctl.storage.rows import row_type

if TYPE_CHECKING:
    from crmctl.query.bound import Filter
    from crmctl.query.prefilter import Prefilter
    from crmctl.storage.tinydb_store import LineDatabase, LineTable

# TinyDB is imported with the first document: scans, which figures are made of, decode lines.

RUNS, TRASH, HISTORY = "runs", "trash", "history"
_FEW = 20
"""Up to so many records, their history is found by searching; beyond, by decoding all of it."""


class _Named(msgspec.Struct):
    id: str


class FileReader:
    """A state that was read whole and verified: nobody changes it any more.

    Documents go through TinyDB; scans and history are decoded to types from the lines.
    """

    def __init__(self, file: DataFile) -> None:
        self._file = file
        self._trashed: dict[str, int] | None = None
        self._tables: dict[str, LineTable] = {}

    @property
    def generation(self) -> int:
        """How many commits made this state."""
        self._file.verify()
        return self._file.meta.generation

    def get(self, record_id: str) -> Record | None:
        """Return a record that is not in the trash."""
        table = self._table(type_of(record_id).table)
        return _record(table.get(doc_id=number_of(record_id)))

    def records(self, kind: RecordType, prefilter: Prefilter | None = None) -> Iterator[Record]:
        """Yield every record of a type, whole, by number, but for those that a prefilter rules out."""
        if prefilter is None:
            return map(Record, self._table(kind.table))
        return (Record(document) for _, document in self._file.documents(kind.table, prefilter))

    def scan(
        self, kind: RecordType, fields: Sequence[str], where: Filter | None = None, *, first: int = 0
    ) -> list[Row]:
        """Return the named fields of the records of a type that pass, by number; what a record lacks is None."""
        rows: list[Row] = []
        names = (*fields, *where.fields) if where else fields
        narrow = where.narrowing(column) if where else None
        with self._verified():
            for batch in self._file.decode_in_batches(kind.table, row_type(names)):
                rows += narrow(batch) if narrow else batch
                if first and len(rows) >= first:
                    return rows[:first]
        return rows

    def scan_in_batches(
        self, kind: RecordType, fields: Sequence[str], take: Callable[[list[Row]], object]
    ) -> None:
        """Hand over what `scan` returns, some hundred rows at a time. What is made of them holds when this returns."""
        with self._verified():
            for batch in self._file.decode_in_batches(kind.table, row_type(fields)):
                take(batch)

    def count(self, kind: RecordType) -> int:
        """Return how many records of a type there are."""
        return self._file.count(kind.table)

    def was_given(self, record_id: str) -> bool:
        """Tell whether an id was ever given out, deleted and purged ones included."""
        return self._file.ids.was_given(record_id)

    def history(self, ids: Collection[str] | None = None) -> list[Entry]:
        """Return the entries of the records named, or all, in the order of recording."""
        if ids is not None and len(ids) <= _FEW:
            found = sorted(pair for record_id in set(ids) for pair in self._entries_of_record(record_id))
            return [decoder(Entry).decode(line) for _, line in found]
        entries = self._file.decode(HISTORY, Entry).values()
        wanted = None if ids is None else frozenset(ids)
        return [entry for entry in entries if wanted is None or entry.id in wanted]

    def changes_of(self, fields: Collection[str]) -> list[Entry]:
        """Return the entries that changed any of the fields, in the order of recording."""
        # A quote inside text is escaped in the file, so that only the name of a field looks like this.
        entries = self._entries_with(*(b'"%b":[' % name.encode() for name in fields))
        return [entry for entry in entries if not entry.changes.keys().isdisjoint(fields)]

    def keyed(self, head: str) -> list[Entry]:
        """Return the entries whose key begins with a text, and all that undo something, in the order of recording."""
        entries = self._entries_with(b'"key":"%b' % head.encode(), b'"undoes":')
        return [entry for entry in entries if entry.undoes or entry.key.startswith(head)]

    def entries_of(self, generation: int) -> list[Entry]:
        """Return the entries of one commit."""
        found = self._file.matching(HISTORY, b'","gen":%d,"at":"' % generation)
        entries = (decoder(Entry).decode(line) for _, line in found)
        return [entry for entry in entries if entry.gen == generation]

    def trashed(self, record_id: str) -> Record | None:
        """Return a record from the trash as it was when deleted."""
        number = self._trash_numbers().get(record_id)
        return None if number is None else _record(self._table(TRASH).get(doc_id=number))

    def trash(self) -> Iterator[Record]:
        """Yield the records in the trash."""
        return map(Record, self._table(TRASH))

    def runs(self) -> list[Run]:
        """Return the ledger, oldest first."""
        return [msgspec.convert(dict(line), Run) for line in self._table(RUNS)]

    def document(self, name: str) -> dict[str, Any] | None:
        """Return a named document, such as `views`: the only one in the table of its name."""
        found = self._table(name).get(doc_id=1)
        return None if found is None else dict(found)

    @cached_property
    def _database(self) -> LineDatabase:
        from crmctl.storage.tinydb_store import LineDatabase

        return LineDatabase(self._file)

    @contextmanager
    def _verified(self) -> Iterator[None]:
        """Verify a large file beside what is done with it; what is made of a damaged one is told to nobody."""
        try:
            yield
        finally:
            self._file.verify()

    def _table(self, name: str) -> LineTable:
        # TinyDB looks its tables up as well, six times slower: an import asks a hundred thousand times.
        found = self._tables.get(name)
        if found is None:
            found = self._tables[name] = cast("LineTable", self._database.table(name))
        return found

    def _entries_with(self, *needles: bytes) -> Iterator[Entry]:
        found = {number: line for needle in needles for number, line in self._file.matching(HISTORY, needle)}
        return (decoder(Entry).decode(found[number]) for number in sorted(found))

    def _entries_of_record(self, record_id: str) -> list[tuple[int, bytes]]:
        # A quote inside text is escaped in the file, so that text cannot look like this.
        return self._file.matching(HISTORY, b' {"id":"%b",' % record_id.encode())

    def _trash_numbers(self) -> dict[str, int]:
        """Return the number of every id in the trash, where records of all types lie."""
        if self._trashed is None:
            lines = self._file.decode(TRASH, _Named)
            self._trashed = {line.id: number for number, line in lines.items()}
        return self._trashed


def _record(document: Any) -> Record | None:
    return None if document is None else Record(document)
