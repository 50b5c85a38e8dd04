"""Taking changes down for the history, in portions, so that many thousands of them do not pile up in memory."""

from collections.abc import Sequence

from msgspec import structs

from crmctl.model.change import Change, Entry, PastMove, Run
from crmctl.model.merging import goes_into
from crmctl.model.records import Value
from crmctl.rules.context import Context
from crmctl.storage.interface import Writer

MOST_WAITING = 1000
"""Entries of history that wait before they go to the store together."""

_NOTHING: dict[str, tuple[Value | None, Value | None]] = {}
"""What births and ends change, as entries have it: nothing of its own for each of a hundred thousand."""


class Recording:
    """The history of one commit, on its way to the store. `run` is what the changes are part of, if any."""

    def __init__(self, writer: Writer, context: Context, message: str) -> None:
        self.run: Run | None = None
        self.undoes = 0
        self.count = 0
        self.generation = writer.generation + 1
        self._writer = writer
        self._context = context
        self._message = message
        self._entries: list[Entry] = []

    def take(self, change: Change) -> None:
        """Take a change down, with the past that came with it."""
        self.count += 1
        entry = self._entry_of(change)
        if change.past:
            past = [self._entry_of_past(change, each) for each in change.past]
            # What is born has its past after that; of a known record it is the way to where the change begins.
            self._entries += [entry, *past] if change.before is None else [*past, _going_on(entry, past)]
        else:
            self._entries.append(entry)
        if len(self._entries) >= MOST_WAITING:
            self.write()

    def write(self) -> None:
        """Hand to the store what waits."""
        self._writer.add_history(self._entries)
        self._entries = []

    def _entry_of(self, change: Change) -> Entry:
        context, after = self._context, change.after
        return Entry(
            id=(after or change.record).id,
            gen=self.generation,
            at=change.at or context.at,
            by=context.by,
            op=change.op,
            run=self.run.id if self.run else "",
            message=self._message,
            note=change.note,
            key=change.key,
            undoes=self.undoes,
            into=goes_into(change) if after is None else "",
            changes=_NOTHING if after is None or change.before is None else change.differences(),
        )

    def _entry_of_past(self, change: Change, past: PastMove) -> Entry:
        return Entry(
            id=change.record.id,
            gen=self.generation,
            at=past.at,
            by=self._context.by,
            op=past.op,
            run=self.run.id if self.run else "",
            changes=past.changes,
        )


def _going_on(entry: Entry, past: Sequence[Entry]) -> Entry:
    """Return an entry whose changes begin where those before it ended."""
    ends = {name: value for each in past for name, (_, value) in each.changes.items()}
    changes = {name: (ends.get(name, before), after) for name, (before, after) in entry.changes.items()}
    return structs.replace(entry, changes=changes)
