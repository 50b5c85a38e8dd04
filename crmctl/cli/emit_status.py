"""Writing the status of a workspace."""

from pathlib import Path
from typing import Any

from crmctl.cli.output import Output
from crmctl.dates import local_text
from crmctl.model.table import Column, Kind
from crmctl.text import plural

_COLUMNS = (
    Column("records", "Records"),
    *(
        Column(name, name.capitalize(), Kind.COUNT)
        for name in ("all", "open", "unassigned", "untouched", "overdue", "stale")
    ),
    Column("no_next_step", "No next step", Kind.COUNT),
)


def emit_status(output: Output, status: dict[str, Any], zone: str) -> None:
    """Write it as one object, or as a few lines and a table."""
    last = status["last_import"]
    if last:
        last = {**last, "at": local_text(last["at"], zone)}
    if output.shows_every_field:
        output.json({**status, "last_import": last})
        return
    output.data(f"{status['workspace']}, {_near(status['database'])} (generation {status['generation']})")
    output.data("")
    planned = any("no_next_step" in counts for counts in status["records"].values())
    columns = _COLUMNS if planned else _COLUMNS[:-1]
    output.rows(columns, [{"records": table, **counts} for table, counts in status["records"].items()])
    output.data("")
    if last:
        at, rejected = last["at"][:16].replace("T", " "), last["rejected"]
        told = f", {rejected:,} rejected" if rejected else ""
        output.data(f"last import: {last['run']}, {at}, {plural(last['rows'], 'row')}{told}")
    if letters := status["letters_waiting"]:
        output.data(f"outbox: {plural(letters, 'letter')}: crmctl mail --outbox")
    found = status["configuration"]
    told = f"{plural(found['errors'], 'error')}, {plural(found['warnings'], 'warning')}"
    output.data(f"configuration: {told if found['errors'] or found['warnings'] else 'in order'}")
    if found["applied"] is False:
        output.data("configuration changed since it was applied: crmctl plan")


def _near(path: str) -> str:
    """Return a path from where one stands, whole where it leads elsewhere."""
    here = Path.cwd()
    return str(Path(path).relative_to(here)) if Path(path).is_relative_to(here) else path
