"""`crmctl plan`."""

import click
from click.core import ParameterSource

from crmctl.cli.emit_plan import emit_plan
from crmctl.cli.options import Command, map_option, set_option
from crmctl.cli.session import Session
from crmctl.render.format_names import PLAN_FORMATS
from crmctl.rules.assignment import Assignment
from crmctl.workspace.plan import PlanRequest, plan


def _named(ctx: click.Context, param: click.Parameter, value: str) -> str:
    """Refuse an empty name: a variable that is not set must not mean another comparison."""
    if not value and ctx.get_parameter_source("against") is not ParameterSource.DEFAULT:
        raise click.BadParameter("no revision is named", ctx, param)
    return value


@click.command(
    "plan",
    cls=Command,
    formats=PLAN_FORMATS,
    examples="""
    crmctl plan
    crmctl plan --map placed=order --set invoice_no=unknown
    crmctl plan --against origin/main --fail-if-any
    crmctl plan -o ids | crmctl show -
    """,
)
@map_option
@set_option
@click.option(
    "--against",
    default="",
    metavar="GIT-REV",
    callback=_named,
    help="Compare with the configuration of a git revision, not with the one applied last.",
)
@click.option("--fail-if-any", is_flag=True, help="Exit 1 if it means anything for any record.")
@click.pass_obj
def command(
    session: Session, maps: tuple[str, ...], assignments: list[Assignment], against: str, fail_if_any: bool
) -> int:
    """Show what the present configuration means for the stored records; change nothing."""
    asked = PlanRequest(maps, tuple(assignments), against)
    found = plan(session.workspace, asked)
    emit_plan(session.output, found, asked)
    return 1 if fail_if_any and found.means_anything else 0
