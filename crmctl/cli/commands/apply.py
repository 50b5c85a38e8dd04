"""`crmctl apply`."""

import click

from crmctl.cli.emit_plan import confirm_plan, emit_applied
from crmctl.cli.options import WriterCommand, map_option, set_option
from crmctl.cli.session import Session
from crmctl.render.format_names import PLAN_FORMATS
from crmctl.rules.assignment import Assignment
from crmctl.workspace.apply import apply
from crmctl.workspace.plan import PlanRequest


@click.command(
    "apply",
    cls=WriterCommand,
    formats=PLAN_FORMATS,
    examples="""
    crmctl apply
    crmctl apply --map placed=order --yes
    crmctl apply --map wholesale=retail --map delivery:pickup=branch --dry-run
    """,
)
@map_option
@set_option
@click.pass_obj
def command(session: Session, maps: tuple[str, ...], assignments: list[Assignment]) -> int:
    """Bring the stored records to the present configuration, in one run that can be undone."""
    asked = PlanRequest(maps, tuple(assignments))
    agreed = confirm_plan(session, asked)
    applied = apply(session.workspace, asked, session.writing, agreed)
    return emit_applied(session.output, applied, session.workspace)
