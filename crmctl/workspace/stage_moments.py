"""When records last came to a stage, as far as history knows."""

from functools import cached_property

from crmctl.model.change import taken_back
from crmctl.model.records import Record
from crmctl.storage.interface import Reader


class StageMoments:
    """The last such moments of one state; history is gone through but once, and only if any is asked for."""

    def __init__(self, reader: Reader) -> None:
        self._reader = reader

    def last(self, record: Record) -> str:
        """Return when a record came to the stage that it is on; what was undone does not count."""
        return max(record.text("created_at"), self._moves.get(record.id, ""))

    @cached_property
    def _moves(self) -> dict[str, str]:
        entries = self._reader.changes_of(["stage"])
        taken = taken_back(entries)
        found: dict[str, str] = {}
        for entry in entries:
            if not entry.undoes and (entry.id, entry.gen) not in taken:
                found[entry.id] = max(entry.at, found.get(entry.id, ""))
        return found
