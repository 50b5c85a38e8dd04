"""A store in memory: the same behaviour as a data file, for whoever needs no disk."""

from __future__ import annotations

from collections.abc import Callable, Collection, Iterator, Sequence
from contextlib import contextmanager
from copy import deepcopy
from pathlib import Path
from typing import TYPE_CHECKING, Any

import msgspec

from crmctl.model.change import Entry, Run
from crmctl.model.records import Record, RecordType, number_of, type_of
from crmctl.storage.history import bare
from crmctl.storage.ids import Ids
from crmctl.storage.interface import Row
from crmctl.storage.rows import rows_of

if TYPE_CHECKING:
    from crmctl.query.bound import Filter
    from crmctl.query.prefilter import Prefilter


class _State:
    """All that is kept. Records, entries and runs never change, so that a copy may share them."""

    def __init__(self) -> None:
        self.generation = 0
        self.ids = Ids()
        self.records: dict[str, Record] = {}
        self.trash: dict[str, Record] = {}
        self.entries: list[Entry] = []
        self.runs: dict[str, Run] = {}
        self.documents: dict[str, dict[str, Any]] = {}

    def content(self) -> tuple[object, ...]:
        """Return what a commit would write."""
        return (self.records, self.trash, self.entries, self.runs, self.documents)

    def copy(self) -> _State:
        """Return a state that changes independently of this."""
        new = _State()
        new.generation = self.generation
        new.ids = Ids(self.ids.next, self.ids.skipped)
        new.records, new.trash, new.runs = dict(self.records), dict(self.trash), dict(self.runs)
        new.entries, new.documents = list(self.entries), deepcopy(self.documents)
        return new


class MemoryReader:
    """One state of the store."""

    def __init__(self, state: _State) -> None:
        self._state = state

    @property
    def generation(self) -> int:
        """How many commits made this state."""
        return self._state.generation

    def get(self, record_id: str) -> Record | None:
        """Return a record that is not in the trash."""
        return self._state.records.get(record_id)

    def records(self, kind: RecordType, _prefilter: Prefilter | None = None) -> Iterator[Record]:
        """Yield every record of a type, whole, by number."""
        found = (record for record in self._state.records.values() if type_of(record.id) is kind)
        return iter(sorted(found, key=lambda record: number_of(record.id)))

    def scan(
        self, kind: RecordType, fields: Sequence[str], where: Filter | None = None, *, first: int = 0
    ) -> list[Row]:
        """Return the named fields of the records of a type that pass, by number; what a record lacks is None."""
        return rows_of(self.records(kind), fields, where)[: first or None]

    def scan_in_batches(
        self, kind: RecordType, fields: Sequence[str], take: Callable[[list[Row]], object]
    ) -> None:
        """Hand over what `scan` returns."""
        take(self.scan(kind, fields))

    def count(self, kind: RecordType) -> int:
        """Return how many records of a type there are."""
        return sum(1 for _ in self.records(kind))

    def was_given(self, record_id: str) -> bool:
        """Tell whether an id was ever given out, deleted and purged ones included."""
        return self._state.ids.was_given(record_id)

    def history(self, ids: Collection[str] | None = None) -> list[Entry]:
        """Return the entries of the records named, or all, in the order of recording."""
        return [entry for entry in self._state.entries if ids is None or entry.id in ids]

    def changes_of(self, fields: Collection[str]) -> list[Entry]:
        """Return the entries that changed any of the fields, in the order of recording."""
        return [entry for entry in self._state.entries if not entry.changes.keys().isdisjoint(fields)]

    def keyed(self, head: str) -> list[Entry]:
        """Return the entries whose key begins with a text, and all that undo something, in the order of recording."""
        return [entry for entry in self._state.entries if entry.undoes or entry.key.startswith(head)]

    def entries_of(self, generation: int) -> list[Entry]:
        """Return the entries of one commit."""
        return [entry for entry in self._state.entries if entry.gen == generation]

    def trashed(self, record_id: str) -> Record | None:
        """Return a record from the trash as it was when deleted."""
        return self._state.trash.get(record_id)

    def trash(self) -> Iterator[Record]:
        """Yield the records in the trash, in the order of their deletion."""
        return iter(list(self._state.trash.values()))

    def runs(self) -> list[Run]:
        """Return the ledger, oldest first."""
        return sorted(self._state.runs.values(), key=lambda run: number_of(run.id))

    def document(self, name: str) -> dict[str, Any] | None:
        """Return a named document, such as `views`."""
        return deepcopy(self._state.documents.get(name))


