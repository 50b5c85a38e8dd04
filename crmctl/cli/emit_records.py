"""Writing records: lists, cards, and what a search found."""

from __future__ import annotations

from collections.abc import Mapping, Sequence
from typing import TYPE_CHECKING

from crmctl.cli.output import SPREADSHEET, WHOLE, Output
from crmctl.model.change import Entry
from crmctl.model.records import Record, Value
from crmctl.model.table import Column
from crmctl.render.figure import raw_figure
from crmctl.render.formats import needs_cells
from crmctl.render.history import entry_object, entry_text, work_object, work_text
from crmctl.render.listing import Card, Listing, Section
from crmctl.render.width import display_width, pad
from crmctl.text import visible
from crmctl.workspace.open_tasks import task_line
from crmctl.workspace.presentation import presented, value_dumper, value_shower

if TYPE_CHECKING:
    from crmctl.workspace.listing import FoundRecords
    from crmctl.workspace.search import Hit
    from crmctl.workspace.show import ShownRecord
    from crmctl.workspace.workspace import Workspace

_HIT_COLUMNS = (
    Column("id", "ID"),
    Column("record", "Record"),
    Column("title", "Title"),
    Column("where", "Found in"),
)


def emit_listing(output: Output, found: FoundRecords) -> None:
    """Write the records found: whole, as exact cells, or as people read them, as the format wants."""
    presenter = found.presenter
    if output.format == "ids":
        output.records(Listing(presenter.columns, [{"id": values["id"]} for values in found.rows]))
    elif not needs_cells(output.name):
        output.records(Listing(presenter.columns, [presenter.json(values) for values in found.rows]))
    else:
        shown = presenter.exact_cells if output.format in SPREADSHEET else presenter.cells
        output.records(Listing(presenter.columns, (), [shown(values) for values in found.rows]))
    if not found.rows and not output.format:
        output.status("nothing found")
    for note in found.notes:
        output.note(note)


def emit_hits(output: Output, hits: Sequence[Hit]) -> None:
    """Write the records of several types in which a text was found."""
    if not needs_cells(output.name):
        output.records(Listing(_HIT_COLUMNS, [hit.presenter.json(hit.record.values) for hit in hits]))
    else:
        cells = [[hit.record.id, hit.record.type.value, hit.record.title, hit.where] for hit in hits]
        output.records(Listing(_HIT_COLUMNS, (), cells))
    if not hits and not output.format:
        output.status("nothing found")


def emit_cards(
    output: Output, shown: Sequence[ShownRecord], parts: Sequence[str], workspace: Workspace, *, single: bool
) -> None:
    """Write records whole; `parts` are what else is wanted of them. One alone is an object in JSON."""
    if output.format in SPREADSHEET:
        exact = [zip(*each.exact, strict=True) for each in shown]
        output.cards([Card("", columns, {}, cells) for columns, cells in exact])
        return
    cards = [_card(each, parts, workspace) for each in shown]
    if output.format in WHOLE and not single:
        output.records(Listing((), [card.row for card in cards]))
    else:
        output.cards(cards)


def emit_written(output: Output, rows: Sequence[Mapping[str, Value]], *, single: bool) -> None:
    """Write records that a command made or changed, in the format asked for."""
    if single and output.format in WHOLE:
        output.cards([Card("", (), rows[0], ())])
        return
    columns = [Column(name, name) for name in dict.fromkeys(name for row in rows for name in row)]
    cells = [[raw_figure(row.get(column.name)) for column in columns] for row in rows]
    output.records(Listing(columns, rows, cells))


def _item_lines(shown: ShownRecord) -> tuple[str, ...]:
    """Return the lines of a deal in columns, and their total where there are several."""
    rows = [(each.product, each.title, f"{each.quantity} x {each.price}", each.total) for each in shown.lines]
    rows += [("", "", "", shown.total)] if len(rows) > 1 else []
    *texts, figures = [[visible(cell) for cell in column] for column in zip(*rows, strict=True)]
    widths = [max(map(display_width, column)) for column in texts]
    widest = max(map(display_width, figures))
    return tuple(
        "  ".join(
            [*(pad(cell, width) for cell, width in zip(cells, widths, strict=True)), figure.rjust(widest)]
        )
        for *cells, figure in zip(*texts, figures, strict=True)
    )


def _card(shown: ShownRecord, parts: Sequence[str], workspace: Workspace) -> Card:
    row: dict[str, object] = dict(shown.json)
    sections = [Section("Items", _item_lines(shown))] if shown.lines else []
    if shown.related:
        lines = tuple(f"{each.id}  {each.title}  ({each.relation})" for each in shown.related)
        sections.append(Section("Linked", lines))
    if "related" in parts:
        row["related"] = [
            {"id": e.id, "record": e.record, "title": e.title, "as": e.relation} for e in shown.related
        ]
    if shown.tasks:
        sections.append(Section("Tasks", _task_lines(shown, workspace)))
    if "tasks" in parts:
        row["tasks"] = presented(workspace, shown.tasks)
    if "history" in parts:
        row["history"] = _history_objects(shown, workspace)
        sections.append(Section("History", _history_lines(shown, workspace)))
    columns = tuple(column for column, _ in shown.fields)
    cells = tuple(text for _, text in shown.fields)
    return Card(f"{shown.record.id}  {shown.record.title}", columns, row, cells, tuple(sections))


def _task_lines(shown: ShownRecord, workspace: Workspace) -> tuple[str, ...]:
    lines = ((task_line(task, workspace), _whose(task, shown)) for task in shown.tasks)
    return tuple(f"{line}  {whose}" if whose else line for line, whose in lines)


def _came_with(entry: Entry, shown: ShownRecord) -> str:
    """Return of which record an entry is that was merged into the one shown."""
    return "" if entry.id == shown.record.id else f"  (came with {entry.id})"


def _whose(task: Record, shown: ShownRecord) -> str:
    """Return whom a task is for where that is not the record shown, by id and title."""
    titles = {each.id: each.title for each in shown.related}
    clients = task.many("for")
    return (
        ""
        if shown.record.id in clients
        else ", ".join(f"{each} {titles.get(each, '')}".rstrip() for each in clients)
    )


def _history_objects(shown: ShownRecord, workspace: Workspace) -> list[dict[str, object]]:
    zone, dump = workspace.configuration.timezone, value_dumper(workspace)
    return [
        work_object(entry, shown.work[entry.id], zone, dump)
        if entry.id in shown.work
        else entry_object(entry, zone, dump)
        for entry in shown.history
    ]


def _history_lines(shown: ShownRecord, workspace: Workspace) -> tuple[str, ...]:
    zone, show = workspace.configuration.timezone, value_shower(workspace)
    return tuple(
        work_text(entry, task, _whose(task, shown), zone, show)
        if (task := shown.work.get(entry.id))
        else f"{entry_text(entry, zone, show)}{_came_with(entry, shown)}"
        for entry in shown.history
    )
