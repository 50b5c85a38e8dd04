"""`report NAME`: a standard report of the workspace, drawn up from what its definition makes of the facts."""

from collections.abc import Mapping, Sequence

import msgspec

from crmctl.model.table import Block, Column, Kind, Passage, Report, Row
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
from crmctl.workspace.reporting.fields import only_fields
from crmctl.workspace.reporting.notes import standing_notes
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
    asked = {option.name: options[option.name] for option in found.REPORT.options if options.get(option.name)}
    drawn = Report(
        report=name,
        as_of=as_of_text(workspace),
        filters={**_pipelines(workspace, facts), **asked, **scope.filters()},
        blocks=tuple(
            block for section in made.sections for block in _blocks(section, made, found.REPORT, facts)
        ),
        totals=made.totals,
        notes=(*made.notes, *standing_notes(workspace, facts.gathered, facts.beside)),
        more={"explain": explanation.document} if explanation else {},
        passages=tuple(passages),
    )
    return only_fields(drawn, scope.fields)


def _pipelines(workspace: Workspace, facts: WorkspaceFacts) -> dict[str, str]:
    over = dict.fromkeys(each.pipeline.id for each in facts.gathered)
    # Those named may be of what the records counted led to.
    over |= dict.fromkeys(each.id for each in named_pipelines(workspace, facts.scope))
    return {"pipeline": ",".join(over)} if over else {}


def _blocks(section: Section, made: Made, definition: Definition, facts: WorkspaceFacts) -> list[Block]:
    """Return the table of a section; twice where people read other values than programs."""
    columns = section.columns or definition.columns
    if section.by:
        columns = (section.by, *columns)
    several = len({each.pipeline.id for each in made.sections if each.pipeline}) > 1
    head: Row = {"pipeline": section.pipeline.id} if section.pipeline and several else {}
    rows: list[Row] = [{**head, **line.row, **_ids(line, facts.scope)} for line in section.lines]
    heading = _heading(section, definition, facts)
    block = Block(heading, columns, rows, key=section.key, total=section.total, shown=section.shown)
    if not section.shown or not any(line.shown for line in section.lines):
        return [block]
    shown: list[Row] = [{**row, **line.shown} for row, line in zip(rows, section.lines, strict=True)]
    return [msgspec.structs.replace(block, shown=False), msgspec.structs.replace(block, rows=shown, key="")]


def _heading(section: Section, definition: Definition, facts: WorkspaceFacts) -> str:
    scope = facts.scope
    cohort = facts.gathered[0].part.cohort if facts.gathered else None
    if cohort and (scope.cohort or (definition.event and scope.period)):
        stage = section.pipeline.stage(cohort.stage) if section.pipeline else None
        told = cohort_text(cohort, stage.title if stage else cohort.stage, scope.period)
    else:
        told = f"{definition.period} {scope.period}".strip() if scope.period else ""
    title = section.pipeline.title if section.pipeline else ""
    named = ", ".join(part for part in (title, definition.name, told) if part)
    return f"{named}: {section.heading}" if section.heading else named


def _ids(line: Line, scope: ReportScope) -> Row:
    """Return the ids behind a row, all together and, where it has several figures, those of each."""
    if not scope.ids:
        return {}
    every = list(dict.fromkeys(name for ids in line.behind.values() for name in ids))
    return {"ids": every, **{f"{name}_ids": list(ids) for name, ids in line.behind.items() if name}}


def _records_behind(made: Made, definition: Definition) -> list[Passage]:
    lines = [
        (_called(line, name, section, definition), " ".join(ids))
        for section in made.sections
        for line in section.lines
        for name, ids in line.behind.items()
        if ids
    ]
    return [Passage(BEHIND, tuple(lines))] if lines else []


def _called(line: Line, figure: str, section: Section, definition: Definition) -> str:
    """Return what a figure is called among others: its pipeline, its group, its row and its column."""
    columns = section.columns or definition.columns
    named = [section.by] if section.by else []
    named += [column for column in columns[:1] if column.kind is Kind.TEXT]
    values = {**line.row, **line.shown}
    parts = [section.pipeline.title] if section.pipeline and not named else []
    parts += [str(values.get(column.name) or "") for column in named]
    parts += [column.title for column in columns if column.name == figure]
    return ", ".join(part for part in parts if part)


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
    if gathered:
        first = gathered[0]
        document["cohort"] = cohort_words(workspace, scope, first.part.cohort, first.pipeline)
        told.append(("Counted", str(document["cohort"])))
    if definition.period and not scope.cohort:
        document["period"] = f"{definition.period}{period_words(workspace, scope) or ' all time'}"
        told.append(("Period", str(document["period"])))
    told += [("Filter", scope.where)] if scope.where else []
    for each in gathered:
        told.append((each.pipeline.title, counted_text(size(each.journeys), each.pipeline, each.left_out)))
    told += [("Left out", f"{count:,} {why}") for why, count in made.left_out.items() if count]
    document["pipelines"] = [
        {"pipeline": each.pipeline.id, "counted": size(each.journeys), "left_out": each.left_out}
        for each in gathered
    ]
    document["left_out"] = {why: count for why, count in made.left_out.items() if count}
    told.append(("As of", as_of_text(workspace)))
    return Explanation(Passage(HEADING, tuple(told)), document)


def _columns(definition: Definition, sections: Sequence[Section]) -> dict[str, Column]:
    every = [column for section in sections for column in section.columns or definition.columns]
    return {column.name: column for column in every or definition.columns}
