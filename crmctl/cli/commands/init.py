"""`crmctl init`."""

from pathlib import Path

import click

from crmctl.cli.options import Command
from crmctl.cli.output import Output
from crmctl.cli.session import Session
from crmctl.config.files import PRIVATE_FOLDER
from crmctl.resources import template_names
from crmctl.workspace.start import USUAL_TEMPLATE, Started, start_workspace


@click.command(
    "init",
    cls=Command,
    writes=True,
    examples="""
    crmctl init
    crmctl init sales --template b2b
    crmctl init --list-templates
    """,
)
@click.argument("folder", required=False, default="", metavar="[DIR]")
@click.option(
    "--template", default="", metavar="NAME", help=f"Which template ({USUAL_TEMPLATE} if not named)."
)
@click.option("--list-templates", is_flag=True, help="Print the names of the templates.")
@click.pass_obj
def command(session: Session, folder: str, template: str, list_templates: bool) -> None:
    """Start a workspace in DIR. Where one stands already, make only the database if it is missing."""
    if list_templates:
        session.output.data("\n".join(template_names()))
        return
    settings = session.settings
    where = Path(folder or settings.folder or ".")
    started = start_workspace(where, template, settings.database, on_commit=settings.on_commit)
    _tell(session.output, started, where)


def _tell(output: Output, started: Started, where: Path) -> None:
    """Tell of each file that was made; of the schemas, which nobody edits, in one line."""
    schemas = where / PRIVATE_FOLDER / "schemas"
    for file in started.files:
        if PRIVATE_FOLDER not in file:
            output.status(f"+ {file}")
    if any(Path(file).parent == schemas for file in started.files):
        output.status(f"+ {schemas}, for editors")
    if started.database:
        output.status(f"+ {started.database}")
    if not started.files and not started.database:
        output.status(f"{where} is a workspace already, nothing to do")
    elif started.template:
        go = "" if where == Path() else f"cd {where} && "
        output.status(f"a workspace from the template {started.template}; now: {go}crmctl --help")
