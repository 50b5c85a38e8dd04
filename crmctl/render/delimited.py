"""Lists and reports with a delimiter between cells: what the formats csv and tsv share."""

from collections.abc import Iterable, Sequence

from crmctl.csv_lines import CsvLines
from crmctl.model.table import Block, Cell, Report, Row
from crmctl.render.colour import Style
from crmctl.render.document import keyed_blocks, row_names
from crmctl.render.figure import raw_figure
from crmctl.render.listing import Card, Escape, Listing, listing_of


class DelimitedFormat:
    """An output format, as `crmctl.render.formats.Format` has it, with one delimiter or another."""

    def __init__(self, delimiter: str) -> None:
        self._delimiter = delimiter

    def records(self, listing: Listing, _style: Style, escape: Escape) -> str:
        """Return a line for each record under the names of the fields."""
        names = [column.name for column in listing.columns]
        rows = ([escape(cell) for cell in row] for row in listing.cells)
        return delimited([names, *rows], self._delimiter)

    def cards(self, cards: Sequence[Card], style: Style, escape: Escape) -> str:
        """Return a line for each record."""
        return self.records(listing_of(cards), style, escape)

    def report(self, report: Report, _style: Style, escape: Escape) -> str:
        """Return a report's rows under their JSON keys, figures unrounded, a column for each currency.

        Rows that stand under different keys in JSON are tables of their own, with an empty line between them.
        """
        tables = (_table(blocks, escape) for blocks in keyed_blocks(report).values())
        return "\n".join(delimited(table, self._delimiter) for table in tables)


def delimited(rows: Iterable[Sequence[str]], delimiter: str) -> str:
    """Return rows of cells as lines."""
    lines = CsvLines(delimiter)
    for row in rows:
        lines.add(row)
    return lines.taken()


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