class MemoryWriter(MemoryReader):
    """A state with the changes made so far."""

    def __init__(self, store: MemoryStore) -> None:
        super().__init__(store.state.copy())
        self._store: MemoryStore | None = store

    def new_id(self, kind: RecordType) -> str:
        """Return the next id of a type."""
        return self._state.ids.new(kind.prefix)

    def claim_id(self, record_id: str) -> None:
        """Take an id that an import brought; later new ids are beyond it."""
        self._state.ids.claim(record_id)

    def reserve_id(self, record_id: str) -> None:
        """Let new ids lie beyond one that may be claimed, now or by a later import."""
        self._state.ids.reserve(record_id)

    def new_run_id(self) -> str:
        """Return the next id of a run, `R-1`."""
        return self._state.ids.new("R")

    def put(self, record: Record) -> None:
        """Write a record under its id, new or not; one in the trash comes out of it."""
        self._open()
        if not self.was_given(record.id):
            self.claim_id(record.id)
        self._state.trash.pop(record.id, None)
        self._state.records[record.id] = record

    def discard(self, record_id: str) -> None:
        """Move a record to the trash."""
        self._open()
        record = self._state.records.pop(record_id, None)
        if record:
            self._state.trash[record_id] = record

    def purge(self, record_id: str) -> None:
        """Remove a record and the values in its history for good, from the trash too."""
        self._open()
        self._state.records.pop(record_id, None)
        self._state.trash.pop(record_id, None)
        self._state.entries = [
            bare(entry) if entry.id == record_id else entry for entry in self._state.entries
        ]

    def add_history(self, entries: Sequence[Entry]) -> None:
        """Append entries; their `gen` becomes that of this commit."""
        self._open()
        generation = self._state.generation + 1
        self._state.entries += [msgspec.structs.replace(entry, gen=generation) for entry in entries]

    def put_run(self, run: Run) -> None:
        """Write a line of the ledger."""
        self._open()
        self._state.runs[run.id] = run

    def put_document(self, name: str, document: dict[str, Any]) -> None:
        """Write a named document."""
        self._open()
        self._state.documents[name] = deepcopy(document)

    def commit(self) -> int:
        """Make this the new state; returns its generation. Nothing to write: no commit."""
        store = self._open()
        if self._state.content() != store.state.content():
            self._state.generation += 1
            store.state, self._store = self._state, None
        return self._state.generation

    def close(self) -> None:
        """Take no more changes."""
        self._store = None

    def _open(self) -> MemoryStore:
        if self._store is None:
            raise RuntimeError("this state was committed or its lock released: open another")
        return self._store


class MemoryDraft(MemoryWriter):
    """A state that is changed only to see what would come of it."""

    def commit(self) -> int:
        """Refuse: a draft is never written."""
        raise RuntimeError("a draft is never written")


class MemoryStore:
    """A store for one process: nothing is locked, and nothing outlives it."""

    def __init__(self) -> None:
        self.state = _State()

    def read(self) -> MemoryReader:
        """Return the present state."""
        return MemoryReader(self.state)

    def draft(self) -> MemoryWriter:
        """Return the present state to be changed for a look; its `commit` raises."""
        return MemoryDraft(self)

    def backups_holding(self, ids: Collection[str]) -> dict[Path, list[str]]:
        """Return nothing: no backups are kept."""
        return {}

    @contextmanager
    def write(self) -> Iterator[MemoryWriter]:
        """Return the present state to be changed; leaving without `commit` changes nothing."""
        writer = MemoryWriter(self)
        try:
            yield writer
        finally:
            writer.close()
