"""A page of HTML that needs nothing else: no script, no network, light and dark."""

from collections.abc import Sequence

from crmctl.model.table import Report
from crmctl.render.colour import Style
from crmctl.render.listing import Card, Escape, Listing
from crmctl.render.page import card, cell, page, scrolled, table


def records(listing: Listing, _style: Style, _escape: Escape) -> str:
    """Return a page with one table."""
    rows = [
        [cell(column, text) for column, text in zip(listing.columns, row, strict=True)]
        for row in listing.cells
    ]
    return page("crmctl", scrolled(table(listing.columns, rows)), wide=True)


def cards(cards: Sequence[Card], _style: Style, _escape: Escape) -> str:
    """Return a page with a table of fields for each card, and lists below it."""
    title = cards[0].heading if len(cards) == 1 else "crmctl"
    return page(title, "".join(card(each) for each in cards))


def report(report: Report, _style: Style, _escape: Escape) -> str:
    """Return the page of a report; its charts are drawn where they were asked for, otherwise bars in its tables."""
    from crmctl.render.report_page import report_page

    return report_page(report, charts=report.charted)
