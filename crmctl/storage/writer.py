"""The state under the lock with the changes of one command, staged line by line until they are committed."""

from collections.abc import Callable, Sequence
from typing import Any

import msgspec

from crmctl.model.change import Entry, Run
from crmctl.model.records import Record, RecordType, number_of, type_of
from crmctl.storage.history import bare
from crmctl.storage.lines import RECORDS, DataFile
from crmctl.storage.reader import HISTORY, RUNS, TRASH, FileReader

Commit = Callable[[DataFile, int, Callable[[], None]], None]
"""Writes a state as a generation, and calls back as soon as it is the present one."""


class FileWriter(FileReader):
    """Reads what it wrote. Usable until its lock is released, and for one commit."""

    def __init__(self, file: DataFile, commit: Commit) -> None:
        super().__init__(file)
        self._commit: Commit | None = commit
        self._generation = file.meta.generation

    @property
    def generation(self) -> int:
        """How many commits made this state; one more as soon as the changes are in place."""
        return self._generation

    def new_id(self, kind: RecordType) -> str:
        """Return the next id of a type. No id is ever given twice, whatever was deleted."""
        return self._file.ids.new(kind.prefix)

    def claim_id(self, record_id: str) -> None:
        """Take an id that an import brought; later new ids are beyond it. Raises Refused for a known one."""
        self._file.ids.claim(record_id)

    def reserve_id(self, record_id: str) -> None:
        """Let new ids lie beyond one that may be claimed, now or by a later import."""
        self._file.ids.reserve(record_id)

    def new_run_id(self) -> str:
        """Return the next id of a run, `R-1`."""
        return self._file.ids.new("R")

    def put(self, record: Record) -> None:
        """Write a record under its id, new or not; one in the trash comes out of it."""
        self._be_open()
        values, record_id = record.values, record.id
        kind, number = type_of(record_id), number_of(record_id)
        if values.get("record") != kind:
            raise ValueError(f"{record_id} is not the id of a {values.get('record')}")
        if not self._file.ids.gave(record_id[0], number):
            self.claim_id(record_id)
        elif self._file.count(TRASH):
            self._leave_trash(record_id)
        self._table(kind.table).replace(number, values)

    def discard(self, record_id: str) -> None:
        """Move a record to the trash."""
        self._be_open()
        record = self.get(record_id)
        if record is None:
            return
        self._trash_numbers()[record_id] = self._table(TRASH).insert(dict(record.values))
        self._table(type_of(record_id).table).remove(doc_ids=[number_of(record_id)])

    def purge(self, record_id: str) -> None:
        """Remove a record and the values in its history for good, from the trash too."""
        self._be_open()
        self._table(type_of(record_id).table).remove(doc_ids=[number_of(record_id)])
        self._leave_trash(record_id)
        for number, line in self._entries_of_record(record_id):
            entry = bare(msgspec.json.decode(line, type=Entry))
            self._table(HISTORY).replace(number, msgspec.to_builtins(entry))

    def add_history(self, entries: Sequence[Entry]) -> None:
        """Append entries; their `gen` becomes that of this commit."""
        self._be_open()
        table, generation = self._table(HISTORY), self._generation + 1
        replace = msgspec.structs.replace
        table.extend(each if each.gen == generation else replace(each, gen=generation) for each in entries)

    def put_run(self, run: Run) -> None:
        """Write a line of the ledger."""
        self._be_open()
        self._table(RUNS).replace(number_of(run.id), msgspec.to_builtins(run))

    def put_document(self, name: str, document: dict[str, Any]) -> None:
        """Write a named document: a table of its own, with this one in it."""
        self._be_open()
        if name in {*RECORDS, RUNS, TRASH, HISTORY, "meta"} or not name.isidentifier():
            raise ValueError(f'no document can be named "{name}"')
        self._table(name).replace(1, document)

    def commit(self) -> int:
        """Make the changes, if there are any, the new state; on disk when it returns the generation."""
        commit = self._be_open()
        if self._file.changed:
            self._commit = None
            commit(self._file, self._generation + 1, self._count_commit)
        return self._generation

    def close(self) -> None:
        """Take no more changes: the lock is gone."""
        self._commit = None

    def _be_open(self) -> Commit:
        if self._commit is None:
            raise RuntimeError("this state was committed or its lock released: open another")
        return self._commit

    def _count_commit(self) -> None:
        self._generation += 1

    def _leave_trash(self, record_id: str) -> None:
        number = self._trash_numbers().pop(record_id, None)
        if number is not None:
            self._table(TRASH).remove(doc_ids=[number])
