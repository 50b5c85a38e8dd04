"""`report NAME`: a standard report of the workspace, drawn up from what its definition makes of the facts."""

from collections.abc import Mapping, Sequence
from itertools import takewhile

import msgspec

from crmctl.model.pipeline import Pipeline
from crmctl.model.records import record_type
from crmctl.model.table import Block, Column, Kind, Passage, Report, Row
from crmctl.reports.cohort import Cohort
from crmctl.reports.definition import Definition
from crmctl.reports.funnel_told import cohort_text
from crmctl.reports.journey import size
from crmctl.reports.made import Line, Made, Section
from crmctl.reports.standard import standard_report
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
from crmctl.workspace.reporting.finish import finished
from crmctl.workspace.reporting.notes import records_notes, standing_notes
from crmctl.workspace.reporting.scope import ReportScope, named_pipelines
from crmctl.workspace.workspace import Workspace

BEHIND = "The records behind the figures"


def report(workspace: Workspace, name: str, scope: ReportScope, options: Mapping[str, str]) -> Report:
    """Return a standard report; `options` are its own, by name. Raises NotFound, WrongUse."""
    found = standard_report(name)
    facts = WorkspaceFacts(workspace, found.REPORT, scope, options)
    made = found.make(facts)
    passages = _records_behind(made, found.REPORT) if scope.ids else []
    explanation = _explained(workspace, facts, found.REPORT, made) if scope.explain else None
    if explanation:
        passages.append(explanation.passage)
    typed = {"record": record_type(options["record"]).value} if found.REPORT.of_type else {}
    asked = {option.name: options[option.name] for option in found.REPORT.options if options.get(option.name)}
    drawn = Report(
        report=name,
        as_of=as_of_text(workspace),
        filters={**_pipelines(workspace, facts), **typed, **asked, **scope.filters()},
        blocks=tuple(
            block for section in made.sections for block in _blocks(section, made, found.REPORT, facts)
        ),
        totals=made.totals,
        notes=(*made.notes, *_standing_notes(workspace, facts)),
        more={"explain": explanation.document} if explanation else {},
        passages=tuple(passages),
        question=found.REPORT.question,
    )
    return finished(drawn, workspace, scope)


def _standing_notes(workspace: Workspace, facts: WorkspaceFacts) -> list[str]:
    others = facts.records_gathered
    beside = {*facts.beside, *(each.kind for each in others)}
    return [*standing_notes(workspace, facts.gathered, beside), *records_notes(others)]


def _pipelines(workspace: Workspace, facts: WorkspaceFacts) -> dict[str, str]:
    over = dict.fromkeys(each.pipeline.id for each in facts.gathered)
    # Those named may be of what the records counted led to.
    over |= dict.fromkeys(each.id for each in named_pipelines(workspace, facts.scope))
    return {"pipeline": ",".join(over)} if over else {}


def _blocks(section: Section, made: Made, definition: Definition, facts: WorkspaceFacts) -> list[Block]:
    """Return the table of a section; twice where people read other values than programs."""
    columns = section.columns or definition.columns
    if section.by:
        columns = (section.by, *(each for each in columns if each.name != section.by.name))

    if by := section.by:
        columns = (by, *(column for column in columns if column.name != by.name))
    several = len({each.pipeline.id for each in made.sections if each.pipeline}) > 1
    head: Row = {"pipeline": section.pipeline.id} if section.pipeline and several else {}
    rows: list[Row] = [{**head, **line.row, **_ids(line, facts.scope)} for line in section.lines]
    heading = _heading(section, definition, facts)
    block = Block(heading, columns, rows, section.key, section.total, section.shown, definition.chart)
    if section.pipeline:
        block = msgspec.structs.replace(block, about=section.pipeline.title)
    if not section.shown or not any(line.shown for line in section.lines):
        return [block]
    shown: list[Row] = [{**row, **line.shown} for row, line in zip(rows, section.lines, strict=True)]
    return [msgspec.structs.replace(block, shown=False), msgspec.structs.replace(block, rows=shown, key="")]


def _heading(section: Section, definition: Definition, facts: WorkspaceFacts) -> str:
    scope = facts.scope
    cohort, _ = _first_cohort(facts)
    if cohort and (scope.cohort or (definition.event and scope.period)):
        stage = section.pipeline.stage(cohort.stage) if section.pipeline else None
        told = cohort_text(cohort, stage.title if stage else cohort.stage, scope.period)
    else:
        told = f"{definition.period} {scope.period}".strip() if scope.period else ""
    title = section.pipeline.title if section.pipeline else ""
    named = ", ".join(part for part in (title, definition.name, told) if part)
    return f"{named}: {section.heading}" if section.heading else named


