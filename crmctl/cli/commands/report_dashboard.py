"""`crmctl report dashboard`."""

import click

from crmctl.cli.emit_picture import emit_page
from crmctl.cli.options import ReaderCommand
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
@click.argument("pipelines", nargs=-1, metavar="[PIPELINE...]")
@click.option("--pipeline", "more", multiple=True, metavar="PIPELINE", help="Only these pipelines.")
@click.option(
    "--period",
    default="",
    metavar="PERIOD",
    help="2026-Q4, 2026-11, this-month, last-quarter or FROM..TO; all time without it.",
)
@click.option("--where", default="", metavar="EXPR", help="Only records an expression is true of.")
@click.option("--in", "currency", default="", metavar="CURRENCY", help="All amounts in one currency.")
@click.option("--out", required=True, metavar="FILE.html|-", help="The page to write; - for standard output.")
@click.pass_obj
def command(
    session: Session,
    pipelines: tuple[str, ...],
    more: tuple[str, ...],
    period: str,
    where: str,
    currency: str,
    out: str,
) -> None:
    """Write the funnel, sources, speed, forecast, wins and losses as one page to be sent round.

    The page needs nothing else: no network, no script. It is light or dark as its reader likes, and prints well.
    """
    from crmctl.workspace.reporting.dashboard import dashboard
    from crmctl.workspace.reporting.picture import PAGE, check_picture

    check_picture(session.workspace, out, (PAGE,))
    scope = ReportScope((*pipelines, *more), period=period, where=where, currency=currency)
    emit_page(session, dashboard(session.workspace, scope), out, f"dashboard written to {out}")
