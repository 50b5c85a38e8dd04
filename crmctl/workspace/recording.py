"""Taking changes down for the history, in portions, so that many thousands of them do not pile up in memory."""

from crmctl.model.change import Change, Entry, PastMove, Run
from crmctl.model.merging import goes_into
from crmctl.rules.context import Context
from crmctl.storage.interface import Writer

MOST_WAITING = 1000
"""Entries of history that wait before they go to the store together."""


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
        self._entries.append(self._entry_of(change))
        if change.past:
            self._entries += [self._entry_of_past(change, past) for past in change.past]
        if len(self._entries) >= MOST_WAITING:
            self.write()

    def write(self) -> None:
        """Hand to the store what waits."""
        self._writer.add_history(self._entries)
        self._entries = []

    def _entry_of(self, change: Change) -> Entry:
        context = self._context
        born = change.before is None or change.after is None
        return Entry(
            id=change.record.id,
            gen=self.generation,
            at=change.at or context.at,
            by=context.by,
            op=change.op,
            run=self.run.id if self.run else "",
            message=self._message,
            note=change.note,
            key=change.key,
            undoes=self.undoes,
            into=goes_into(change),
            changes={} if born else change.differences(),
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
