"""`crmctl show`."""

import click

from crmctl.cli.emit_records import emit_cards
from crmctl.cli.options import ReaderCommand, ids_argument
from crmctl.cli.session import Session
from crmctl.errors import WrongUse
from crmctl.text import comma_separated
from crmctl.workspace.show import show_records
from crmctl.workspace.stranded import stranded_notes

PARTS = ("history", "tasks", "related")


@click.command(
    "show",
    cls=ReaderCommand,
    examples="""
    crmctl show D-42
    crmctl show O-1 --with related,history
    crmctl filter deals 'close_date = today' -o ids | crmctl show - -o json
    """,
)
@ids_argument
@click.option("--with", "parts", default="", metavar="PARTS", help="Also: history, tasks, related.")
@click.pass_obj
def command(session: Session, ids: tuple[str, ...], parts: str) -> None:
    """Show records whole: fields, links and, with --with, history.

    The history has what was done for a client: its tasks that are over, with their results. A company's history
    and tasks are those of its contacts and deals, too.
    """
    wanted = comma_separated(parts)
    for part in wanted:
        if part not in PARTS:
            raise WrongUse(f'--with "{part}" is none of: {", ".join(PARTS)}')
    cards = show_records(session.workspace, session.ids(ids), wanted)
    single = len(ids) == 1 and ids != ("-",)
    emit_cards(session.output, cards, wanted, session.workspace, single=single)
    for note in stranded_notes([card.record for card in cards], session.workspace.configuration):
        session.output.note(note)
