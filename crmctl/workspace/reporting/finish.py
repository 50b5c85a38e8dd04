"""The last steps of every report: whether it is an alarm, and the columns that are wanted of it."""

from collections.abc import Iterable, Sequence

import msgspec

from crmctl.model.table import NO_VALUE, Block, Column, Kind, Report, Row
from crmctl.text import plural
from crmctl.workspace.reporting.fields import only_fields
from crmctl.workspace.reporting.scope import ReportScope, currency_of
from crmctl.workspace.workspace import Workspace

PIPELINE = Column("pipeline", "Pipeline")
"""The column that rows of several pipelines have."""
_MOST_NAMED = 10
"""Rows that an alarm names."""


def finished(report: Report, workspace: Workspace, scope: ReportScope) -> Report:
    """Return a report as it is to be shown. Raises WrongUse for a condition or for columns that it does not have."""
    if scope.fail_if is not None:
        report = msgspec.structs.replace(report, alarm=_alarm(report, workspace, scope))
    return only_fields(report, scope.fields)


def _alarm(report: Report, workspace: Workspace, scope: ReportScope) -> str:
    """Return what is said where the condition is true of any row, naming those; empty where it is of none."""
    from crmctl.reports.condition import ROWS, Table, true_of

    condition = scope.fail_if or ""

    tables: dict[str, Table] = {}
    for block in report.blocks:
        if block.key:
            before = tables.get(block.key, Table((PIPELINE,), ()))
            tables[block.key] = Table(
                (*before.columns, *block.columns),
                (*before.rows, *_in_pipeline(block, report)),
                (*before.told, *block.read),
            )
    # In an expression the point is the decimal mark; amounts are in the currency that the report is in.
    conventions = msgspec.structs.replace(workspace.conventions, decimal_mark=".")
    currency = currency_of(workspace, scope)
    if currency:
        conventions = msgspec.structs.replace(conventions, currency=currency)
    main_first = sorted(tables, key=lambda key: key != "rows")
    ordered = [tables[key] for key in main_first]
    found = true_of(condition, ordered, workspace.configuration, conventions)
    if [list(row) for row in found] == [[ROWS]]:
        return f"{condition}: the report has {plural(len(ordered[0].rows), 'row')}"
    columns = [column for table in ordered for column in table.columns]
    several = "," in report.filters.get("pipeline", "")
    return _told(condition, found, [each for each in columns if several or each is not PIPELINE])


def _in_pipeline(block: Block, report: Report) -> list[Row]:
    """Return rows that name their pipeline, whether it is the only one or one of several."""
    only = report.filters.get("pipeline", "")
    return [{"pipeline": only, **row} for row in block.rows] if only and "," not in only else block.rows


def _told(condition: str, found: Sequence[Row], columns: Iterable[Column]) -> str:
    if not found:
        return ""
    names = list(dict.fromkeys(column.name for column in columns if column.kind is Kind.TEXT))
    every = list(dict.fromkeys(name for name in (_name(row, names) for row in found) if name))
    more = [f"{len(every) - _MOST_NAMED:,} more"] if len(every) > _MOST_NAMED else []
    told = f"{condition}: true of {plural(len(found), 'row')}"
    return f"{told}: {'; '.join([*every[:_MOST_NAMED], *more])}" if every else told


def _name(row: Row, columns: Sequence[str]) -> str:
    """Return what a row is called among others: its id, or its pipeline and its first words."""
    if "id" in row:
        return str(row["id"])
    called = [row[name] for name in [name for name in columns if name in row][:3]]
    return ", ".join(NO_VALUE if value is None else str(value) for value in called)
