"""`funnel --explain`: what each column is, whom the report counts, whom it leaves out and how many."""

from collections.abc import Sequence

from crmctl.model.table import Passage
from crmctl.reports.counting import COUNTED_BY_ENTRY, Mode, closed_unseen
from crmctl.reports.funnel import TITLES
from crmctl.reports.funnel_told import definitions
from crmctl.reports.journey import size
from crmctl.reports.why import Why
from crmctl.workspace.reporting.explanation import (
    HEADING,
    Explanation,
    amounts_text,
    as_of_text,
    cohort_words,
    counted_text,
)
from crmctl.workspace.reporting.part import Gathered
from crmctl.workspace.reporting.scope import ReportScope
from crmctl.workspace.workspace import Workspace


def explained(
    workspace: Workspace, scope: ReportScope, mode: Mode, gathered: Sequence[Gathered]
) -> Explanation:
    """Return what a funnel's columns are, its cohort, and how many records of each pipeline were left out."""
    columns = {**definitions(mode, grouped=bool(scope.by)), "amount": amounts_text(workspace, scope)}
    cohort = cohort_words(workspace, scope, gathered[0].part.cohort, gathered[0].pipeline)
    told = [(TITLES[name], text) for name, text in columns.items()]
    told += [("Cohort", cohort), *([("Filter", scope.where)] if scope.where else [])]
    told += [
        (each.pipeline.title, counted_text(size(each.journeys), each.pipeline.record, _left_out(each, mode)))
        for each in gathered
    ]
    told.append(("As of", as_of_text(workspace)))
    counted = [
        {"pipeline": each.pipeline.id, "counted": size(each.journeys), "left_out": _left_out(each, mode)}
        for each in gathered
    ]
    document: dict[str, object] = {"definitions": columns, "cohort": cohort, "pipelines": counted}
    return Explanation(Passage(HEADING, tuple(told)), document)


def _left_out(gathered: Gathered, mode: Mode) -> dict[str, int]:
    unseen = size(closed_unseen(gathered.journeys)) if mode in COUNTED_BY_ENTRY else 0
    return gathered.left_out | ({Why.UNSEEN.value: unseen} if unseen else {})
