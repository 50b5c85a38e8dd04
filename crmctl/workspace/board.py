"""`board`: a pipeline's records by stage, as cards."""

from collections.abc import Mapping

import msgspec

from crmctl.model.pipeline import Pipeline, Stage
from crmctl.model.records import RecordType, Value
from crmctl.reports.journey import Amounts, Journey
from crmctl.reports.sums import summed
from crmctl.rules.create import chosen_pipeline
from crmctl.workspace.listing import ListRequest, list_records
from crmctl.workspace.presentation import Presenter
from crmctl.workspace.workspace import Workspace

USUAL_FIELDS = {RecordType.DEAL: ("title", "amount", "owner"), RecordType.LEAD: ("title", "phone", "owner")}


class BoardColumn(msgspec.Struct, frozen=True):
    """A stage with the records on it, each as the fields shown on its card."""

    stage: Stage
    rows: list[Mapping[str, Value]]
    amount: Amounts


class Board(msgspec.Struct, frozen=True):
    """A pipeline's columns, in the order of its stages; `archived` records are on stages that are gone."""

    pipeline: Pipeline
    presenter: Presenter
    columns: list[BoardColumn]
    archived: int = 0


def board(workspace: Workspace, name: str, where: str, fields: tuple[str, ...]) -> Board:
    """Return the board of a pipeline, the usual one where none is named. Raises NotFound, WrongUse."""
    pipeline = _pipeline(workspace, name)
    shown = ("id", *(fields or USUAL_FIELDS[pipeline.record]))
    asked = ListRequest(
        pipeline.record, where, pipeline=pipeline.id, fields=(*shown, "stage", "amount", "currency")
    )
    found = list_records(workspace, asked)
    presenter = Presenter(workspace, workspace.read(), pipeline.record, shown)
    columns = [_column(stage, found.rows) for stage in pipeline.stages]
    archived = len(found.rows) - sum(len(column.rows) for column in columns)
    return Board(pipeline, presenter, columns, archived)


def _pipeline(workspace: Workspace, name: str) -> Pipeline:
    if name:
        return workspace.configuration.pipeline(name)
    return chosen_pipeline(RecordType.DEAL, "", workspace.context(workspace.read()))


def _column(stage: Stage, rows: list[Mapping[str, Value]]) -> BoardColumn:
    here = [row for row in rows if row.get("stage") == stage.id]
    journeys = (
        Journey(str(row["id"]), "", stage.id, _text(row, "amount"), _text(row, "currency")) for row in here
    )
    return BoardColumn(stage, here, summed(journeys))


def _text(row: Mapping[str, Value], name: str) -> str | None:
    value = row.get(name)
    return None if value is None else str(value)
