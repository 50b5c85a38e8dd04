"""What a user whom `access` limits may see of a state: records at stages that hide them are not there for them.

What happened to those is not told either. Documents, runs and the numbers of ids are the same for everybody.
"""

from __future__ import annotations

from collections.abc import Callable, Collection, Iterator, Sequence
from functools import cached_property
from typing import TYPE_CHECKING, Any

from crmctl.model.change import Entry, Run
from crmctl.model.records import Record, RecordType, read_id
from crmctl.model.tasks import NOTICE
from crmctl.rules.access import Access, Limits
from crmctl.rules.context import Context
from crmctl.rules.decision import Refusal
from crmctl.storage.interface import Reader, Row, column
from crmctl.storage.rows import rows_of

if TYPE_CHECKING:
    from crmctl.query.bound import Filter
    from crmctl.query.prefilter import Prefilter


FEW = 100
"""Records that are looked at one by one, where of more it is asked which of all are not to be seen."""


class VisibleReader:
    """A state of the store without the records that may not be viewed."""

    def __init__(self, present: Reader, context: Context) -> None:
        self._present = present
        self._access = Access(context)
        self._limits = {kind: Limits("view", kind, context) for kind in RecordType}

    @property
    def generation(self) -> int:
        """How many commits made the state."""
        return self._present.generation

    def get(self, record_id: str) -> Record | None:
        """Return a record that may be viewed."""
        return self._seen(self._present.get(record_id))

    def refusal(self, record_id: str) -> Refusal | None:
        """Return why a record is not shown, or nothing where it is, and where it is not there at all."""
        record = self._present.get(record_id) or self._present.trashed(record_id)
        return self._access.denied("view", record) if record and not self._sees(record) else None

    def records(self, kind: RecordType, prefilter: Prefilter | None = None) -> Iterator[Record]:
        """Yield the records of a type, by number, but for those that a prefilter rules out."""
        found = self._present.records(kind, prefilter)
        if kind is RecordType.TASK:
            return map(self._untitled, found)
        return filter(self._sees, found) if self._limits[kind] else found

    def scan(
        self, kind: RecordType, fields: Sequence[str], where: Filter | None = None, *, first: int = 0
    ) -> list[Row]:
        """Return the named fields of the records of a type that pass."""
        limits = self._limits[kind]
        if kind is RecordType.TASK and "title" in (*fields, *(where.fields if where else ())):
            return rows_of(self.records(kind), fields, where)[: first or None]
        if not limits:
            return self._present.scan(kind, fields, where, first=first)
        rows = self._present.scan(kind, tuple(dict.fromkeys((*fields, *limits.fields))), where)
        return list(filter(limits.test(column), rows))[: first or None]

    def scan_in_batches(
        self, kind: RecordType, fields: Sequence[str], take: Callable[[list[Row]], object]
    ) -> None:
        """Hand over what `scan` returns, some at a time."""
        limits = self._limits[kind]
        if kind is RecordType.TASK and "title" in fields:
            take(self.scan(kind, fields))
            return
        if not limits:
            self._present.scan_in_batches(kind, fields, take)
            return
        passes, names = limits.test(column), tuple(dict.fromkeys((*fields, *limits.fields)))
        self._present.scan_in_batches(kind, names, lambda rows: take(list(filter(passes, rows))))

    def count(self, kind: RecordType) -> int:
        """Return how many records of a type there are to be seen."""
        return len(self.scan(kind, ("id",))) if self._limits[kind] else self._present.count(kind)

    def was_given(self, record_id: str) -> bool:
        """Tell whether an id was ever given out."""
        return self._present.was_given(record_id)

    def history(self, ids: Collection[str] | None = None) -> list[Entry]:
        """Return the entries of the records named, or all."""
        entries = self._present.history(ids)
        if ids is None or len(ids) > FEW:
            return self._told(entries)
        hidden = {each for each in ids if self.refusal(each)}
        return [each for each in entries if each.id not in hidden]

    def changes_of(self, fields: Collection[str]) -> list[Entry]:
        """Return the entries that changed any of the fields."""
        return self._told(self._present.changes_of(fields))

    def keyed(self, head: str) -> list[Entry]:
        """Return the entries whose key begins with a text, and all that undo something."""
        return self._told(self._present.keyed(head))

    def entries_of(self, generation: int) -> list[Entry]:
        """Return the entries of one commit."""
        return self._told(self._present.entries_of(generation))

    def trashed(self, record_id: str) -> Record | None:
        """Return a record from the trash."""
        return self._seen(self._present.trashed(record_id))

    def trash(self) -> Iterator[Record]:
        """Yield the records in the trash."""
        return map(self._untitled, filter(self._sees, self._present.trash()))

    def runs(self) -> list[Run]:
        """Return the ledger."""
        return self._present.runs()

    def document(self, name: str) -> dict[str, Any] | None:
        """Return a named document."""
        return self._present.document(name)

    def _sees(self, record: Record) -> bool:
        return self._access.may("view", record)

    def _seen(self, record: Record | None) -> Record | None:
        return self._untitled(record) if record and self._sees(record) else None

    def _untitled(self, task: Record) -> Record:
        """Return a notice about a record that may not be viewed with the id of that alone."""
        if task.get("type") != NOTICE:
            return task
        about, stage = task.title.partition(" ")[0], task.title.rpartition(" -> ")[2]
        record = (self._present.get(about) or self._present.trashed(about)) if read_id(about) else None
        return task if record is None or self._sees(record) else task.having({"title": f"{about} -> {stage}"})

    def _told(self, entries: list[Entry]) -> list[Entry]:
        return [each for each in entries if each.id not in self._hidden]

    @cached_property
    def _hidden(self) -> set[str]:
        """The ids of the records that are not to be seen, those in the trash included."""
        limited = [kind for kind, limits in self._limits.items() if limits]
        seen = {row.f_id for kind in limited for row in self.scan(kind, ("id",))}
        every = {row.f_id for kind in limited for row in self._present.scan(kind, ("id",))}
        return (every - seen) | {each.id for each in self._present.trash() if not self._sees(each)}


def refusal_to_show(reader: Reader, record_id: str) -> Refusal | None:
    """Return why a reader does not show a record, or nothing where that is not for want of leave."""
    return reader.refusal(record_id) if isinstance(reader, VisibleReader) else None
