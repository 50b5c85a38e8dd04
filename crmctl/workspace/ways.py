"""The ways of records through pipelines, out of history."""

from collections.abc import Sequence

from crmctl.model.change import Entry, standing
from crmctl.model.configuration import Configuration
from crmctl.reports.journey import Stay, stays
from crmctl.storage.interface import Reader, Row


class Ways:
    """The stays of records, by one reading of the history; what was undone did not happen."""

    def __init__(self, reader: Reader, configuration: Configuration) -> None:
        self._moves: dict[str, list[Entry]] = {}
        self._imported: set[str] = set()
        self._stays: dict[str, list[Stay]] = {}
        self._closed = {
            (pipeline.id, stage.id)
            for pipeline in configuration.pipelines
            for stage in pipeline.stages
            if not stage.open
        }
        for entry in standing(reader.history()):
            if "stage" in entry.changes or "pipeline" in entry.changes:
                self._moves.setdefault(entry.id, []).append(entry)
            elif entry.op == "create" and entry.run:
                self._imported.add(entry.id)

    def of(self, row: Row) -> Sequence[Stay]:
        """Return the stays of a record in all pipelines, in order."""
        if row.f_id not in self._moves:
            return (Stay(row.f_pipeline, row.f_stage, row.f_created_at or ""),)
        if row.f_id not in self._stays:
            self._stays[row.f_id] = stays(
                row.f_pipeline, row.f_stage, row.f_created_at or "", self._moves[row.f_id]
            )
        return self._stays[row.f_id]

    def known(self, row: Row) -> Sequence[Stay]:
        """Return the stays of which it is known when they began.

        A record that an import brought on a won or lost stage, without its way there, came to it at another time.
        """
        found = self.of(row)
        unseen = row.f_id in self._imported and (found[0].pipeline, found[0].stage) in self._closed
        return found[1:] if unseen else found
