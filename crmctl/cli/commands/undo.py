"""`crmctl undo`."""

import click

from crmctl.cli.emit_changes import emit_undone
from crmctl.cli.options import WriterCommand
from crmctl.cli.session import Session
from crmctl.workspace.undo import find_target, preview, undo


@click.command(
    "undo",
    cls=WriterCommand,
    examples="""
    crmctl undo
    crmctl undo R-12 --yes
    crmctl undo 57 --dry-run
    """,
)
@click.argument("target", required=False, default="", metavar="[RUN|CHANGE]")
@click.pass_obj
def command(session: Session, target: str) -> int:
    """Take back your own last change, or a change or run by its number."""
    generation, run = find_target(session.lenient_workspace, target)
    session.output.status(preview(session.lenient_workspace, generation, run))
    if run:
        session.confirm(f"undo {run.id}")
    workspace = session.lenient_workspace
    return emit_undone(session.output, undo(workspace, generation, session.writing), workspace)
