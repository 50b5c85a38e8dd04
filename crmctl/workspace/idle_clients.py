"""Clients whose chain of tasks ends although they are still open: nobody has to do anything for them."""

from collections.abc import Iterable, Iterator

from crmctl.model.records import Record
from crmctl.rules.context import Context
from crmctl.storage.interface import Reader
from crmctl.workspace.open_tasks import open_tasks_of


def idle_notes(clients: Iterable[str], reader: Reader, context: Context) -> Iterator[str]:
    """Yield what to tell of each record that is on an open stage and has no task."""
    for record_id in clients:
        record = reader.get(record_id)
        if record and _is_open(record, context) and not open_tasks_of({record_id}, reader):
            how = f"crmctl move {record_id} STAGE, or crmctl create task --for {record_id}"
            yield f"{record.label} is still open, and has no next step: {how}"


def _is_open(record: Record, context: Context) -> bool:
    stage = context.stage_of(record)
    return stage is not None and stage.open
