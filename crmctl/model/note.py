"""Notes: what somebody had to say of a record. They are entries of its history, and the record counts them.

A note is removed by an entry of its own, which names it; its text stays in the file for an undo, and is told no more.
So does that of messages, which stand in history like notes, once they are undone.
"""

from collections.abc import Iterable

import msgspec

from crmctl.errors import WrongUse
from crmctl.model.change import Entry, taken_back
from crmctl.model.message import MESSAGE
from crmctl.model.records import parse_id
from crmctl.patterns import pattern

NOTE, REMOVAL = "note", "remove-note"
"""The operations that add a note and remove it."""
COUNT = "note_count"
"""The field that counts a record's notes. Each change of it is a note, so that all of them are quick to find."""
SAID = (NOTE, MESSAGE)
"""The operations of entries whose text is all there is to them."""
_ID = pattern(r"(\S+):#?([1-9][0-9]{0,17})")


def note_id(entry: Entry) -> str:
    """Return the id of the note that an entry is: its record and the number of its change, `L-7:42`."""
    return f"{entry.id}:{entry.gen}"


def read_note_id(text: str) -> tuple[str, int]:
    """Return the record's id and the number of the change that an id means. Raises WrongUse."""
    match = _ID.fullmatch(text.strip())
    if match is None:
        raise WrongUse(
            f'"{text}" is not the id of a note',
            hint="ids of notes look like L-7:42; show --with history has them",
        )
    return parse_id(match[1]), int(match[2])


def withdrawn(history: Iterable[Entry]) -> set[str]:
    """Return the ids of the notes that were removed, or undone, and are so still."""
    entries = list(history)
    taken = taken_back(entries)
    undone = {note_id(each) for each in entries if each.op in SAID and (each.id, each.gen) in taken}
    removed = {each.note for each in entries if each.op == REMOVAL and (each.id, each.gen) not in taken}
    return undone | removed


def without_text(entries: Iterable[Entry], gone: set[str]) -> list[Entry]:
    """Return entries of which notes that are gone say nothing but that there was one."""
    return [
        msgspec.structs.replace(each, note="") if each.op in SAID and note_id(each) in gone else each
        for each in entries
    ]
