"""Markdown tables (https://github.github.com/gfm/#tables-extension-), with everything in the data escaped."""

import re
from collections.abc import Iterable, Sequence

from crmctl.model.table import Block, Column, Kind, Report
from crmctl.render.colour import Style
from crmctl.render.figure import figure, is_figure
from crmctl.render.listing import Card, Escape, Listing, passage_card
from crmctl.text import visible

# An underscore inside a word is no markup, and names of fields are full of them.
_MARKUP = re.compile(r"[\\`*\[\]<>|~&]|(?<![^\W_])_|_(?![^\W_])")


def records(listing: Listing, _style: Style, _escape: Escape) -> str:
    """Return a table, or nothing for no records."""
    return _table(listing.columns, listing.cells) if listing.cells else ""


def cards(cards: Sequence[Card], _style: Style, _escape: Escape) -> str:
    """Return a heading, a table of fields, and lists, for each card."""
    return "\n".join(_card(card) for card in cards)


def report(report: Report, _style: Style, _escape: Escape) -> str:
    """Return a heading and a table for each block, then the notes."""
    parts = [_block(block) for block in report.shown]
    if report.notes:
        parts.append("".join(f"- {_escaped(note)}\n" for note in report.notes))
    parts += [_card(passage_card(passage)) for passage in report.passages]
    return "\n".join(parts)


def _card(card: Card) -> str:
    parts = [f"## {_escaped(card.heading)}\n"]
    fields = [(column.title or column.name, text) for column, text in card.filled()]
    if fields:
        parts.append(_table((Column("field", "Field"), Column("value", "Value")), fields))
    for section in card.sections:
        parts.append(f"### {_escaped(section.heading)}\n")
        parts.append("".join(f"- {_escaped(line)}\n" for line in section.lines))
    return "\n".join(parts)


def _block(block: Block) -> str:
    columns = [column for column in block.columns if column.kind is not Kind.BAR]
    rows = [*block.rows, block.total] if block.total is not None else block.rows
    cells = [[figure(row, column) for column in columns] for row in rows]
    heading = f"## {_escaped(block.heading)}\n\n" if block.heading else ""
    return heading + (_table(columns, cells) if cells else "(none)\n")


def _table(columns: Sequence[Column], rows: Iterable[Sequence[str]]) -> str:
    rule = ["---:" if is_figure(column) else "---" for column in columns]
    titles = [_escaped(column.title) for column in columns]
    lines = [titles, rule, *([_escaped(cell) for cell in row] for row in rows)]
    return "".join(f"| {' | '.join(line)} |\n" for line in lines)


def _escaped(text: str) -> str:
    return _MARKUP.sub(r"\\\g<0>", visible(text.replace("\r\n", "\n"))).strip()
