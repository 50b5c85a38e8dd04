"""Reports as pages and pictures: written to files, or a page to standard output."""

from collections.abc import Callable, Sequence
from pathlib import PurePath

import msgspec

from crmctl.cli.session import Session
from crmctl.errors import WrongUse
from crmctl.model.table import Report
from crmctl.render.picture import PAGE, PICTURE
from crmctl.workspace.reporting.scope import ReportScope


def write_report(
    session: Session, scope: ReportScope, make: Callable[[ReportScope], Report], out: str
) -> Report:
    """Make a report, and write it as a page or a picture; in a format that was asked for it is shown, too.

    A page has the definitions whether they were asked for or not.
    """
    from crmctl.render.picture import picture_of

    kind = _checked(session, out, (PAGE, PICTURE))
    made = make(msgspec.structs.replace(scope, explain=True))
    _emit(session, picture_of(made, kind), out, f"{made.report} written to {out}")
    if session.output.format and out != "-":
        session.output.report(make(scope))
    return made


def write_dashboard(session: Session, scope: ReportScope, out: str) -> None:
    """Write the dashboard as a page."""
    from crmctl.render.dashboard_page import dashboard_page
    from crmctl.workspace.reporting.dashboard import dashboard

    _checked(session, out, (PAGE,))
    _emit(session, dashboard_page(dashboard(session.workspace, scope)), out, f"dashboard written to {out}")


def _checked(session: Session, out: str, kinds: Sequence[str]) -> str:
    """Return what is to be written, by the name of its file: `.html` or `.svg`; `-` is a page.

    Raises WrongUse for another name and for a file of the workspace's own, NotConfigured without pygal.
    """
    from crmctl.render.charts.library import load_pygal
    from crmctl.workspace.own_files import check_target

    kind = PAGE if out == "-" else PurePath(out).suffix.lower()
    if kind not in kinds:
        told = {PAGE: "a page, .html", PICTURE: "a picture, .svg"}
        named = ", or ".join(told[each] for each in kinds)
        raise WrongUse(f"--out {out}: a report is written as {named}", hint=f"--out report{kinds[0]}")
    if out != "-":
        check_target(session.workspace, out)
    load_pygal()
    return kind


def _emit(session: Session, text: str, out: str, told: str) -> None:
    """Write a finished page or picture, a file whole or not at all, and say so."""
    from crmctl.whole_file import whole_file

    if out == "-":
        session.output.document(text)
        return
    with whole_file(out) as file:
        file.write(text.encode())
    session.output.status(told)
