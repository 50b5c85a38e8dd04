"""Which notes stand, for whoever tells of them: the text of one that is gone is told by nobody."""

from collections.abc import Collection

from crmctl.model import message, note
from crmctl.model.change import Entry
from crmctl.model.field import Field
from crmctl.model.note import SAID, note_id, withdrawn, without_text
from crmctl.storage.interface import Reader
from crmctl.workspace.merged import any_merged, heir
from crmctl.workspace.workspace import Workspace

_COUNTS = (note.COUNT, message.COUNT)
NOTES = Field("notes of history", "long_text", "Note", multiple=True)
"""A record's notes and messages as a search looks into them. No field of a workspace can have such a name."""


def told_history(workspace: Workspace, reader: Reader, ids: Collection[str] | None = None) -> list[Entry]:
    """Return the entries of the records named, or all, without the text of what was said and is gone by now."""
    history = reader.history(ids)
    if not any(entry.op in SAID for entry in history):
        return history
    # What was removed since is not told of the past either.
    present = workspace.store.read().history(ids) if workspace.settings.as_of else history
    return without_text(history, withdrawn(present))


def notes_of(workspace: Workspace, reader: Reader) -> dict[str, list[str]]:
    """Return the texts of the notes and messages that stand, by the id of their record or the one that it went into."""
    found: dict[str, list[str]] = {}
    entries = reader.changes_of(_COUNTS)
    if entries:
        present = workspace.store.read().changes_of(_COUNTS) if workspace.settings.as_of else entries
        gone = withdrawn(present)
        for each in entries:
            if each.op in SAID and each.note and note_id(each) not in gone:
                found.setdefault(each.id, []).append(each.note)
    for former in [each for each in found if reader.get(each) is None] if any_merged(reader) else ():
        if into := heir(reader, former):
            found.setdefault(into, []).extend(found.pop(former))
    return found