def _ids(line: Line, scope: ReportScope) -> Row:
    """Return the ids behind a row, all together and, where it has several figures, those of each.

    A row that is a record has none behind it.
    """
    if not scope.ids or not line.behind:
        return {}
    every = list(dict.fromkeys(name for ids in line.behind.values() for name in ids))
    return {"ids": every, **{f"{name}_ids": list(ids) for name, ids in line.behind.items() if name}}


def _records_behind(made: Made, definition: Definition) -> list[Passage]:
    lines = [
        (called, " ".join(ids))
        for section in made.sections
        for line in section.lines
        for name, ids in line.behind.items()
        if ids and (called := _called(line, name, section, definition)) not in ids
    ]
    return [Passage(BEHIND, tuple(lines))] if lines else []


def _called(line: Line, figure: str, section: Section, definition: Definition) -> str:
    """Return what a figure is called among others: its pipeline, its group, its row and its column."""
    columns = section.columns or definition.columns
    named = [section.by] if section.by else []
    named += _naming(columns)
    values = {**line.row, **line.shown}
    parts = [section.pipeline.title] if section.pipeline and not named else []
    parts += [str(values.get(column.name) or "") for column in named]
    parts += [column.title for column in columns if column.name == figure]
    return ", ".join(part for part in parts if part)


def _naming(columns: Sequence[Column]) -> Sequence[Column]:
    """Return the columns that name a row: those of text that it begins with, or its id alone."""
    if columns and columns[0].name == "id":
        return columns[:1]
    return list(takewhile(lambda column: column.kind is Kind.TEXT, columns))


def _explained(
    workspace: Workspace, facts: WorkspaceFacts, definition: Definition, made: Made
) -> Explanation:
    scope, gathered = facts.scope, facts.gathered
    columns = _columns(definition, made.sections)
    meanings = {name: definition.meanings[name] for name in columns if name in definition.meanings}
    told = [(columns[name].title or name, text) for name, text in meanings.items()]
    document: dict[str, object] = {"definitions": meanings}
    if any(column.kind is Kind.AMOUNT for column in columns.values()):
        document["amounts"] = amounts_text(workspace, scope)
        told.append(("Amounts", amounts_text(workspace, scope)))
    if gathered or facts.records_gathered:
        document["cohort"] = cohort_words(workspace, scope, *_first_cohort(facts))
        told.append(("Counted", str(document["cohort"])))
    if definition.period and not scope.cohort:
        document["period"] = f"{definition.period}{period_words(workspace, scope) or ', all time'}"
        told.append(("Period", str(document["period"])))
    told += [("Filter", scope.where)] if scope.where else []
    for each in gathered:
        told.append(
            (each.pipeline.title, counted_text(size(each.journeys), each.pipeline.record, each.left_out))
        )
    told += [
        (each.kind.table.capitalize(), counted_text(len(each.journeys), each.kind, each.left_out))
        for each in facts.records_gathered
    ]
    told += [("Left out", f"{count:,} {why}") for why, count in made.left_out.items() if count]
    document["pipelines"] = [
        {"pipeline": each.pipeline.id, "counted": size(each.journeys), "left_out": each.left_out}
        for each in gathered
    ]
    told += made.explained.items()
    if made.explained:
        document["details"] = dict(made.explained)
    if facts.records_gathered:
        document["records"] = [
            {"record": each.kind.value, "counted": len(each.journeys), "left_out": each.left_out}
            for each in facts.records_gathered
        ]
    document["left_out"] = {why: count for why, count in made.left_out.items() if count}
    told.append(("As of", as_of_text(workspace)))
    return Explanation(Passage(HEADING, tuple(told)), document)


def _first_cohort(facts: WorkspaceFacts) -> tuple[Cohort | None, Pipeline | None]:
    """Return the cohort that the report is of, all have the same, with the pipeline it is named in."""
    if facts.gathered:
        return facts.gathered[0].part.cohort, facts.gathered[0].pipeline
    return (facts.records_gathered[0].cohort if facts.records_gathered else None), None


def _columns(definition: Definition, sections: Sequence[Section]) -> dict[str, Column]:
    every = [column for section in sections for column in section.columns or definition.columns]
    return {column.name: column for column in every or definition.columns}
