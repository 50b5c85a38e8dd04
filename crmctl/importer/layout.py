"""A file's columns under a profile: which are fields, what is done to their cells, which are put together.

The columns that a profile makes of others stand behind those of the file: rows keep their cells as they are, for
messages and rejects, and have beside them the cells as they are to be read.
"""

from __future__ import annotations

from collections.abc import Iterable, Iterator, Mapping, Sequence

import msgspec

from crmctl.importer.cell_change import CellChange
from crmctl.importer.table import RawRow
from crmctl.importer.targets import Target
from crmctl.text import name_key

Words = tuple[int, frozenset[str]]
"""Where a column stands, and the keys of the cells that are looked for in it; `*` is any that is not blank."""


class Part(msgspec.Struct, frozen=True):
    """A column of the file that goes into a made one, and what is done to its cells.

    It counts as blank where one of the columns `unless` has something, and unless one of those `when` names has one
    of the cells whose keys stand with it.
    """

    at: int
    change: CellChange
    unless: tuple[int, ...] = ()
    when: tuple[Words, ...] | None = None

    @property
    def places(self) -> tuple[int, ...]:
        """Where it stands in the file."""
        return (self.at,)

    def of(self, cells: Sequence[str]) -> str:
        """Return its part of a row."""
        text = cells[self.at]
        if not text or any(cells[at].strip() for at in self.unless):
            return ""
        if self.when is not None and not any(_is_among(cells[at], words) for at, words in self.when):
            return ""
        return self.change(text)


class Made(msgspec.Struct, frozen=True):
    """A column that is made of others: their cells with `by` between, or without it the first that is not blank.

    There is nothing where the cells at all the places that it `needs` are blank.
    """

    name: str
    parts: tuple[Part | Made, ...]
    by: str = ""
    needs: tuple[int, ...] = ()

    @property
    def places(self) -> tuple[int, ...]:
        """Where its parts stand in the file."""
        return tuple(at for part in self.parts for at in part.places)

    def of(self, cells: Sequence[str]) -> str:
        """Return its cell of a row."""
        if self.needs and not any(cells[at].strip() for at in self.needs):
            return ""
        found = [text for part in self.parts if (text := part.of(cells)).strip()]
        if len(found) < 2 or not self.by:
            return found[0] if found else ""
        return self.by.join(_unlike(found, self.by.strip() or "\n"))


def _unlike(texts: Sequence[str], mark: str) -> Iterator[str]:
    """Yield the texts that do not stand whole in the earlier ones, as a town does in an address written out."""
    seen: set[str] = set()
    for text in texts:
        pieces = set(map(name_key, text.split(mark)))
        if not pieces <= seen:
            yield text
        seen |= pieces


def _is_among(cell: str, words: frozenset[str]) -> bool:
    key = name_key(cell)
    return key in words or (key != "" and "*" in words)


class Layout(msgspec.Struct, frozen=True):
    """How a file is read under a profile.

    `targets` say what the columns that the profile speaks of are for, by name, the made ones included. `aside` are
    the columns that are read only as parts of made ones, `only` the columns that say which rows are read, with the
    keys of the cells that do.
    """

    header: tuple[str, ...]
    targets: Mapping[str, Target]
    changes: Mapping[int, CellChange]
    made: tuple[Made, ...]
    aside: frozenset[str]
    only: tuple[Words, ...] = ()

    @property
    def names(self) -> tuple[str, ...]:
        """The columns of the file, then those that are made."""
        return (*self.header, *(each.name for each in self.made))

    def passes_over(self, row: RawRow) -> str:
        """Return the column by which a row is not among those that are read, empty for one that is."""
        for at, words in self.only:
            if not _is_among(row.cells[at], words):
                return self.header[at]
        return ""

    def rows(self, rows: Iterable[RawRow], watched: set[int]) -> Iterator[RawRow]:
        """Yield the rows with the cells as they are to be read; of the places watched, those that stay blank are left.

        A row that has no single reading is not changed: all that is looked for in it is which record it means.
        """
        changes, made, width = list(self.changes.items()), self.made, len(self.header)
        for row in rows:
            cells = row.cells
            read = cells[:width]
            if row.odd and self.aside:
                # What is put together is read, and a part of it that is no value spoils the whole.
                spoilt = (
                    odd
                    for odd in row.odd
                    if odd.column in self.aside and cells[self.header.index(odd.column)]
                )
                row = msgspec.structs.replace(row, faults=(*row.faults, *spoilt))  # noqa: PLW2901
            if row.faults:
                read += [""] * len(made)
            else:
                for at, change in changes:
                    if text := cells[at]:
                        read[at] = change(text)
                for each in made:
                    read.append(each.of(cells))
            if watched:
                watched -= {at for at in watched if cells[at].strip()}
            yield RawRow(row.line, cells, row.faults, row.warnings, read, row.odd)
