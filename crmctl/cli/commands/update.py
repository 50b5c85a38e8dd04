"""`crmctl update`."""

import click

from crmctl.cli.asking import run_asking
from crmctl.cli.options import WriterCommand, ids_argument, partial_option, set_option
from crmctl.cli.session import Session
from crmctl.rules.assignment import Assignment
from crmctl.workspace.outcome import Outcome
from crmctl.workspace.update import update_records


@click.command(
    "update",
    cls=WriterCommand,
    examples="""
    crmctl update D-42 -s amount='12 500' -s close_date=eom
    crmctl update C-1 -s phone+='+380 50 123 45 67' --add-tag vip
    crmctl update L-7 --unset comment
    crmctl filter leads stale -o ids | crmctl update - --add-tag cold --yes
    """,
)
@ids_argument
@set_option
@click.option("--unset", multiple=True, metavar="FIELD", help="Empty a field. May be repeated.")
@click.option("--add-tag", multiple=True, metavar="TAG", help="Add a tag. May be repeated.")
@click.option("--remove-tag", multiple=True, metavar="TAG", help="Take a tag away. May be repeated.")
@partial_option
@click.pass_obj
def command(
    session: Session,
    ids: tuple[str, ...],
    assignments: list[Assignment],
    unset: tuple[str, ...],
    add_tag: tuple[str, ...],
    remove_tag: tuple[str, ...],
    partial: bool,
) -> int:
    """Set fields of records. What a stage requires goes on to hold."""
    given = [*assignments, *(Assignment(name, ("",)) for name in unset)]
    given += [Assignment("tags", add_tag, "+=")] if add_tag else []
    given += [Assignment("tags", remove_tag, "-=")] if remove_tag else []
    named = session.confirmed_ids("update", ids)

    def act(extra: list[Assignment]) -> Outcome:
        return update_records(session.workspace, named, [*given, *extra], session.bulk(partial=partial))

    return session.wrote(run_asking(session, act))
