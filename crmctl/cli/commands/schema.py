"""`crmctl schema`."""

import click

from crmctl.cli.options import Command
from crmctl.cli.session import Session
from crmctl.errors import NotFound
from crmctl.resources import schema_names, schema_text
from crmctl.text import names_hint


@click.command(
    "schema",
    cls=Command,
    examples="""
    crmctl schema pipeline
    crmctl schema crmctl > crmctl.schema.json
    """,
)
@click.argument("name", required=False, default="")
@click.pass_obj
def command(session: Session, name: str) -> None:
    """Print the JSON Schema called NAME, or the names."""
    names = schema_names()
    if not name:
        session.output.data("\n".join(names))
    elif name not in names:
        raise NotFound(f'no schema "{name}"', hint=names_hint(name, names, "schemas"))
    else:
        session.output.data(schema_text(name).decode().rstrip("\n"))
