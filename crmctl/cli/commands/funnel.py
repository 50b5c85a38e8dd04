"""`crmctl funnel`."""

import click

from crmctl.cli.options import ReaderCommand
from crmctl.cli.session import Session
from crmctl.render.format_names import FORMATS
from crmctl.reports.funnel import Mode
from crmctl.workspace.funnel import FunnelRequest, funnel_report


@click.command(
    "funnel",
    cls=ReaderCommand,
    formats=tuple(name for name in FORMATS if name != "ids"),
    examples="""
    crmctl funnel wholesale
    crmctl funnel leads --mode reached
    crmctl funnel retail --by source --where 'created_at >= -30d'
    crmctl funnel wholesale -o json
    """,
)
@click.argument("pipelines", nargs=-1, metavar="[PIPELINE...]")
@click.option("--pipeline", "more", multiple=True, metavar="PIPELINE", help="The same as the argument.")
@click.option(
    "--mode",
    type=click.Choice([mode.value for mode in Mode]),
    default=Mode.SNAPSHOT.value,
    help="How records are counted; see docs/reports.md.",
)
@click.option("--where", default="", metavar="EXPR", help="Only records an expression is true of.")
@click.option("--by", default="", metavar="FIELD", help="Funnels side by side, one a value of the field.")
@click.pass_obj
def command(
    session: Session, pipelines: tuple[str, ...], more: tuple[str, ...], mode: str, where: str, by: str
) -> None:
    """Show how many records, and how much, are at which stage, and why the others were lost."""
    asked = FunnelRequest((*pipelines, *more), Mode(mode), where, by)
    session.output.report(funnel_report(session.workspace, asked))
