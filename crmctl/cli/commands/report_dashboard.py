"""`crmctl report dashboard`."""

import click

from crmctl.cli.emit_picture import write_dashboard
from crmctl.cli.options import ReaderCommand
from crmctl.cli.report_options import page_options
from crmctl.cli.session import Session
from crmctl.workspace.reporting.scope import ReportScope


@click.command(
    "dashboard",
    cls=ReaderCommand,
    formats=("table",),
    examples="""
    crmctl report dashboard --out dashboard.html
    crmctl report dashboard wholesale --period this-month --out wholesale.html
    crmctl report dashboard --in EUR --as-of 2026-10-01 --out - | mail-a-page
    """,
)
@page_options
@click.option("--out", required=True, metavar="FILE.html|-", help="The page to write; - for standard output.")
def command(session: Session, scope: ReportScope, out: str) -> None:
    """Write the funnel, sources, speed, forecast, wins and losses as one page to be sent round.

    The page needs nothing else: no network, no script. It is light or dark as its reader likes, and prints well.
    """
    write_dashboard(session, scope, out)
