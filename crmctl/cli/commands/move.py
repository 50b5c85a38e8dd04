"""`crmctl move`."""

import click

from crmctl.cli.asking import run_asking
from crmctl.cli.options import WriterCommand, partial_option, set_option
from crmctl.cli.session import Session
from crmctl.errors import WrongUse
from crmctl.model.records import read_id
from crmctl.rules.assignment import Assignment
from crmctl.workspace.move import MoveRequest, move_records
from crmctl.workspace.outcome import Outcome


@click.command(
    "move",
    cls=WriterCommand,
    examples="""
    crmctl move D-42 shipping -s waybill=20450123456789
    crmctl move D-42 lost --reason price
    crmctl move D-42 order --next call:2026-12-01
    crmctl filter deals 'stage = picked' -o ids | crmctl move - shipping -y
    """,
)
@click.argument("targets", nargs=-1, required=True, metavar="ID...|- [STAGE]")
@set_option
@click.option("--reason", default="", metavar="REASON", help="Why it was lost.")
@click.option("--date", default="", metavar="WHEN", help="When it happened, if not now.")
@click.option(
    "--pipeline",
    default="",
    metavar="PIPELINE",
    help="Into another pipeline, its first stage if none is named.",
)
@click.option("--next", "following", default="", metavar="TEMPLATE[:WHEN]", help="The task that comes next.")
@partial_option
@click.pass_obj
def command(
    session: Session,
    targets: tuple[str, ...],
    assignments: list[Assignment],
    reason: str,
    date: str,
    pipeline: str,
    following: str,
    partial: bool,
) -> int:
    """Move leads or deals to STAGE, through the gates on the way."""
    ids, stage = split_stage(targets)
    named = session.confirmed_ids("move", ids)

    def act(extra: list[Assignment]) -> Outcome:
        asked = MoveRequest(stage, pipeline, (*assignments, *extra), reason, date, following)
        return move_records(session.workspace, named, asked, session.bulk(partial=partial))

    return session.wrote(run_asking(session, act))


def split_stage(targets: tuple[str, ...]) -> tuple[tuple[str, ...], str]:
    """Return the ids and the stage named last, empty where the last is an id too. Raises WrongUse."""
    last = targets[-1]
    if last == "-" or read_id(last):
        return targets, ""
    if len(targets) == 1:
        raise WrongUse("which record?", hint=f"crmctl move ID {last}")
    return targets[:-1], last
