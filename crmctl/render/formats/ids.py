"""Ids alone, one a line: what other commands read from standard input."""

from collections.abc import Iterable, Mapping, Sequence

from crmctl.errors import WrongUse
from crmctl.model.table import Report
from crmctl.render.colour import Style
from crmctl.render.listing import Card, Escape, Listing


def records(listing: Listing, _style: Style, _escape: Escape) -> str:
    """Return the id of each record."""
    return _ids(listing.rows)


def cards(cards: Sequence[Card], _style: Style, _escape: Escape) -> str:
    """Return the id of each record."""
    return _ids(card.row for card in cards)


def report(report: Report, _style: Style, _escape: Escape) -> str:
    """Return the ids of a report whose rows are records. Raises WrongUse for any other."""
    rows = [row for block in report.blocks if block.key for row in block.rows]
    if any("id" not in row for row in rows):
        raise WrongUse(f'the rows of report "{report.report}" are not records', hint="use -o json or --ids")
    return _ids(rows)


def _ids(rows: Iterable[Mapping[str, object]]) -> str:
    return "".join(f"{row['id']}\n" for row in rows)
