"""The tables of standard reports: rows of a section under the columns and the heading that say what they are."""

from crmctl.model.table import Block, Row
from crmctl.reports.definition import Definition
from crmctl.reports.funnel_told import cohort_text
from crmctl.reports.made import Made, Section
from crmctl.workspace.reporting.behind import ids_of
from crmctl.workspace.reporting.facts import WorkspaceFacts
from crmctl.workspace.reporting.standard_explained import first_cohort


def block_of(section: Section, made: Made, definition: Definition, facts: WorkspaceFacts) -> Block:
    """Return the table of a section."""
    columns = section.columns or definition.columns
    if by := section.by:
        columns = (by, *(column for column in columns if column.name != by.name))
    several = len({each.pipeline.id for each in made.sections if each.pipeline}) > 1
    head: Row = {"pipeline": section.pipeline.id} if section.pipeline and several else {}
    rows: list[Row] = [
        {**head, **line.row, **(ids_of(line) if facts.scope.ids else {})} for line in section.lines
    ]
    told: list[Row] = [{**row, **line.shown} for row, line in zip(rows, section.lines, strict=True)]
    return Block(
        _heading(section, definition, facts),
        columns,
        rows,
        section.key,
        section.total,
        section.shown,
        definition.chart,
        about=section.pipeline.title if section.pipeline else "",
        told=told if any(line.shown for line in section.lines) else None,
    )


def _heading(section: Section, definition: Definition, facts: WorkspaceFacts) -> str:
    scope = facts.scope
    cohort, _ = first_cohort(facts)
    if cohort and (scope.cohort or (definition.event and scope.period)):
        stage = section.pipeline.stage(cohort.stage) if section.pipeline else None
        told = cohort_text(cohort, stage.title if stage else cohort.stage, scope.period)
    else:
        told = f"{definition.period} {scope.period}".strip() if scope.period else ""
    title = section.pipeline.title if section.pipeline else ""
    named = ", ".join(part for part in (title, definition.name, told) if part)
    return f"{named}: {section.heading}" if section.heading else named
