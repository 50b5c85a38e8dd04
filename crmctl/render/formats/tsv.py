"""Tab-separated values: the names of the fields, then a line for each record."""

from collections.abc import Sequence

from crmctl.model.table import Report
from crmctl.render.colour import Style
from crmctl.render.delimited import delimited_records, delimited_report
from crmctl.render.listing import Card, Escape, Listing, listing_of

_DELIMITER = "\t"


def records(listing: Listing, _style: Style, escape: Escape) -> str:
    """Return a line for each record."""
    return delimited_records(listing, escape, _DELIMITER)


def cards(cards: Sequence[Card], _style: Style, escape: Escape) -> str:
    """Return a line for each record."""
    return delimited_records(listing_of(cards), escape, _DELIMITER)


def report(report: Report, _style: Style, escape: Escape) -> str:
    """Return the rows of each block under their names."""
    return delimited_report(report, escape, _DELIMITER)
