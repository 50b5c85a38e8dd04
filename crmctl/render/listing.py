"""What the output formats take: records in a list, and records one by one."""

from collections.abc import Callable, Mapping, Sequence

import msgspec

from crmctl.model.table import Column, Passage

Escape = Callable[[str], str]
"""What a cell goes through on its way into a file that a spreadsheet may open."""


class Listing(msgspec.Struct, frozen=True):
    """Records in a list: `rows` as JSON shows them, and `cells`, the text for each column of each row.

    A format needs one of the two: see `crmctl.render.formats.needs_cells`.
    """

    columns: Sequence[Column]
    rows: Sequence[Mapping[str, object]] = ()
    cells: Sequence[Sequence[str]] = ()


class Section(msgspec.Struct, frozen=True):
    """What belongs to a record, below its fields: links, tasks, history, a line each."""

    heading: str
    lines: tuple[str, ...]


class Card(msgspec.Struct, frozen=True):
    """One record: `row` as JSON shows it, and `cells`, the text for each column."""

    heading: str
    columns: tuple[Column, ...]
    row: Mapping[str, object]
    cells: tuple[str, ...]
    sections: tuple[Section, ...] = ()

    def filled(self) -> list[tuple[Column, str]]:
        """Return the columns that have text, with it."""
        pairs = zip(self.columns, self.cells, strict=True)
        return [(column, text) for column, text in pairs if text]


def listing_of(cards: Sequence[Card]) -> Listing:
    """Return cards as one list, whose columns are those that any of them has."""
    columns = {column.name: column for card in cards for column in card.columns}
    texts = [{c.name: text for c, text in zip(card.columns, card.cells, strict=True)} for card in cards]
    cells = [[text.get(name, "") for name in columns] for text in texts]
    return Listing(tuple(columns.values()), [card.row for card in cards], cells)


def passage_card(passage: Passage) -> Card:
    """Return labelled text as a card, which is how every format shows such text."""
    columns = tuple(Column(label, label) for label, _ in passage.lines)
    return Card(passage.heading, columns, {}, tuple(text for _, text in passage.lines))
