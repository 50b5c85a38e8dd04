"""`delete` and `restore`: to the trash and back; `--purge` for good."""

from collections.abc import Sequence

import msgspec

from crmctl.errors import NotFound
from crmctl.model.change import Change
from crmctl.model.merging import INTO
from crmctl.model.records import Record, parse_id
from crmctl.workspace.each import change_each
from crmctl.workspace.find import not_found
from crmctl.workspace.left_referring import left_note
from crmctl.workspace.outcome import Outcome, WriteOptions
from crmctl.workspace.show import referring
from crmctl.workspace.transaction import Transaction, transaction, until_settled
from crmctl.workspace.workspace import Workspace

MOST_TOLD = 20
"""Deleted records up to which it is told what refers to them."""


def delete_records(workspace: Workspace, ids: Sequence[str], options: WriteOptions) -> Outcome:
    """Move every record named to the trash. Raises NotFound."""

    def decide(record: Record, _tx: Transaction) -> Change:
        return Change("delete", record, None)

    return _telling(workspace, change_each(workspace, ids, options, "delete", decide))


def _telling(workspace: Workspace, outcome: Outcome) -> Outcome:
    """Return the outcome with a note on each record deleted that others go on referring to."""
    reader, gone = workspace.read(), {change.record.id for change in outcome.changes}
    notes = []
    for change in outcome.changes[:MOST_TOLD]:
        left = list(dict.fromkeys(each for each, _ in referring(change.record, reader) if each not in gone))
        if left:
            notes.append(left_note(change.record.id, left))
    return msgspec.structs.replace(outcome, notes=(*outcome.notes, *notes))


@until_settled
def restore_records(workspace: Workspace, ids: Sequence[str], options: WriteOptions) -> Outcome:
    """Bring every record named back from the trash as it was. Raises NotFound."""
    notes: list[str] = []
    with transaction(workspace, options) as tx:
        if len(ids) > 1:
            tx.begin_run("restore")
        for text in dict.fromkeys(ids):
            record_id = parse_id(text)
            record = tx.writer.trashed(record_id)
            if record is None:
                raise NotFound(f"{record_id} is not in the trash", record=record_id)
            tx.apply(Change("restore", None, record.having({INTO: None})))
            if into := record.text(INTO):
                notes.append(f"{record_id} was merged into {into}, which keeps what it took")
        outcome = tx.commit()
        return msgspec.structs.replace(outcome, notes=(*outcome.notes, *notes))


@until_settled
def purge_records(workspace: Workspace, ids: Sequence[str], options: WriteOptions) -> Outcome:
    """Remove every record named, in the trash or not, with the values in its history. Raises NotFound.

    What cannot be removed is told: the backups that hold the records until they are superseded.
    """
    with transaction(workspace, options) as tx:
        for text in dict.fromkeys(ids):
            record_id = parse_id(text)
            record = tx.writer.get(record_id) or tx.writer.trashed(record_id)
            if record is None:
                raise not_found(record_id)
            tx.apply(Change("purge", record, None))
        outcome = tx.commit()
    if options.dry_run:
        return outcome
    held = workspace.store.backups_holding([record.id for record in outcome.records])
    notes = tuple(f"{path} still holds {', '.join(found)}" for path, found in held.items())
    return msgspec.structs.replace(outcome, notes=(*outcome.notes, *notes))
