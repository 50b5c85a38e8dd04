"""`note`: a comment in a record's history, and its removal."""

import msgspec

from crmctl.errors import NotFound, Refused, WrongUse, wrong_use
from crmctl.model.change import Change, Entry
from crmctl.model.field import Field
from crmctl.model.note import COUNT, NOTE, REMOVAL, note_id, read_note_id, withdrawn
from crmctl.model.records import Record, counted
from crmctl.text import is_blank
from crmctl.workspace.each import change_each
from crmctl.workspace.merged import heir
from crmctl.workspace.outcome import Outcome, WriteOptions
from crmctl.workspace.transaction import Transaction
from crmctl.workspace.workspace import Workspace


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
        return Change(NOTE, record, counted(record, COUNT), note=kept)

    outcome = change_each(workspace, [record_id], options, NOTE, decide)
    return Noted(outcome, f"{outcome.records[0].id}:{outcome.generation}", kept)


def remove_note(workspace: Workspace, text: str, options: WriteOptions) -> Noted:
    """Take a note away, so that its text is told no more. Raises WrongUse, NotFound, Refused for one that is gone."""
    record_id, generation = read_note_id(text)

    def decide(record: Record, tx: Transaction) -> Change:
        history = tx.writer.history({record.id, record_id})
        found = next((each for each in history if _is_note(each, record_id, generation)), None)
        if found is None:
            told = f"{record.label} has no note {record_id}:{generation}"
            raise NotFound(told, hint=f"crmctl show {record.id} --with history", record=record.id)
        if note_id(found) in withdrawn(history):
            raise Refused(f"note {note_id(found)} was removed before", record=record.id)
        return Change(REMOVAL, record, counted(record, COUNT, -1), note=note_id(found))

    # A note that came with a record that was merged away is one of the record that it went into.
    holder = heir(workspace.store.read(), record_id) or record_id
    return Noted(change_each(workspace, [holder], options, REMOVAL, decide), f"{record_id}:{generation}")


def _is_note(entry: Entry, record_id: str, generation: int) -> bool:
    return entry.op == NOTE and (entry.id, entry.gen) == (record_id, generation)
