"""`crmctl funnel`."""

import click

from crmctl.cli.report_options import ReportCommand, own_options, report_options
from crmctl.cli.session import Session
from crmctl.model.table import Report
from crmctl.reports.counting import Mode
from crmctl.reports.funnel import REPORT
from crmctl.workspace.reporting.funnel import funnel_report
from crmctl.workspace.reporting.scope import ReportScope


@click.command(
    REPORT.name,
    cls=ReportCommand,
    examples="""
    crmctl funnel wholesale
    crmctl funnel leads --mode reached --period last-quarter --explain
    crmctl funnel retail --by source --where 'created_at >= -30d'
    crmctl funnel wholesale --in USD --ids -o json
    """,
)
@report_options
@own_options(REPORT)
def command(session: Session, scope: ReportScope, mode: str) -> Report:
    """Show how many records, and how much, are at which stage, and why the others were lost."""
    return funnel_report(session.workspace, scope, Mode(mode))
