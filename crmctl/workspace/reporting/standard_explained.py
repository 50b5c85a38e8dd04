"""`report NAME --explain`: what each column is, whom the report counts, whom it leaves out and how many."""

from collections.abc import Collection, Iterator, Mapping, Sequence

from crmctl.model.pipeline import Pipeline
from crmctl.model.table import Column, Kind, Passage
from crmctl.reports.cohort import Cohort
from crmctl.reports.definition import Definition
from crmctl.reports.journey import Journey
from crmctl.reports.made import Made, Section
from crmctl.reports.why import Why
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

LeftOut = Mapping[str, int]
"""How many records do not count, by why."""
Counts = Mapping[str, tuple[int, LeftOut]]
"""How many records of a pipeline or a type are behind figures, and how many are not."""
_Told = Iterator[tuple[str, str]]
"""Labelled text for people."""


def explained(workspace: Workspace, facts: WorkspaceFacts, definition: Definition, made: Made) -> Explanation:
    """Return what a report's columns are, its cohort and period, and how many records it left out."""
    columns = _columns(definition, made.sections)
    meanings = {name: definition.meanings[name] for name in columns if name in definition.meanings}
    sums = any(column.kind is Kind.AMOUNT for column in columns.values())
    counts = _counts(facts, made)
    document: dict[str, object] = {
        "definitions": meanings,
        **({"amounts": amounts_text(workspace, facts.scope)} if sums else {}),
        **_narrowed(workspace, facts, definition),
        **_counted(facts, made, counts),
    }
    told = [
        *((columns[name].title or name, text) for name, text in meanings.items()),
        *_words(document),
        *([("Filter", facts.scope.where)] if facts.scope.where else []),
        *_counted_words(facts, made, counts),
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


def _counted(facts: WorkspaceFacts, made: Made, counts: Counts) -> dict[str, object]:
    """Return how many records were counted, and how many were not, by why."""
    staged = [
        {"pipeline": each.pipeline.id, **_figures(*counts[each.pipeline.id])} for each in facts.gathered
    ]
    others = [
        {"record": each.kind.value, **_figures(*counts[each.kind.value])} for each in facts.records_gathered
    ]
    return {
        "pipelines": staged,
        **({"details": dict(made.explained)} if made.explained else {}),
        **({"records": others} if others else {}),
        "left_out": {why.value: count for why, count in made.left_out.items() if count},
    }


def _figures(counted: int, left_out: LeftOut) -> dict[str, object]:
    return {"counted": counted, "left_out": left_out}


def _counts(facts: WorkspaceFacts, made: Made) -> Counts:
    """Return how many records of each pipeline, or type, are behind the figures, and how many are not, by why.

    What a report was given it need not count: a record may have been in none of its states in the period.
    """
    behind = {
        name for part in made.sections for line in part.lines for ids in line.behind.values() for name in ids
    }
    behind |= {str(line.row["id"]) for part in made.sections for line in part.lines if "id" in line.row}
    staged = {each.pipeline.id: _count(each.journeys, behind, each.left_out) for each in facts.gathered}
    others = {
        each.kind.value: _count(each.journeys, behind, each.left_out) for each in facts.records_gathered
    }
    return staged | others


def _count(journeys: Sequence[Journey], behind: Collection[str], left_out: LeftOut) -> tuple[int, LeftOut]:
    counted = sum(each.id in behind for each in journeys)
    beside = len(journeys) - counted
    return counted, {**left_out, **({Why.NO_FIGURE.value: beside} if beside else {})}


_LABELS = {"amounts": "Amounts", "cohort": "Counted", "period": "Period"}
"""How people know what a document has under its keys."""


def _words(document: dict[str, object]) -> _Told:
    return ((label, str(document[name])) for name, label in _LABELS.items() if name in document)


def _counted_words(facts: WorkspaceFacts, made: Made, counts: Counts) -> _Told:
    for each in facts.gathered:
        counted, left_out = counts[each.pipeline.id]
        yield each.pipeline.title, counted_text(counted, each.pipeline.record, left_out)
    for one in facts.records_gathered:
        counted, left_out = counts[one.kind.value]
        yield one.kind.table.capitalize(), counted_text(counted, one.kind, left_out)
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
