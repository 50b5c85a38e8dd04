"""The parts of pages of HTML that need nothing else: no script, no network, light and dark."""

from collections.abc import Iterator, Sequence
from html import escape as _html_escape

from crmctl.model.table import Block, Column, Kind, Row
from crmctl.render.bar import bar_shares
from crmctl.render.charts.look import SHEET
from crmctl.render.figure import figure_lines, is_figure
from crmctl.render.listing import Card
from crmctl.text import visible


def page(title: str, body: str, *, wide: bool = False) -> str:
    """Return a whole page; `body` is HTML, and a `wide` one takes all the room there is."""
    main = '<main class="wide">' if wide else "<main>"
    return (
        '<!DOCTYPE html>\n<html>\n<head>\n<meta charset="utf-8">\n'
        '<meta name="viewport" content="width=device-width, initial-scale=1">\n'
        f"<title>{escaped(title)}</title>\n<style>\n{SHEET}</style>\n</head>\n"
        f"<body>\n{main}\n{body}</main>\n</body>\n</html>\n"
    )


def card(given: Card, level: str = "h1") -> str:
    """Return a heading of a level, a table of fields and the lists below it."""
    rows = "".join(
        f'<tr><th>{escaped(column.title or column.name)}</th><td class="text">{escaped(text)}</td></tr>\n'
        for column, text in given.filled()
    )
    sections = "".join(f"<h2>{escaped(each.heading)}</h2>\n{items(each.lines)}" for each in given.sections)
    return f"<{level}>{escaped(given.heading)}</{level}>\n<table>\n{rows}</table>\n{sections}"


def block_table(block: Block, *, bars: bool = True) -> str:
    """Return the table of a block, with its bars or without them."""
    columns = [column for column in block.columns if bars or column.kind is not Kind.BAR]
    return table(columns, list(_rows(block, columns)), total=block.total is not None)


def scrolled(table: str) -> str:
    """Return a table that is scrolled by itself where it is wider than the page."""
    return f'<div class="scroll">\n{table}</div>\n'


def table(columns: Sequence[Column], rows: Sequence[Sequence[str]], *, total: bool = False) -> str:
    """Return a table of finished cells; the last row is a sum where there is a `total`."""
    titles = "".join(f"<th{_class(column)}>{escaped(column.title)}</th>" for column in columns)
    lines = ["<tr>" + "".join(row) + "</tr>\n" for row in rows]
    if total and lines:
        lines[-1] = lines[-1].replace("<tr>", '<tr class="total">', 1)
    return f"<table>\n<thead><tr>{titles}</tr></thead>\n<tbody>\n{''.join(lines)}</tbody>\n</table>\n"


def cell(column: Column, text: str) -> str:
    """Return a cell of a table."""
    shown = "" if column.kind is Kind.BAR else escaped(text)
    return f"<td{_class(column)}>{shown}</td>"


def items(lines: Sequence[str]) -> str:
    """Return lines as a list; nothing for none."""
    found = "".join(f"<li>{escaped(line)}</li>\n" for line in lines)
    return f"<ul>\n{found}</ul>\n" if found else ""


def escaped(text: str) -> str:
    """Return text that stands for itself wherever it is put; what no page may hold is shown as escapes."""
    return _html_escape(visible(text.replace("\r\n", "\n"), multiline=True))


def _rows(block: Block, columns: Sequence[Column]) -> Iterator[list[str]]:
    shares = {
        at: bar_shares(block.rows, column, block.columns)
        for at, column in enumerate(columns)
        if column.kind is Kind.BAR
    }
    for number, row in enumerate(block.rows):
        yield [
            _bar(shares[at][number], row) if at in shares else _figures(row, column)
            for at, column in enumerate(columns)
        ]
    if block.total is not None:
        yield [_figures(block.total, column) for column in columns]


def _figures(row: Row, column: Column) -> str:
    """Return a cell of a row, a line for each currency."""
    lines = "<br>".join(
        "" if column.kind is Kind.BAR else escaped(line) for line in figure_lines(row, column)
    )
    return f"<td{_class(column)}>{lines}</td>"


def _bar(share: float, row: Row) -> str:
    outcome = row.get("outcome")
    told = f"bar {outcome}" if outcome in ("won", "lost") else "bar"
    inner = f'<span class="{told}" style="width:{share * 12:.2f}rem"></span>' if share else ""
    return f"<td>{inner}</td>"


def _class(column: Column) -> str:
    return ' class="figure"' if is_figure(column) else ' class="text"'
