"""Rows to be shown: plain values with columns that say what they are. Formatting is the renderer's."""

from collections.abc import Mapping
from enum import StrEnum

import msgspec

NO_VALUE = "(none)"
"""Stands in the name of a row for a source, an owner or a reason that its records do not have."""


class Kind(StrEnum):
    """What a column holds, which decides how it is written and set."""

    TEXT = "text"
    COUNT = "count"
    SHARE = "share"
    AMOUNT = "amount"
    BAR = "bar"
    DAYS = "days"


Cell = str | int | float | bool | list[str] | dict[str, str] | None
"""A value of a row: an amount is currency to decimal text, a share a number from 0 to 1."""
Row = Mapping[str, Cell]


class Column(msgspec.Struct, frozen=True):
    """A column of a table; `name` is its key in rows and in JSON."""

    name: str
    title: str
    kind: Kind = Kind.TEXT


class Block(msgspec.Struct, frozen=True):
    """One table of a report; `key` is where its rows stand in JSON, empty for a table made for people alone.

    `told` are the rows as people read them, where they read others. `shown` is false for rows that only JSON
    shows; `total` closes the table when shown. `chart` names the columns
    that a chart draws, with commas between them; without any those are drawn that suit best. Where `sums` is not 0,
    so many rows at the end sum others up, and are not drawn. `about` is what rows without a name are of: a pipeline.
    """

    heading: str
    columns: tuple[Column, ...]
    rows: list[Row]
    key: str = "rows"
    total: Row | None = None
    shown: bool = True
    chart: str = ""
    sums: int = 0
    about: str = ""
    told: list[Row] | None = None

    @property
    def read(self) -> list[Row]:
        """The rows as people read them."""
        return self.rows if self.told is None else self.told


class Passage(msgspec.Struct, frozen=True):
    """Labelled text below the tables of a report, for people: a definition, the ids behind a figure."""

    heading: str
    lines: tuple[tuple[str, str], ...]


class Report(msgspec.Struct, frozen=True):
    """A report: what JSON shows, and the blocks and passages that are drawn.

    `more` are further keys of its JSON form. `alarm` says of which rows a condition was true that must be of none.
    `question` is what it answers; a `charted` one is shown to people with charts.
    """

    report: str
    as_of: str
    filters: dict[str, str]
    blocks: tuple[Block, ...]
    totals: Row
    notes: tuple[str, ...] = ()
    more: dict[str, object] = {}
    passages: tuple[Passage, ...] = ()
    alarm: str = ""
    question: str = ""
    charted: bool = False

    @property
    def shown(self) -> list[Block]:
        """The tables that people see, their rows as people read them."""
        return [
            msgspec.structs.replace(block, rows=block.read, told=None) for block in self.blocks if block.shown
        ]
