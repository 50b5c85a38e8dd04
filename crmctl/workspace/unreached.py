"""Why an undo could not reach a record, and how to go on."""

from collections.abc import Sequence

from crmctl.model.change import Entry
from crmctl.model.letter import MAIL
from crmctl.storage.interface import Reader
from crmctl.text import plural
from crmctl.workspace.merged import heir

MOST_NAMED = 10
"""Records that a note names; the command to bring back more would be longer than its line."""


def unreached_notes(ids: Sequence[str], reader: Reader, target: str) -> list[str]:
    """Return a note for each reason; `target` is what was to be undone, as `crmctl undo` takes it."""
    back = [name for name in ids if reader.get(name)]
    heirs = {name: into for name in ids if name not in back and (into := heir(reader, name))}
    trashed = [name for name in ids if name not in (*back, *heirs) and reader.trashed(name)]
    gone = [name for name in ids if name not in back and name not in trashed and name not in heirs]
    found = []
    if heirs:
        into = ", ".join(dict.fromkeys(list(heirs.values())[:MOST_NAMED]))
        found.append(f"{_told(list(heirs))} merged into {into}: undo that first, crmctl runs has its number")
    if trashed:
        which = " ".join(trashed) if len(trashed) <= MOST_NAMED else "ID..."
        found.append(f"{_told(trashed)} in the trash: crmctl restore {which}, then crmctl undo {target}")
    if gone:
        found.append(f"{_told(gone)} removed for good: nothing is left to take back")
    if back:
        found.append(f"{_told(back)} back already: nothing is left to take back")
    return found


def sent_notes(entries: Sequence[Entry]) -> list[str]:
    """Return a note where letters went out: no undo brings them back."""
    count = sum(entry.op == MAIL and bool(entry.key) for entry in entries)
    return [f"{plural(count, 'letter')} went out, which cannot be taken back"] if count else []


def _told(ids: Sequence[str]) -> str:
    named = ", ".join(ids) if len(ids) <= MOST_NAMED else plural(len(ids), "record")
    return f"{named} {'is' if len(ids) == 1 else 'are'}"
