"""Comma- and tab-separated text, quoted as RFC 4180 has it, lines ending as on Unix."""

import csv
import io
from collections.abc import Iterable, Sequence

from crmctl.model.table import Block, Cell, Report, Row
from crmctl.render.document import keyed_blocks, row_names
from crmctl.render.figure import raw_figure
from crmctl.render.listing import Escape, Listing


def delimited(rows: Iterable[Sequence[str]], delimiter: str) -> str:
    """Return rows of cells as lines."""
    out = io.StringIO()
    plain = csv.writer(out, delimiter=delimiter, lineterminator="\n")
    # A lone carriage return goes unquoted where it does not end lines, and would be read as an end.
    quoted = csv.writer(out, delimiter=delimiter, lineterminator="\n", quoting=csv.QUOTE_ALL)
    for row in rows:
        (quoted if any("\r" in cell for cell in row) else plain).writerow(row)
    return out.getvalue()


def delimited_records(listing: Listing, escape: Escape, delimiter: str) -> str:
    """Return records under the names of their fields."""
    names = [column.name for column in listing.columns]
    return delimited([names, *([escape(cell) for cell in row] for row in listing.cells)], delimiter)


def delimited_report(report: Report, escape: Escape, delimiter: str) -> str:
    """Return a report's rows under their JSON keys, figures unrounded, a column for each currency.

    Rows that stand under different keys in JSON are tables of their own, with an empty line between them.
    """
    tables = (_table(blocks, escape) for blocks in keyed_blocks(report).values())
    return "\n".join(delimited(table, delimiter) for table in tables)


def _table(blocks: Sequence[Block], escape: Escape) -> list[list[str]]:
    rows = [row for block in blocks for row in block.rows]
    currencies = {name: _currencies(rows, name) for name in row_names(blocks)}
    titles = [title for name, codes in currencies.items() for title in _titles(name, codes)]
    lines = (
        [text for name, codes in currencies.items() for text in _texts(row.get(name), codes, escape)]
        for row in rows
    )
    return [titles, *lines]


def _currencies(rows: Iterable[Row], name: str) -> list[str]:
    values = (row.get(name) for row in rows)
    return sorted({currency for value in values if isinstance(value, dict) for currency in value})


def _titles(name: str, currencies: Sequence[str]) -> list[str]:
    return [f"{name} {currency}" for currency in currencies] or [name]


def _texts(value: Cell, currencies: Sequence[str], escape: Escape) -> list[str]:
    if currencies:
        amounts = value if isinstance(value, dict) else {}
        return [amounts.get(currency, "") for currency in currencies]
    text = raw_figure(value)
    return [text if isinstance(value, (int, float)) else escape(text)]
