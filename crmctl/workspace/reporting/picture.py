"""Reports as pages and pictures in files."""

from collections.abc import Sequence
from pathlib import PurePath

from crmctl.errors import WrongUse
from crmctl.model.table import Report
from crmctl.render.charts.library import load_pygal
from crmctl.whole_file import whole_file
from crmctl.workspace.own_files import check_target
from crmctl.workspace.workspace import Workspace

PAGE, PICTURE = ".html", ".svg"


def check_picture(workspace: Workspace, out: str, kinds: Sequence[str] = (PAGE, PICTURE)) -> str:
    """Return what is to be written, by the name of its file: `.html` or `.svg`; `-` is a page.

    Raises WrongUse for another name and for a file of the workspace's own, NotConfigured without pygal.
    """
    kind = PAGE if out == "-" else PurePath(out).suffix.lower()
    if kind not in kinds:
        told = {PAGE: "a page, .html", PICTURE: "a picture, .svg"}
        named = ", or ".join(told[each] for each in kinds)
        raise WrongUse(f"--out {out}: a report is written as {named}", hint=f"--out report{kinds[0]}")
    if out != "-":
        check_target(workspace, out)
    load_pygal()
    return kind


def picture_of(report: Report, kind: str) -> str:
    """Return a report as a page or a picture."""
    if kind == PICTURE:
        from crmctl.render.charts.chart import charts_of, to_draw
        from crmctl.render.charts.svg import picture

        charts = [chart for block in to_draw(report) for chart in charts_of(block)]
        return picture(charts, report.question or report.report)
    from crmctl.render.report_page import report_page

    return report_page(report)


def save(text: str, out: str) -> None:
    """Write a page or a picture, whole or not at all. Raises NotFound, WrongUse, StoreUnreadable."""
    with whole_file(out) as file:
        file.write(text.encode())
