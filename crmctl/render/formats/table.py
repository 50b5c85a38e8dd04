"""Text for people: lists as tables, records as cards, reports with bars."""

from collections.abc import Sequence

from crmctl.model.table import Report
from crmctl.render.card import draw_card
from crmctl.render.colour import Style
from crmctl.render.listing import Card, Escape, Listing
from crmctl.render.report_text import draw_report
from crmctl.render.table import draw_table


def records(listing: Listing, style: Style, _escape: Escape) -> str:
    """Return a table, or nothing for no records."""
    return "".join(f"{line}\n" for line in draw_table(listing.columns, listing.cells, style))


def cards(cards: Sequence[Card], style: Style, _escape: Escape) -> str:
    """Return cards with an empty line between them."""
    return "\n".join("".join(f"{line}\n" for line in draw_card(card, style)) for card in cards)


def report(report: Report, style: Style, _escape: Escape) -> str:
    """Return the report's tables and notes."""
    return "".join(f"{line}\n" for line in draw_report(report, style))
