"""`report NAME --explain`: what each column is, whom the report counts, whom it leaves out and how many."""

from collections.abc import Iterator, Sequence

from crmctl.model.pipeline import Pipeline
from crmctl.model.table import Column, Kind, Passage
from crmctl.reports.cohort import Cohort
from crmctl.reports.definition import Definition
from crmctl.reports.journey import size
from crmctl.reports.made import Made, Section
from crmctl.workspace.reporting.explanation import (
    HEADING,
    Explanation,
    amounts_text,
    as_of_text,
    cohort_words,
    counted_text,
    period_words,
)
from crmctl.workspace.reporting.facts import WorkspaceFacts
from crmctl.workspace.workspace import Workspace

_Told = Iterator[tuple[str, str]]
"""Labelled text for people."""


def explained(workspace: Workspace, facts: WorkspaceFacts, definition: Definition, made: Made) -> Explanation:
    """Return what a report's columns are, its cohort and period, and how many records it left out."""
    columns = _columns(definition, made.sections)
    meanings = {name: definition.meanings[name] for name in columns if name in definition.meanings}
    sums = any(column.kind is Kind.AMOUNT for column in columns.values())
    document: dict[str, object] = {
        "definitions": meanings,
        **({"amounts": amounts_text(workspace, facts.scope)} if sums else {}),
        **_narrowed(workspace, facts, definition),
        **_counted(facts, made),
    }
    told = [
        *((columns[name].title or name, text) for name, text in meanings.items()),
        *_words(document),
        *([("Filter", facts.scope.where)] if facts.scope.where else []),
        *_counted_words(facts, made),
        *made.explained.items(),
        ("As of", as_of_text(workspace)),
    ]
    return Explanation(Passage(HEADING, tuple(told)), document)


def _narrowed(workspace: Workspace, facts: WorkspaceFacts, definition: Definition) -> dict[str, object]:
    """Return the cohort and the period in words, where a report is of records or of a period."""
    scope = facts.scope
    found: dict[str, object] = {}
    if facts.gathered or facts.records_gathered:
        found["cohort"] = cohort_words(workspace, scope, *first_cohort(facts))
    if definition.period and not scope.cohort:
        found["period"] = f"{definition.period}{period_words(workspace, scope) or ', all time'}"
    return found


def _counted(facts: WorkspaceFacts, made: Made) -> dict[str, object]:
    """Return how many records were counted, and how many were not, by why."""
    pipelines = [
        {"pipeline": each.pipeline.id, "counted": size(each.journeys), "left_out": each.left_out}
        for each in facts.gathered
    ]
    others = [
        {"record": each.kind.value, "counted": len(each.journeys), "left_out": each.left_out}
        for each in facts.records_gathered
    ]
    return {
        "pipelines": pipelines,
        **({"details": dict(made.explained)} if made.explained else {}),
        **({"records": others} if others else {}),
        "left_out": {why.value: count for why, count in made.left_out.items() if count},
    }


_LABELS = {"amounts": "Amounts", "cohort": "Counted", "period": "Period"}
"""How people know what a document has under its keys."""


def _words(document: dict[str, object]) -> _Told:
    return ((label, str(document[name])) for name, label in _LABELS.items() if name in document)


def _counted_words(facts: WorkspaceFacts, made: Made) -> _Told:
    for each in facts.gathered:
        counted = counted_text(size(each.journeys), each.pipeline.record, each.left_out)
        yield each.pipeline.title, counted
    for one in facts.records_gathered:
        yield one.kind.table.capitalize(), counted_text(len(one.journeys), one.kind, one.left_out)
    for why, count in made.left_out.items():
        if count:
            yield "Left out", f"{count:,} {why.words}"


def first_cohort(facts: WorkspaceFacts) -> tuple[Cohort | None, Pipeline | None]:
    """Return the cohort that the report is of, all have the same, with the pipeline it is named in."""
    if facts.gathered:
        return facts.gathered[0].part.cohort, facts.gathered[0].pipeline
    return (facts.records_gathered[0].cohort if facts.records_gathered else None), None


def _columns(definition: Definition, sections: Sequence[Section]) -> dict[str, Column]:
    every = [column for section in sections for column in section.columns or definition.columns]
    return {column.name: column for column in every or definition.columns}
