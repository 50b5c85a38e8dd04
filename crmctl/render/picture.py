"""Reports as pages and pictures, by the suffix of the file they are for."""

from crmctl.model.table import Report

PAGE, PICTURE = ".html", ".svg"


def picture_of(report: Report, kind: str) -> str:
    """Return a report as a page or a picture. Raises NotConfigured without pygal."""
    if kind == PICTURE:
        from crmctl.render.charts.chart import charts_of, to_draw
        from crmctl.render.charts.svg import picture

        charts = [chart for block in to_draw(report) for chart in charts_of(block)]
        return picture(charts, report.question or report.report)
    from crmctl.render.report_page import report_page

    return report_page(report)
