"""Dashboards as pages: of each answer what has room on a page, with a list that leads to them."""

import msgspec

from crmctl.model.dashboard import Answer, Dashboard
from crmctl.model.table import Block, Report
from crmctl.render.figure import is_figure
from crmctl.render.page import escaped, page
from crmctl.render.report_page import facts, header, report_parts

_KICKER = "crmctl report dashboard"
_MOST_LISTED = 20


def dashboard_page(dashboard: Dashboard) -> str:
    """Return the page. Raises NotConfigured without pygal."""
    answers = dashboard.answers
    links = "".join(f'<li><a href="#{each.name}">{escaped(each.question)}</a></li>\n' for each in answers)
    navigation = f"<nav><ul>\n{links}</ul></nav>\n" if len(answers) > 1 else ""
    head = header(dashboard.title, _KICKER, facts(dashboard.filters, dashboard.as_of))
    return page(dashboard.title, f"{head}{navigation}{''.join(map(_section, answers))}")


def _section(answer: Answer) -> str:
    missing = f'<p class="empty">{escaped(answer.missing)}</p>\n' if answer.missing else ""
    body = "".join(report_parts(_without_empty(_shortened(each)), 3) for each in answer.reports)
    return (
        f'<section id="{escaped(answer.name)}">\n<p class="kicker">{escaped(answer.name)}</p>\n'
        f"<h2>{escaped(answer.question)}</h2>\n{missing}{body}</section>\n"
    )


def _shortened(report: Report) -> Report:
    """Return a report with as many of the records that it lists as a page may; a note tells of the others."""
    shown = report.shown
    over = sum(max(len(block.rows) - _MOST_LISTED, 0) for block in shown if not _has_figures(block))
    if not over:
        return report
    blocks = tuple(
        block if _has_figures(block) else msgspec.structs.replace(block, rows=block.rows[:_MOST_LISTED])
        for block in shown
    )
    return _with_note(report, blocks, f"{over:,} more rows of records: crmctl {report.report} lists them")


def _without_empty(report: Report) -> Report:
    """Return a report without the tables that count nothing, as of pipelines not in use; a note names them."""
    shown = report.shown
    empty = [block for block in shown if not _counts(block)]
    if not empty:
        return report
    full = [block for block in shown if _counts(block)]
    known = {block.about for block in full}
    # A pipeline that nothing is counted in is named once.
    called = (block.heading if not block.about or block.about in known else block.about for block in empty)
    return _with_note(report, tuple(full), f"nothing to count in: {'; '.join(dict.fromkeys(called))}")


def _with_note(report: Report, blocks: tuple[Block, ...], note: str) -> Report:
    return msgspec.structs.replace(report, blocks=blocks, notes=(*report.notes, note))


def _has_figures(block: Block) -> bool:
    return any(map(is_figure, block.columns))


def _counts(block: Block) -> bool:
    """Tell whether any figure of a table is there, and not zero; of one without figures, whether it has rows."""
    names = [column.name for column in block.columns if is_figure(column)]
    return any(row.get(name) for row in block.rows for name in names) if names else bool(block.rows)
