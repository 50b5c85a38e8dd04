"""What filters and conditions ask of other records and of history."""

from __future__ import annotations

from collections.abc import Callable, Mapping, Sequence
from functools import cached_property
from typing import TYPE_CHECKING

from crmctl.model.change import Entry
from crmctl.model.configuration import Configuration
from crmctl.model.merging import FROM
from crmctl.model.records import Record, RecordType, Value, type_of
from crmctl.storage.interface import Reader, Row

if TYPE_CHECKING:
    from crmctl.workspace.reporting.ways import Ways


class StoreLookups:
    """Answers from one state of the store; history is read once, at the first question about it.

    `present` returns the state of today, where what went into others is.
    """

    def __init__(self, reader: Reader, configuration: Configuration, present: Callable[[], Reader]) -> None:
        self._reader = reader
        self._configuration = configuration
        self._present = present
        self._placed: dict[RecordType, Mapping[str, Row]] = {}
        self._records: dict[str, Record | None] = {}

    def reference(self, record_id: str, field: str) -> Value | None:
        """Return a field of the record referred to, whole; nothing where record or value is missing."""
        if record_id not in self._records:
            self._records[record_id] = self._reader.get(record_id)
        record = self._records[record_id]
        known = self._configuration.fields_of(type_of(record_id)).get(field)
        return known.read(record.values) if record and known else None

    def changes(self, record_id: str, field: str) -> Sequence[str]:
        """Return the moments at which a field of a record changed, the earliest first."""
        return sorted(entry.at for entry in self._history.get(record_id, ()) if field in entry.changes)

    def stage_since(self, record_id: str) -> str | None:
        """Return when a record came to the stage it is on."""
        kind = type_of(record_id)
        if kind not in self._placed:
            rows = self._reader.scan(kind, ("id", "pipeline", "stage", "created_at", FROM))
            self._placed[kind] = {row.f_id: row for row in rows}
        if row := self._placed[kind].get(record_id):
            return self._ways.of(row)[-1].entered or None
        record = self._reader.trashed(record_id)
        return self._ways.of_record(record)[-1].entered or None if record else None

    def commit_of(self, record_id: str, field: str) -> int:
        """Return the number of the commit that changed a field last, 0 where none is known."""
        found = (entry.gen for entry in self._reader.history([record_id]) if field in entry.changes)
        return max(found, default=0)

    def has_open_task(self, record_id: str) -> bool:
        """Tell whether any open task is for a record."""
        return record_id in self._clients

    @cached_property
    def _clients(self) -> set[str]:
        from crmctl.workspace.task_clients import clients_with_tasks

        return clients_with_tasks(self._reader)

    @cached_property
    def _ways(self) -> Ways:
        from crmctl.workspace.reporting.forebears import Forebears
        from crmctl.workspace.reporting.ways import Ways

        forebears = Forebears(self._reader, self._configuration, self._present)
        return Ways(self._reader, self._configuration, forebears)

    @cached_property
    def _history(self) -> dict[str, list[Entry]]:
        found: dict[str, list[Entry]] = {}
        for entry in self._reader.history():
            found.setdefault(entry.id, []).append(entry)
        return found
