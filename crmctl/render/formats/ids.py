"""Ids alone, one a line: what other commands read from standard input."""

from collections.abc import Iterable, Mapping, Sequence

from crmctl.errors import WrongUse
from crmctl.model.table import Report, Row
from crmctl.render.colour import Style
from crmctl.render.listing import Card, Escape, Listing


def records(listing: Listing, _style: Style, _escape: Escape) -> str:
    """Return the id of each record."""
    return _ids(listing.rows)


def cards(cards: Sequence[Card], _style: Style, _escape: Escape) -> str:
    """Return the id of each record."""
    return _ids(card.row for card in cards)


def report(report: Report, _style: Style, _escape: Escape) -> str:
    """Return the ids of a report whose rows are records, or have those behind their figures; each once.

    Raises WrongUse for any other.
    """
    rows = [row for block in report.blocks if block.key for row in block.rows]
    if any("id" not in row and "ids" not in row for row in rows):
        raise WrongUse(f'the rows of report "{report.report}" are not records', hint="use -o json")
    found = dict.fromkeys(name for row in rows for name in _of_row(row))
    return "".join(f"{name}\n" for name in found)


def _of_row(row: Row) -> list[str]:
    ids = row.get("ids")
    return ids if isinstance(ids, list) else [str(row["id"])]


def _ids(rows: Iterable[Mapping[str, object]]) -> str:
    return "".join(f"{row['id']}\n" for row in rows)
