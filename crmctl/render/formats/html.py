"""A page of HTML that needs nothing else: no script, no network, light and dark."""

from collections.abc import Iterator, Sequence
from html import escape as _html_escape

from crmctl.model.table import Block, Column, Kind, Report
from crmctl.render.bar import bar_shares
from crmctl.render.colour import Style
from crmctl.render.figure import figure, is_figure
from crmctl.render.listing import Card, Escape, Listing, passage_card
from crmctl.text import visible

_CSS = """\
:root { color-scheme: light dark; }
body { font: 14px/1.45 system-ui, sans-serif; margin: 2rem; }
table { border-collapse: collapse; margin: 0 0 1.5rem; }
th, td { text-align: left; vertical-align: top; padding: .25rem .75rem .25rem 0; }
tr { border-bottom: 1px solid #8884; }
.figure { text-align: right; font-variant-numeric: tabular-nums; white-space: nowrap; }
.text { white-space: pre-wrap; }
.bar { display: block; height: .9em; min-width: 1px; background: #4a7fb5; }
tr.total td { font-weight: bold; }
"""


def records(listing: Listing, _style: Style, _escape: Escape) -> str:
    """Return a page with one table."""
    rows = [
        [_cell(column, text) for column, text in zip(listing.columns, row, strict=True)]
        for row in listing.cells
    ]
    return _page("crmctl", _table(listing.columns, rows))


def cards(cards: Sequence[Card], _style: Style, _escape: Escape) -> str:
    """Return a page with a table of fields for each card, and lists below it."""
    title = cards[0].heading if len(cards) == 1 else "crmctl"
    return _page(title, "".join(_card(card) for card in cards))


def report(report: Report, _style: Style, _escape: Escape) -> str:
    """Return a page with a table for each block, bars drawn, and the notes."""
    body = "".join(_block(block) for block in report.blocks if block.shown)
    below = "".join(_card(passage_card(passage), "h2") for passage in report.passages)
    return _page(report.report, body + _list(report.notes) + below)


def _page(title: str, body: str) -> str:
    return (
        '<!DOCTYPE html>\n<html>\n<head>\n<meta charset="utf-8">\n'
        '<meta name="viewport" content="width=device-width, initial-scale=1">\n'
        f"<title>{_escaped(title)}</title>\n<style>\n{_CSS}</style>\n</head>\n<body>\n{body}</body>\n</html>\n"
    )


def _card(card: Card, level: str = "h1") -> str:
    rows = "".join(
        f'<tr><th>{_escaped(column.title or column.name)}</th><td class="text">{_escaped(text)}</td></tr>\n'
        for column, text in card.filled()
    )
    sections = "".join(f"<h2>{_escaped(each.heading)}</h2>\n{_list(each.lines)}" for each in card.sections)
    return f"<{level}>{_escaped(card.heading)}</{level}>\n<table>\n{rows}</table>\n{sections}"


def _block(block: Block) -> str:
    heading = f"<h2>{_escaped(block.heading)}</h2>\n" if block.heading else ""
    return heading + _table(block.columns, list(_block_rows(block)), total=block.total is not None)


def _block_rows(block: Block) -> Iterator[list[str]]:
    shares = {
        at: bar_shares(block.rows, column, block.columns)
        for at, column in enumerate(block.columns)
        if column.kind is Kind.BAR
    }
    for number, row in enumerate(block.rows):
        yield [
            _bar(shares[at][number]) if at in shares else _cell(column, figure(row, column))
            for at, column in enumerate(block.columns)
        ]
    if block.total is not None:
        yield [_cell(column, figure(block.total, column)) for column in block.columns]


def _bar(share: float) -> str:
    inner = f'<span class="bar" style="width:{share * 12:.2f}rem"></span>' if share else ""
    return f"<td>{inner}</td>"


def _cell(column: Column, text: str) -> str:
    shown = "" if column.kind is Kind.BAR else _escaped(text)
    return f"<td{_class(column)}>{shown}</td>"


def _class(column: Column) -> str:
    return ' class="figure"' if is_figure(column) else ' class="text"'


def _table(columns: Sequence[Column], rows: Sequence[Sequence[str]], *, total: bool = False) -> str:
    titles = "".join(f"<th{_class(column)}>{_escaped(column.title)}</th>" for column in columns)
    lines = ["<tr>" + "".join(row) + "</tr>\n" for row in rows]
    if total and lines:
        lines[-1] = lines[-1].replace("<tr>", '<tr class="total">', 1)
    return f"<table>\n<thead><tr>{titles}</tr></thead>\n<tbody>\n{''.join(lines)}</tbody>\n</table>\n"


def _list(lines: Sequence[str]) -> str:
    items = "".join(f"<li>{_escaped(line)}</li>\n" for line in lines)
    return f"<ul>\n{items}</ul>\n" if items else ""


def _escaped(text: str) -> str:
    return _html_escape(visible(text.replace("\r\n", "\n"), multiline=True))
