"""Writing what became of a note: its id, to be pasted back."""

from crmctl.cli.emit_changes import foretell
from crmctl.cli.output import WHOLE, Output
from crmctl.dates import local_text, stored_moment
from crmctl.workspace.note import Noted
from crmctl.workspace.workspace import Workspace

FORMATS = ("table", "json", "jsonl", "yaml", "ids")


def emit_note(output: Output, noted: Noted, workspace: Workspace) -> None:
    """Write the id of a note that was added, and say what was done."""
    if noted.outcome.dry_run:
        foretell(output, noted.outcome.changes, (), workspace)
        return
    record = noted.outcome.records[0]
    if output.format in WHOLE:
        at = local_text(stored_moment(workspace.now), workspace.configuration.timezone)
        said = {"note": noted.text} if noted.text else {"removed": True}
        output.json({"note_id": noted.id, "id": record.id, "at": at, "by": workspace.by, **said})
    elif noted.text or output.format:
        output.data(noted.id)
    if noted.text:
        output.status(f"{record.label}: noted (remove: crmctl note --remove {noted.id})")
    else:
        output.status(f"{record.label}: note {noted.id} removed")
