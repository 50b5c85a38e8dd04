"""Reports as pages and pictures: written to files, or a page to standard output."""

from collections.abc import Callable

import msgspec

from crmctl.cli.session import Session
from crmctl.model.table import Report
from crmctl.workspace.reporting.scope import ReportScope


def write_report(
    session: Session, scope: ReportScope, make: Callable[[ReportScope], Report], out: str
) -> Report:
    """Make a report, and write it as a page or a picture; in a format that was asked for it is shown, too.

    A page has the definitions whether they were asked for or not.
    """
    from crmctl.workspace.reporting.picture import check_picture, picture_of

    kind = check_picture(session.workspace, out)
    made = make(msgspec.structs.replace(scope, explain=True))
    emit_page(session, picture_of(made, kind), out, f"{made.report} written to {out}")
    if session.output.format and out != "-":
        session.output.report(make(scope))
    return made


def emit_page(session: Session, text: str, out: str, told: str) -> None:
    """Write a finished page or picture where it was asked for, and say so."""
    from crmctl.workspace.reporting.picture import save

    if out == "-":
        session.output.document(text)
        return
    save(text, out)
    session.output.status(told)
