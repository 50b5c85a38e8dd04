"""The store as it was: every record taken back, by its history, to what it was at a moment.

History goes by when things happened, not by when they were recorded; of two at one moment the later recorded
is the later. A purged record is gone from the past as well.
"""

from __future__ import annotations

from collections.abc import Callable, Collection, Iterator, Sequence
from functools import cached_property
from typing import TYPE_CHECKING, Any

from crmctl.model.change import Entry, Run, before_all, by_date
from crmctl.model.merging import INTO, is_end
from crmctl.model.records import Record, RecordType, Value, type_of
from crmctl.storage.interface import Reader, Row
from crmctl.storage.rows import rows_of

if TYPE_CHECKING:
    from crmctl.query.bound import Filter
    from crmctl.query.prefilter import Prefilter

BIRTHS = frozenset({"create", "restore"})


class PastReader:
    """A state of the store at a moment, given in its kept form."""

    def __init__(self, present: Reader, at: str) -> None:
        self._present = present
        self._at = at

    @property
    def generation(self) -> int:
        """How many commits made the state that the past is seen from."""
        return self._present.generation

    def get(self, record_id: str) -> Record | None:
        """Return a record as it was, nothing where it was not there yet or any more."""
        return self._records.get(type_of(record_id), {}).get(record_id)

    def records(self, kind: RecordType, _prefilter: Prefilter | None = None) -> Iterator[Record]:
        """Yield the records there were, by number."""
        yield from self._records.get(kind, {}).values()

    def scan(
        self, kind: RecordType, fields: Sequence[str], where: Filter | None = None, *, first: int = 0
    ) -> list[Row]:
        """Return the named fields of the records there were that pass."""
        return rows_of(self.records(kind), fields, where)[: first or None]

    def scan_in_batches(
        self, kind: RecordType, fields: Sequence[str], take: Callable[[list[Row]], object]
    ) -> None:
        """Hand over what `scan` returns."""
        take(self.scan(kind, fields))

    def count(self, kind: RecordType) -> int:
        """Return how many records of a type there were."""
        return len(self._records.get(kind, {}))

    def was_given(self, record_id: str) -> bool:
        """Tell whether an id was ever given out."""
        return self._present.was_given(record_id)

    def history(self, ids: Collection[str] | None = None) -> list[Entry]:
        """Return the entries of what had happened by then."""
        return [entry for entry in self._present.history(ids) if entry.at <= self._at]

    def changes_of(self, fields: Collection[str]) -> list[Entry]:
        """Return the entries of what had changed the fields by then."""
        return [entry for entry in self._present.changes_of(fields) if entry.at <= self._at]

    def keyed(self, head: str) -> list[Entry]:
        """Return the entries whose key begins with a text, and all that undid something by then."""
        return [entry for entry in self._present.keyed(head) if entry.at <= self._at]

    def entries_of(self, generation: int) -> list[Entry]:
        """Return the entries of one commit."""
        return self._present.entries_of(generation)

    def trashed(self, record_id: str) -> Record | None:
        """Return nothing: what was in the trash is not told of the past."""
        return None

    def trash(self) -> Iterator[Record]:
        """Yield nothing."""
        yield from ()

    def runs(self) -> list[Run]:
        """Return the ledger as it is."""
        return self._present.runs()

    def document(self, name: str) -> dict[str, Any] | None:
        """Return a named document as it is."""
        return self._present.document(name)

    @cached_property
    def _records(self) -> dict[RecordType, dict[str, Record]]:
        found: dict[RecordType, dict[str, Record]] = {kind: {} for kind in RecordType}
        history = _by_record(self._present.history())
        for kind in RecordType:
            for record in self._everything(kind):
                past = as_it_was(record, history.get(record.id, []), self._at)
                if past is not None:
                    found[kind][record.id] = past
        return found

    def _everything(self, kind: RecordType) -> list[Record]:
        """Return the records of a type, those in the trash included, by number."""
        kept = [*self._present.records(kind), *(each for each in self._trash if each.type is kind)]
        return sorted(kept, key=lambda record: (len(record.id), record.id))

    @cached_property
    def _trash(self) -> list[Record]:
        return [each.having({INTO: None}) for each in self._present.trash()]


def as_it_was(record: Record, entries: Sequence[Entry], at: str) -> Record | None:
    """Return a record as it was at a moment, or nothing where it was not there.

    `record` is the latest known state, `entries` what happened to it, in any order.
    """
    ordered = by_date(entries)
    return _held(record, ordered, at) if _was_there(record, ordered, at) else None


def as_last_held(record: Record, entries: Sequence[Entry], at: str) -> Record:
    """Return a record as it was at a moment or, where it had gone by then, as it was when it went.

    It must have been made by then; the arguments are those of `as_it_was`.
    """
    return _held(record, by_date(entries), at)


def _held(record: Record, ordered: Sequence[Entry], at: str) -> Record:
    names = dict.fromkeys(name for entry in ordered for name in entry.changes)
    values = {name: _value_at(record, ordered, name, at) for name in names}
    before = [entry for entry in ordered if entry.at <= at]
    if before and before != ordered:
        values |= {"updated_at": before[-1].at, "updated_by": before[-1].by, "revision": len(before)}
    return record.having(values)


def _value_at(record: Record, ordered: Sequence[Entry], name: str, at: str) -> Value | None:
    changes = [entry for entry in ordered if name in entry.changes]
    if changes[-1].at <= at:
        # What was entered last may bear an earlier date than what it changed: the present is as it is.
        return record.get(name)
    before = [entry for entry in changes if entry.at <= at]
    return before[-1].changes[name][1] if before else before_all(changes, name)


def _was_there(record: Record, ordered: Sequence[Entry], at: str) -> bool:
    """Tell whether a record had been made by then and not deleted."""
    there = False
    for entry in ordered:
        if entry.at > at:
            break
        if entry.op in BIRTHS:
            there = True
        elif is_end(entry):
            there = False
        elif entry.op == "undo" and not entry.changes:
            there = not there
    return there or (not ordered and record.text("created_at") <= at)


def _by_record(history: Sequence[Entry]) -> dict[str, list[Entry]]:
    found: dict[str, list[Entry]] = {}
    for entry in history:
        found.setdefault(entry.id, []).append(entry)
    return found
