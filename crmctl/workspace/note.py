"""`note`: a comment in a record's history, and its removal; which notes stand, for whoever tells of them."""

from collections.abc import Collection, Sequence

import msgspec

from crmctl.errors import NotFound, Refused, WrongUse, wrong_use
from crmctl.model.change import Change, Entry
from crmctl.model.field import Field
from crmctl.model.note import COUNT, NOTE, REMOVAL, note_id, read_note_id, withdrawn, without_text
from crmctl.model.records import Record, RecordType, type_of
from crmctl.storage.interface import Reader
from crmctl.text import is_blank
from crmctl.workspace.each import change_each
from crmctl.workspace.outcome import Outcome, WriteOptions
from crmctl.workspace.transaction import Transaction
from crmctl.workspace.workspace import Workspace

NOTES = Field("notes of history", "long_text", "Note", multiple=True)
"""A record's notes as a search looks into them. No field of a workspace can have such a name."""


class Noted(msgspec.Struct, frozen=True):
    """A note that was added or, without text, removed."""

    outcome: Outcome
    id: str
    text: str = ""


def add_note(workspace: Workspace, record_id: str, text: str, options: WriteOptions) -> Noted:
    """Write a note into a record's history. Raises WrongUse, NotFound."""
    if is_blank(text):
        raise WrongUse(
            "the note says nothing", hint="crmctl note ID TEXT, or - to read it from standard input"
        )
    with wrong_use("the note "):
        kept = str(Field("note", "long_text").parse(text.rstrip(), workspace.conventions))

    def decide(record: Record, _tx: Transaction) -> Change:
        return Change(NOTE, record, _counting(record, 1), note=kept)

    outcome = change_each(workspace, [record_id], options, NOTE, decide)
    return Noted(outcome, f"{outcome.records[0].id}:{outcome.generation}", kept)


def remove_note(workspace: Workspace, text: str, options: WriteOptions) -> Noted:
    """Take a note away, so that its text is told no more. Raises WrongUse, NotFound, Refused for one that is gone."""
    record_id, generation = read_note_id(text)

    def decide(record: Record, tx: Transaction) -> Change:
        history = tx.writer.history({record.id})
        found = next((each for each in history if each.op == NOTE and each.gen == generation), None)
        if found is None:
            told = f"{record.label} has no note {record.id}:{generation}"
            raise NotFound(told, hint=f"crmctl show {record.id} --with history", record=record.id)
        if note_id(found) in withdrawn(history):
            raise Refused(f"note {note_id(found)} was removed before", record=record.id)
        return Change(REMOVAL, record, _counting(record, -1), note=note_id(found))

    return Noted(change_each(workspace, [record_id], options, REMOVAL, decide), f"{record_id}:{generation}")


def _counting(record: Record, more: int) -> Record:
    count = record.get(COUNT)
    return record.having({COUNT: ((count if isinstance(count, int) else 0) + more) or None})


def told_history(workspace: Workspace, reader: Reader, ids: Collection[str] | None = None) -> list[Entry]:
    """Return the entries of the records named, or all, without the text of notes that are gone by now."""
    history = reader.history(ids)
    if not any(entry.op == NOTE for entry in history):
        return history
    # What was removed since is not told of the past either.
    present = workspace.store.read().history(ids) if workspace.settings.as_of else history
    return without_text(history, withdrawn(present))


def notes_of(workspace: Workspace, reader: Reader, kinds: Sequence[RecordType]) -> dict[str, list[str]]:
    """Return the texts of the notes that stand, by the id of their record."""
    found: dict[str, list[str]] = {}
    entries = reader.changes_of((COUNT,))
    if entries:
        present = workspace.store.read().changes_of((COUNT,)) if workspace.settings.as_of else entries
        gone = withdrawn(present)
        for each in entries:
            if each.op == NOTE and each.note and type_of(each.id) in kinds and note_id(each) not in gone:
                found.setdefault(each.id, []).append(each.note)
    return found
