"""`crmctl note`."""

import sys

import click

from crmctl.cli.emit_note import FORMATS, emit_note
from crmctl.cli.options import WriterCommand
from crmctl.cli.session import Session
from crmctl.errors import WrongUse
from crmctl.workspace.note import add_note, remove_note


@click.command(
    "note",
    cls=WriterCommand,
    formats=FORMATS,
    examples="""
    crmctl note L-7 "wants a quote by Friday, asks for Daria"
    crmctl note D-42 - < minutes.txt
    crmctl note --remove L-7:42
    """,
)
@click.argument("record", metavar="[ID]", required=False, default="")
@click.argument("text", metavar="[TEXT...|-]", nargs=-1)
@click.option("--remove", default="", metavar="NOTE-ID", help="Take a note away, such as L-7:42.")
@click.pass_obj
def command(session: Session, record: str, text: tuple[str, ...], remove: str) -> None:
    """Write a comment into a record's history, or take one away.

    The id of the note is printed; `show --with history` and `log` have it, too. A note that was removed is still
    known to have been there, its text is told no more.
    """
    if remove and (record or text):
        raise WrongUse("--remove takes a note away: there is nothing to write beside it")
    if remove:
        noted = remove_note(session.workspace, remove, session.writing)
    elif record:
        said = sys.stdin.read() if text == ("-",) else " ".join(text)
        noted = add_note(session.workspace, record, said, session.writing)
    else:
        raise WrongUse("a note on what?", hint="crmctl note ID TEXT")
    emit_note(session.output, noted, session.workspace)
