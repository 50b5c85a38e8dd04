"""`crmctl schema`."""

import click

from crmctl.cli.emit_schemas import emit_written
from crmctl.cli.options import Command
from crmctl.cli.session import Session
from crmctl.resources import schema_names
from crmctl.workspace.schemas import printed_schema, write_schemas


@click.command(
    "schema",
    cls=Command,
    examples="""
    crmctl schema pipeline
    crmctl schema output/records > records.schema.json
    crmctl schema --all --out .crmctl/schemas
    """,
)
@click.argument("name", required=False, default="")
@click.option("--all", "every", is_flag=True, help="All of them, with --out.")
@click.option(
    "--out", default="", metavar="DIR", help="Write files below a folder, which is made if missing."
)
@click.pass_obj
def command(session: Session, name: str, every: bool, out: str) -> None:
    """Print the JSON Schema called NAME, or the names; or write files for editors."""
    if every or out:
        emit_written(session.output, write_schemas(out, name, every=every), out)
    elif name:
        session.output.text(printed_schema(name))
    else:
        session.output.data("\n".join(schema_names()))
