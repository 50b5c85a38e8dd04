"""`crmctl funnel`."""

import click

from crmctl.cli.options import ReaderCommand
from crmctl.cli.report_options import report_options
from crmctl.cli.session import Session
from crmctl.reports.counting import Mode
from crmctl.text import comma_separated
from crmctl.workspace.funnel import FunnelRequest, funnel_report
from crmctl.workspace.report_scope import ReportScope


@click.command(
    "funnel",
    cls=ReaderCommand,
    examples="""
    crmctl funnel wholesale
    crmctl funnel leads --mode reached --period last-quarter --explain
    crmctl funnel retail --by source --where 'created_at >= -30d'
    crmctl funnel wholesale --in USD --ids -o json
    """,
)
@report_options
@click.option(
    "--mode",
    type=click.Choice([mode.value for mode in Mode]),
    default=Mode.SNAPSHOT.value,
    help="How records are counted; see docs/reports.md.",
)
@click.option(
    "--ids", is_flag=True, help="Also the ids of the records behind each figure; -o ids has them alone."
)
@click.option("--explain", is_flag=True, help="Also what is counted, and what was left out.")
@click.option(
    "--fields", default="", metavar="COLUMNS", help="Only these columns, such as stage,count,share."
)
@click.pass_obj
def command(session: Session, scope: ReportScope, mode: str, ids: bool, explain: bool, fields: str) -> None:
    """Show how many records, and how much, are at which stage, and why the others were lost."""
    behind = ids or session.output.name == "ids"
    asked = FunnelRequest(scope, Mode(mode), behind, explain, comma_separated(fields))
    session.output.report(funnel_report(session.workspace, asked))
