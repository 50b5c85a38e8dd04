"""Rows that were imported before: which record each became, and whether a later row has changed it since."""

from crmctl.model.change import taken_back
from crmctl.model.keys import is_row_key
from crmctl.model.records import RecordType
from crmctl.storage.interface import Reader
from crmctl.workspace.merged import heir


class SourceKeys:
    """The rows that stand, by their key; those undone are forgotten. Rows taken now are learnt one by one."""

    def __init__(self, reader: Reader, kind: RecordType) -> None:
        self._reader = reader
        self._heirs: dict[str, str] = {}
        # The keys of letters and of messages are another matter.
        history = [entry for entry in reader.history() if entry.undoes or is_row_key(entry.key)]
        taken = taken_back(history)
        # By the key of a row and by the id of a record: a row that was taken for a record, and when.
        self._taken: dict[str, tuple[str, str, int]] = {}
        self._latest: dict[str, tuple[str, str, int]] = {}
        self._now = reader.generation
        for entry in history:
            stands = (entry.id, entry.gen) not in taken
            if entry.key and stands and entry.id.startswith(kind.prefix):
                self._taken[entry.key] = self._latest[entry.id] = (entry.key, entry.id, entry.gen)

    def __contains__(self, key: str) -> bool:
        """Tell whether a row came before."""
        return key in self._taken

    def learn(self, key: str, record_id: str) -> None:
        """Take down what a row of this import became."""
        self._now += 1
        self._taken[key] = self._latest[record_id] = (key, record_id, self._now)

    def record_of(self, key: str) -> str:
        """Return the id of the record that a row became; empty for one that is new."""
        known = self._taken.get(key)
        return known[1] if known else ""

    def present_of(self, key: str) -> str:
        """Return the id of the record that a row became, or that this went into since; empty for a new row."""
        known = self.record_of(key)
        if not known:
            return ""
        if known not in self._heirs:
            self._heirs[known] = heir(self._reader, known) or known
        return self._heirs[known]

    def is_latest(self, key: str) -> bool:
        """Tell whether no later import brought another row for the record of a known one."""
        _, record_id, at = self._taken[key]
        return self._latest[record_id][2] == at

    def latest_of(self, key: str) -> str:
        """Return the key of the row that was the last to be taken for the record of a known one."""
        return self._latest[self._taken[key][1]][0]
