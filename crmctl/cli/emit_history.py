"""Writing history and the ledger of runs."""

from collections.abc import Sequence

from crmctl.cli.output import Output
from crmctl.model.change import Entry, Run
from crmctl.model.table import Column, Kind
from crmctl.render.history import entries_json, entries_text, entry_object, run_object
from crmctl.workspace.presentation import value_dumper, value_shower
from crmctl.workspace.workspace import Workspace

_ENTRY_COLUMNS = tuple(
    Column(name, title)
    for name, title in (
        ("gen", "Change"),
        ("at", "At"),
        ("by", "By"),
        ("op", "Operation"),
        ("id", "ID"),
        ("run", "Run"),
        ("message", "Message"),
    )
)
_RUN_COLUMNS = (
    Column("id", "Run"),
    Column("at", "At"),
    Column("by", "By"),
    Column("op", "Operation"),
    Column("created", "Created", Kind.COUNT),
    Column("updated", "Updated", Kind.COUNT),
    Column("rejected", "Rejected", Kind.COUNT),
    Column("files", "Files"),
    Column("undone", "Undone"),
)


def emit_entries(output: Output, entries: Sequence[Entry], workspace: Workspace) -> None:
    """Write entries of history in the order given."""
    zone = workspace.configuration.timezone
    if output.format == "ids":
        output.text("".join(f"{one}\n" for one in dict.fromkeys(entry.id for entry in entries)))
    elif output.format == "json":
        output.text(entries_json(entries, zone, value_dumper(workspace)))
    elif not output.format:
        output.text(entries_text(entries, zone, output.style, value_shower(workspace)) if entries else "")
    else:
        dump = value_dumper(workspace)
        output.rows(_ENTRY_COLUMNS, [entry_object(entry, zone, dump) for entry in entries])
    if not entries and not output.format:
        output.status("nothing happened")


def emit_runs(output: Output, runs: Sequence[Run], zone: str) -> None:
    """Write the ledger in the order given."""
    rows = [run_object(run, zone) for run in runs]
    if not output.shows_every_field:
        rows = [{**row, "at": str(row["at"])[:16].replace("T", " ")} for row in rows]
    output.rows(_RUN_COLUMNS, rows)
    if not runs and not output.format:
        output.status("no runs yet")
