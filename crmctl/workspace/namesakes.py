"""Companies that are made beside others of their name: told, and never taken for the same."""

from collections.abc import Sequence

from crmctl.model.records import Record, RecordType
from crmctl.text import first_of
from crmctl.workspace.named_records import NamedRecords

_TOLD = (RecordType.COMPANY,)
"""People have names in common, and so have deals; of companies two of one name are seldom two."""


class Namesakes:
    """Notes the records that come to stand beside others of their title."""

    def __init__(self, named: NamedRecords) -> None:
        self._named = named
        self._found: list[str] = []

    def take(self, record: Record) -> None:
        """Look at a record that was made, and know it from then on."""
        if record.values["record"] not in _TOLD:
            return
        known = [each for each in self._named.with_title(record.type, record.title) if each != record.id]
        self._named.learn(record)
        if known:
            self._found.append(f"{record.label} has the name of {', '.join(known[:10])}: kept apart")

    @property
    def notes(self) -> Sequence[str]:
        """What is told of them, the first few one by one."""
        return first_of(self._found, "companies like these")
