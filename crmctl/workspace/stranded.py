"""Records whose stage or pipeline the configuration no longer has: whoever touches one is told, and how to go on."""

from collections.abc import Iterable

from crmctl.model.configuration import Configuration
from crmctl.model.records import Record
from crmctl.rules.stranded import stranded
from crmctl.text import plural

MOST_TOLD = 3
"""Records that are told of one by one; of more, only their number."""


class Stranded:
    """Takes down the records that were left on stages that are gone."""

    def __init__(self, configuration: Configuration) -> None:
        self._configuration = configuration
        self._stages = {
            (pipeline.record.value, pipeline.id, stage.id)
            for pipeline in configuration.pipelines
            for stage in pipeline.stages
        }
        self._records: dict[str, Record] = {}

    def take(self, record: Record | None) -> None:
        """Look at a record as a command leaves it, nothing for one that was deleted."""
        if record is None:
            return
        values = record.values
        stage = values.get("stage")
        if stage is None:
            return
        if (values["record"], values.get("pipeline"), stage) in self._stages:
            if self._records:
                self._records.pop(record.id, None)
        else:
            self._records[record.id] = record

    @property
    def notes(self) -> list[str]:
        """What to tell of them."""
        if len(self._records) > MOST_TOLD:
            count = plural(len(self._records), "record")
            return [f"{count} are on stages that are gone: crmctl plan shows what becomes of them"]
        return [stranded_note(record, self._configuration) for record in self._records.values()]


def stranded_notes(records: Iterable[Record], configuration: Configuration) -> list[str]:
    """Return what to tell of those records that are on stages that are gone."""
    found = Stranded(configuration)
    for record in records:
        found.take(record)
    return found.notes


def stranded_note(record: Record, configuration: Configuration) -> str:
    """Return where a record is, and how to go on."""
    there = configuration.pipeline_for(record.type, record.pipeline)
    into = "STAGE" if there else "--pipeline PIPELINE"
    told = f"{record.id} is {stranded(record, configuration)}"
    return f"{told}: crmctl plan shows what becomes of it, crmctl move {record.id} {into} moves it"
