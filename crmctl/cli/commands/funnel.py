"""`crmctl funnel`."""

import click

from crmctl.cli.report_options import ReportCommand, report_options
from crmctl.cli.session import Session
from crmctl.model.table import Report
from crmctl.reports.counting import Mode
from crmctl.workspace.reporting.funnel import funnel_report
from crmctl.workspace.reporting.scope import ReportScope


@click.command(
    "funnel",
    cls=ReportCommand,
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
    help="How records are counted.",
)
def command(session: Session, scope: ReportScope, mode: str) -> Report:
    """Show how many records, and how much, are at which stage, and why the others were lost."""
    return funnel_report(session.workspace, scope, Mode(mode))
