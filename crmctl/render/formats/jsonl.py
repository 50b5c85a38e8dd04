"""JSON lines: a record or a report's row on each."""

from collections.abc import Sequence

from crmctl.model.table import Report
from crmctl.render.colour import Style
from crmctl.render.json_text import json_lines
from crmctl.render.listing import Card, Escape, Listing


def records(listing: Listing, _style: Style, _escape: Escape) -> str:
    """Return a line for each record."""
    return json_lines(listing.rows)


def cards(cards: Sequence[Card], _style: Style, _escape: Escape) -> str:
    """Return a line for each record."""
    return json_lines(card.row for card in cards)


def report(report: Report, _style: Style, _escape: Escape) -> str:
    """Return a line for each row of every block."""
    return json_lines(row for block in report.blocks if block.key for row in block.rows)
