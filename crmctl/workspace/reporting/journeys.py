"""The records a report is about, as journeys: those of its pipelines that pass its filter and are in its cohort."""

from collections.abc import Sequence

from crmctl.model.merging import FROM
from crmctl.reports.cohort import Event
from crmctl.reports.counting import closed_undated, closed_unseen
from crmctl.reports.journey import Journey, size
from crmctl.storage.interface import Reader, Row, column
from crmctl.workspace.reporting.amounts import CountedAmounts
from crmctl.workspace.reporting.forebears import Forebears
from crmctl.workspace.reporting.part import Gathered, Part, Wanted, parts_of
from crmctl.workspace.reporting.scope import ReportScope, pipelines_of
from crmctl.workspace.reporting.snapshot import SeveralValues, snapshot
from crmctl.workspace.reporting.ways import Ways, journey_of
from crmctl.workspace.workspace import Workspace


def gather(workspace: Workspace, reader: Reader, scope: ReportScope, *, history: bool) -> list[Gathered]:
    """Return the records of each pipeline asked for.

    Without `history` they are those that are in the pipeline now, known by the stage they are on alone. Raises
    NotFound for a pipeline, WrongUse for the rest.
    """
    wanted = Wanted(pipelines_of(workspace, scope))
    parts, amounts = parts_of(workspace, reader, scope, wanted), CountedAmounts(workspace, reader, scope)
    each_alone = history or scope.ids or amounts.convert or any(part.cohort for part in parts)
    if not each_alone:
        try:
            return snapshot(workspace, reader, parts, amounts)
        except SeveralValues:  # of `tags`, or from when the field took many
            parts = parts_of(workspace, reader, scope, wanted)
    return one_by_one(workspace, reader, parts, amounts, history=history)


def one_by_one(
    workspace: Workspace, reader: Reader, parts: Sequence[Part], amounts: CountedAmounts, *, history: bool
) -> list[Gathered]:
    """Return the records of some pipelines with a journey of each; without `history`, those that are there now."""
    looked_up = history or any(part.cohort and part.cohort.event is Event.ENTERED for part in parts)
    ways = Ways(reader, workspace.configuration, Forebears(reader, workspace.present)) if looked_up else None
    rows = _rows(reader, parts, ways if history else None)
    found = []
    for part in parts:
        candidates = rows[part.pipeline.id]
        passing = _passing(part, candidates, workspace, reader)
        counted = amounts.at_closing(passing, part.money)
        journeys = [journey_of(row, part, counted, ways) for row in passing]
        members = part.cohort.members(journeys, part.pipeline) if part.cohort else journeys
        undated = _undated(part, journeys)
        found.append(
            Gathered(
                part,
                amounts.converted(members),
                len(candidates) - len(passing),
                len(journeys) - len(members) - undated,
                undated,
            )
        )
    return found


def _undated(part: Part, journeys: Sequence[Journey]) -> int:
    """Return how many records cannot be told to be in the cohort: when they closed, or came in, is not known."""
    if part.cohort is None or part.cohort.event is Event.CREATED:
        return 0
    if part.cohort.event is Event.CLOSED:
        return 0 if part.cohort.undated else size(closed_undated(part.pipeline, journeys))
    return size(closed_unseen(journeys))


def _rows(reader: Reader, parts: Sequence[Part], ways: Ways | None) -> dict[str, list[Row]]:
    """Return the records of each pipeline, those that have gone on to another included as far as history tells.

    Those of one type are gone through once for all its pipelines.
    """
    found: dict[str, list[Row]] = {part.pipeline.id: [] for part in parts}
    for kind in dict.fromkeys(part.pipeline.record for part in parts):
        names = dict.fromkeys(
            name for part in parts if part.pipeline.record is kind for name in part.fields("created_at", FROM)
        )
        for row in reader.scan(kind, tuple(names)):
            been = {row.f_pipeline, *(stay.pipeline for stay in ways.of(row))} if ways else (row.f_pipeline,)
            for pipeline in been:
                if pipeline in found:
                    found[pipeline].append(row)
    return found


def _passing(part: Part, rows: list[Row], workspace: Workspace, reader: Reader) -> list[Row]:
    where = workspace.filter(part.bound, reader)
    return where.narrowing(column)(rows) if where else rows
