"""What happened: changes as the rules decide them, and entries as history keeps them."""

from collections.abc import Iterable

import msgspec

from crmctl.model.records import Record, Value


class PastMove(msgspec.Struct, frozen=True, gc=False):
    """A stage change, or the end of a task, that happened before the record came to us, brought along by an import.

    `changes` are the old and new values of every field that it changed.
    """

    at: str
    changes: dict[str, tuple[Value | None, Value | None]]
    op: str = "move"


class Change(msgspec.Struct, frozen=True, gc=False):
    """One record created, changed or deleted: `before` or `after` is missing at the ends of its life.

    `at` is when it happened where that is not now; `key` identifies the imported row it came from; `unwanted` is why
    whoever the record is of is to be listed as not to be taken in again. One that is `cleared` needs nobody's leave:
    whoever asked for what set it off had that.
    """

    op: str
    before: Record | None
    after: Record | None
    at: str = ""
    key: str = ""
    past: tuple[PastMove, ...] = ()
    note: str = ""
    unwanted: str = ""
    cleared: bool = False

    @property
    def record(self) -> Record:
        """The record as it is now, or as it last was."""
        found = self.after or self.before
        assert found is not None
        return found

    def differences(self) -> dict[str, tuple[Value | None, Value | None]]:
        """Return the old and new value of every field that changed, upkeep fields left out."""
        before = self.before.values if self.before else {}
        after = self.after.values if self.after else {}
        names = [*after, *(name for name in before if name not in after)]
        return {
            name: (before.get(name), after.get(name))
            for name in names
            if name not in UPKEEP and before.get(name) != after.get(name)
        }


UPKEEP = frozenset({"id", "record", "revision", "updated_at", "updated_by"})
"""Fields that follow from history itself, and so are not in it."""


class Entry(msgspec.Struct, frozen=True, omit_defaults=True, gc=False):
    """A line of history. `gen` is the order of recording, `at` when it happened (UTC).

    `changes` holds old and new values; a creation's are left out, since going back from the present
    through the later entries gives them; `into` is the record that this one went into. The fields stand in the order
    in which the data file has them.
    """

    id: str
    gen: int
    at: str
    by: str
    op: str
    changes: dict[str, tuple[Value | None, Value | None]] = {}
    key: str = ""
    message: str = ""
    note: str = ""
    run: str = ""
    undoes: int = 0
    into: str = ""


class Run(msgspec.Struct, frozen=True, omit_defaults=True):
    """The ledger of an import or a bulk change: what can be undone as one.

    `profiles` are those that the files of an import were read by.
    """

    id: str
    gen: int
    at: str
    by: str
    op: str
    record: str = ""
    files: tuple[str, ...] = ()
    hashes: tuple[str, ...] = ()
    rows: int = 0
    created: int = 0
    updated: int = 0
    unchanged: int = 0
    skipped: int = 0
    rejected: int = 0
    undone: int = 0
    message: str = ""
    profiles: tuple[str, ...] = ()


def taken_back(history: Iterable[Entry]) -> set[tuple[str, int]]:
    """Return the changes that a standing undo took back: a record's id and the generation that changed it.

    An undo that kept some of the records of a generation took back only those of the others.
    """
    undoes = {(entry.id, entry.gen): entry.undoes for entry in history if entry.undoes}
    taken: set[tuple[str, int]] = set()
    for record_id, generation in sorted(undoes, key=lambda each: each[1], reverse=True):
        if (record_id, generation) not in taken:
            taken.add((record_id, undoes[record_id, generation]))
    return taken


def standing(history: Iterable[Entry]) -> list[Entry]:
    """Return what happened and was not taken back: neither an undo nor what it undid did."""
    entries = list(history)
    taken = taken_back(entries)
    return [entry for entry in entries if not entry.undoes and (entry.id, entry.gen) not in taken]


def by_date(entries: Iterable[Entry]) -> list[Entry]:
    """Return what happened in the order in which it happened; at one moment the later recorded is the later."""
    return sorted(entries, key=lambda entry: (entry.at, entry.gen))


def before_all(entries: Iterable[Entry], name: str) -> Value | None:
    """Return what a field was before any change of it: what the first recorded change of all started from.

    One that was entered later, under an earlier date, started from what others had left.
    """
    changes = [entry for entry in entries if name in entry.changes]
    first = min(changes, key=lambda entry: (entry.gen, entry.at), default=None)
    return first.changes[name][0] if first else None
