"""JSON: an array with a record a line, one record as an indented object, a report as one document."""

from collections.abc import Sequence

from crmctl.model.table import Report
from crmctl.render.colour import Style
from crmctl.render.document import document
from crmctl.render.json_text import array, pretty
from crmctl.render.listing import Card, Escape, Listing


def records(listing: Listing, _style: Style, _escape: Escape) -> str:
    """Return an array of flat objects."""
    return array(listing.rows)


def cards(cards: Sequence[Card], _style: Style, _escape: Escape) -> str:
    """Return an object, or an array of several."""
    return pretty(cards[0].row) if len(cards) == 1 else array(card.row for card in cards)


def report(report: Report, _style: Style, _escape: Escape) -> str:
    """Return the report's document."""
    return pretty(document(report))
