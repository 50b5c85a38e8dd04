"""`crmctl merge`."""

import click

from crmctl.cli.asking import run_asking
from crmctl.cli.emit_merge import confirm_merge, emit_merge
from crmctl.cli.options import WriterCommand, partial_option, set_option
from crmctl.cli.session import Session
from crmctl.rules.assignment import Assignment
from crmctl.workspace.merge import MergeOutcome, merge_groups, with_values
from crmctl.workspace.merge_request import MergeRequest, read_request


@click.command(
    "merge",
    cls=WriterCommand,
    examples="""
    crmctl merge C-1 C-5
    crmctl merge C-1 C-5 --into C-5 -s position=Директор --yes
    crmctl merge D-7 D-9 -s stage=order --dry-run
    crmctl merge --plan merge.yaml --partial --yes
    """,
)
@click.argument("ids", nargs=-1, metavar="[ID...]")
@click.option("--into", default="", metavar="ID", help="The record that stays, if not the first.")
@click.option("--plan", default="", metavar="FILE|-", help="Merge what a plan of duplicates says.")
@set_option
@partial_option
@click.pass_obj
def command(
    session: Session,
    ids: tuple[str, ...],
    into: str,
    plan: str,
    assignments: list[Assignment],
    partial: bool,
) -> int:
    """Make one record of several of a type that are one.

    The first stays: what it lacks is filled from the others, fields of many values are united, and all that refers
    to the others refers to it. The others go to the trash; undo takes a merge back whole.
    """
    named = tuple(session.ids(ids))
    request = read_request(session.workspace, MergeRequest(named, into, plan, tuple(assignments)))
    groups = confirm_merge(session, request)

    def act(extra: list[Assignment]) -> MergeOutcome:
        return merge_groups(session.workspace, with_values(groups, extra), session.bulk(partial=partial))

    merged = act([]) if plan else run_asking(session, act)
    return emit_merge(session.output, merged, request, session.workspace)
