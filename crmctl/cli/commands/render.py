"""`crmctl render`."""

import click
import msgspec

from crmctl.cli.options import ReaderCommand
from crmctl.cli.session import Session
from crmctl.workspace.render import render


@click.command(
    "render",
    cls=ReaderCommand,
    formats=("table", "json"),
    examples="""
    crmctl render D-42 --template templates/offer.html --out offer.html
    crmctl render D-42 --template label.txt | lpr
    crmctl render D-42 --template label.txt --as-of 2026-11-01
    """,
)
@click.argument("record_id", metavar="ID")
@click.option("--template", required=True, metavar="FILE", help="A Jinja2 template; .html escapes values.")
@click.option("--out", default="-", metavar="FILE|-", help="The file to write; standard output if not named.")
@click.pass_obj
def command(session: Session, record_id: str, template: str, out: str) -> None:
    """Make a document of a record: an offer, an invoice, a label.

    A template that is not here is looked for below the workspace's folder.
    """
    made = render(session.workspace, record_id, template, out)
    if session.output.format:
        session.output.json({name: text for name, text in msgspec.structs.asdict(made).items() if text})
    elif out == "-":
        session.output.document(made.text)
    if out != "-":
        session.output.status(f"{made.record} written to {out}")
