"""`crmctl duplicates`."""

import click

from crmctl.cli.emit_duplicates import emit_duplicates, emit_plan_written
from crmctl.cli.options import ReaderCommand
from crmctl.cli.session import Session
from crmctl.errors import WrongUse
from crmctl.model.records import record_type
from crmctl.workspace.duplicates import DuplicatesRequest, find_duplicates


@click.command(
    "duplicates",
    cls=ReaderCommand,
    examples="""
    crmctl duplicates contacts
    crmctl duplicates companies --hints
    crmctl duplicates contacts --where 'owner = anna' --plan merge.yaml
    crmctl duplicates leads --fail-if-any -q
    """,
)
@click.argument("record", metavar="TYPE")
@click.option("--where", default="", metavar="EXPR", help="Compare only records an expression is true of.")
@click.option(
    "--limit", type=click.IntRange(min=0), default=0, metavar="N", help="At most N groups (0: all)."
)
@click.option("--hints", is_flag=True, help="Also what only hints at one: companies of one name.")
@click.option("--plan", default="", metavar="FILE|-", help="Write a plan for merge, to be reviewed.")
@click.option("--fail-if-any", is_flag=True, help="Exit 1 if there is any group.")
@click.pass_obj
def command(
    session: Session, record: str, where: str, limit: int, hints: bool, plan: str, fail_if_any: bool
) -> int:
    """Find groups of records that may be one, by the workspace's match rules.

    Each group says by what its records match and how sure that is. A doubtful one is written to a plan as not to be
    merged; a hint is in no plan.
    """
    asked = DuplicatesRequest(record_type(record), where, limit, hints)
    if plan:
        _check_plan(session, plan)
    found = find_duplicates(session.workspace, asked)
    if plan:
        emit_plan_written(session.output, found, plan, session.workspace)
    else:
        emit_duplicates(session.output, found, hints=hints)
    return 1 if fail_if_any and found.total else 0


def _check_plan(session: Session, plan: str) -> None:
    from crmctl.workspace.plan_target import check_plan_target

    if session.given.as_of:
        raise WrongUse("--plan is for what is there now: it does not go with --as-of")
    check_plan_target(session.workspace, plan)
