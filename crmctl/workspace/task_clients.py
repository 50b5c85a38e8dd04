"""Whom the open tasks are for."""

from crmctl.model.records import RecordType
from crmctl.model.tasks import FINISHED
from crmctl.storage.interface import Reader, Row, column

_held = column("for")


def clients_with_tasks(reader: Reader) -> set[str]:
    """Return the ids of the records that any open task is for."""
    return {client for row in open_rows(reader) for client in clients_of(row)}


def open_rows(reader: Reader, names: tuple[str, ...] = ()) -> list[Row]:
    """Return the tasks that are neither done nor cancelled, with their clients and the fields named."""
    found: list[Row] = []

    def take(rows: list[Row]) -> None:
        found.extend(row for row in rows if row.f_status not in FINISHED)

    # In batches, so that those that are over, which are most, are let go of at once.
    reader.scan_in_batches(RecordType.TASK, ("for", "status", *names), take)
    return found


def clients_of(row: Row) -> list[str]:
    """Return the ids of the records that a task is for."""
    found = _held(row)
    return found if isinstance(found, list) else []
