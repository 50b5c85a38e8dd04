"""Reports as pages to be sent round and printed: charts, the tables of the same figures, definitions, notes.

A page needs nothing else: no script, no network. Each chart is drawn twice, for wide places and for narrow ones.
"""

from collections.abc import Mapping, Sequence

from crmctl.model.table import Block, Report
from crmctl.render.charts.chart import Chart, charts_of, compared
from crmctl.render.charts.svg import inline_svg
from crmctl.render.figure import is_figure
from crmctl.render.listing import passage_card
from crmctl.render.page import block_table, card, escaped, items, page, scrolled

_NOTHING = "Nothing to draw: every figure is zero, or there is none."
_ASKED = {"pipeline": "Pipelines", "where": "Filter", "in": "Amounts in", "by": "By", "cohort": "Cohort"}


def report_page(report: Report, *, charts: bool = True) -> str:
    """Return a page of one report; without `charts` its tables have bars instead, and pygal is not needed."""
    title = report.question or report.report
    head = header(title, report.report, facts(report.filters, report.as_of))
    return page(title, f"{head}{report_parts(report, 2, charts=charts)}")


def facts(filters: Mapping[str, str], as_of: str) -> dict[str, str]:
    """Return what was asked, in words: the period and the moment first."""
    asked = dict(filters)
    if "pipeline" in asked:
        asked["pipeline"] = asked["pipeline"].replace(",", ", ")
    found = {"Period": asked.pop("period", "all time"), "As of": _moment(as_of)}
    return found | {
        _ASKED.get(name, name.replace("_", " ").capitalize()): text for name, text in asked.items()
    }


def _moment(moment: str) -> str:
    """Return a moment to the minute, with its offset."""
    return f"{moment[:10]} {moment[11:16]} {moment[19:]}".strip()


def header(title: str, kicker: str, told: Mapping[str, str]) -> str:
    """Return the head of a page: its title, below what it is of, and what it was asked."""
    lines = "".join(
        f"<div><dt>{escaped(name)}</dt><dd>{escaped(text)}</dd></div>\n" for name, text in told.items()
    )
    return (
        f'<header>\n<p class="kicker">{escaped(kicker)}</p>\n<h1>{escaped(title)}</h1>\n'
        f"<dl>\n{lines}</dl>\n</header>\n"
    )


def report_parts(report: Report, level: int, *, charts: bool = True) -> str:
    """Return the charts, tables, notes and definitions of a report under headings of a level."""
    shown = report.shown
    if not charts:
        tables = "".join(_titled(block, level) + _table(block, bars=True) for block in shown)
        return f"{tables}{_below(report, level)}"
    together = compared(shown)
    blocks = "".join(_block(block, level, drawn=not together) for block in shown)
    if together:
        blocks = f'<div class="picture">\n{_figures(charts_of(together))}</div>\n{blocks}'
    return f"{blocks}{_below(report, level)}"


def _below(report: Report, level: int) -> str:
    notes = f"<h{level}>Notes</h{level}>\n{items(report.notes)}" if report.notes else ""
    below = "".join(
        f'<div class="passage">\n{card(passage_card(each), f"h{level}")}</div>\n' for each in report.passages
    )
    return f"{notes}{below}"


def _block(block: Block, level: int, *, drawn: bool) -> str:
    heading = _titled(block, level)
    if not block.rows:
        return f'<div class="block">\n{heading}{_table(block)}</div>\n'
    charts = charts_of(block) if drawn else []
    wanted = drawn and not charts and any(map(is_figure, block.columns))
    empty = f'<p class="empty">{_NOTHING}</p>\n' if wanted else ""
    above = f'<div class="picture">\n{heading}{_figures(charts)}{empty}</div>\n'
    return f'<div class="block">\n{above}{_table(block)}</div>\n'


def _titled(block: Block, level: int) -> str:
    return f"<h{level}>{escaped(block.heading)}</h{level}>\n" if block.heading else ""


def _table(block: Block, *, bars: bool = False) -> str:
    return scrolled(block_table(block, bars=bars)) if block.rows else '<p class="empty">(none)</p>\n'


def _figures(charts: Sequence[Chart]) -> str:
    return "".join(
        f"<figure>\n{inline_svg(chart)}\n{inline_svg(chart, narrow=True)}\n{_caption(chart.left_out)}</figure>\n"
        for chart in charts
    )


def _caption(text: str) -> str:
    return f"<figcaption>{escaped(text)}</figcaption>\n" if text else ""
