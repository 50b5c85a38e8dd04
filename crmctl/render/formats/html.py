"""A page of HTML that needs nothing else: no script, no network, light and dark."""

from collections.abc import Sequence

from crmctl.model.table import Block, Report
from crmctl.render.colour import Style
from crmctl.render.listing import Card, Escape, Listing, passage_card
from crmctl.render.page import block_table, card, cell, escaped, items, page, table

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
        [cell(column, text) for column, text in zip(listing.columns, row, strict=True)]
        for row in listing.cells
    ]
    return page("crmctl", _CSS, table(listing.columns, rows))


def cards(cards: Sequence[Card], _style: Style, _escape: Escape) -> str:
    """Return a page with a table of fields for each card, and lists below it."""
    title = cards[0].heading if len(cards) == 1 else "crmctl"
    return page(title, _CSS, "".join(card(each) for each in cards))


def report(report: Report, _style: Style, _escape: Escape) -> str:
    """Return a page with a table for each block, bars drawn, and the notes."""
    body = "".join(_block(block) for block in report.shown)
    below = "".join(card(passage_card(passage), "h2") for passage in report.passages)
    return page(report.report, _CSS, body + items(report.notes) + below)


def _block(block: Block) -> str:
    heading = f"<h2>{escaped(block.heading)}</h2>\n" if block.heading else ""
    return heading + block_table(block)
