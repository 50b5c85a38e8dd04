"""Writing the blacklist, and what became of it."""

from collections.abc import Sequence

from crmctl.cli.output import WHOLE, Output
from crmctl.dates import local_text
from crmctl.model.blacklist import Listed
from crmctl.model.table import Column
from crmctl.text import plural
from crmctl.workspace.blacklisting import ListChange
from crmctl.workspace.workspace import Workspace

_COLUMNS = tuple(
    Column(name, title)
    for name, title in (
        ("kind", "Kind"),
        ("value", "Value"),
        ("at", "Since"),
        ("by", "By"),
        ("reason", "Reason"),
        ("lead", "Lead"),
    )
)


def emit_blacklist(output: Output, entries: Sequence[Listed], workspace: Workspace) -> None:
    """Write the entries in the order given; as ids their values."""
    rows = [_row(each, workspace.configuration.timezone) for each in entries]
    if output.format == "ids":
        output.text("".join(f"{each.value}\n" for each in entries))
    elif output.format in WHOLE:
        output.json(rows)
    else:
        output.rows(_COLUMNS, [{**row, "at": row["at"][:16].replace("T", " ")} for row in rows])
    if not entries and not output.format:
        output.status("nothing is listed")


def emit_list_change(output: Output, change: ListChange, workspace: Workspace, done: str) -> None:
    """Say what was listed or taken off; in JSON the entries as the list shows them."""
    if output.format:
        emit_blacklist(output, change.entries, workspace)
    for each in change.known:
        output.status(f"{each.label} is listed already, {each.told(workspace.configuration.timezone)}")
    if not change.entries:
        output.status("nothing to change")
        return
    for note in change.notes:
        output.note(note)
    named = ", ".join(each.label for each in change.entries[:5]) + ", ..." * (len(change.entries) > 5)
    told = f"{plural(len(change.entries), 'value')} {'would be ' * change.dry_run}{done}: {named}"
    output.status(f"{change.run}: {told} (undo: crmctl undo {change.run})" if change.run else told)


def _row(entry: Listed, zone: str) -> dict[str, str]:
    """Return an entry as JSON shows it, what is empty left out."""
    row = {
        "kind": entry.kind.value,
        "value": entry.value,
        "at": local_text(entry.added.at, zone),
        "by": entry.added.by,
        "reason": entry.added.reason,
        "lead": entry.lead,
    }
    return {name: text for name, text in row.items() if text}
