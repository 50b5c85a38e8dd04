"""A CSV file that the configuration names, such as of rates or of spend: its lines, each read or refused by itself."""

import csv
from collections.abc import Callable, Iterable, Iterator, Mapping, Sequence
from datetime import date
from pathlib import Path
from typing import NamedTuple, TextIO, TypeVar

from crmctl.config.files import resolve_inside
from crmctl.dates import is_iso
from crmctl.errors import BadValue, NotConfigured, NotFound
from crmctl.text import name_key

Cells = Mapping[str, str]
"""The cells of a line by the name of their column, trimmed."""
T = TypeVar("T")


class TableFile(NamedTuple):
    """A file as `key` of crmctl.yaml names it, and the columns that it must have."""

    folder: Path
    key: str
    name: str
    columns: Sequence[str]

    def lines(self, read: Callable[[Cells], T]) -> Iterator[tuple[int, T | BadValue]]:
        """Yield the number of each line with what `read` makes of it, or what is wrong with it. Raises NotFound.

        Commas may part the cells, or semicolons and tabs, as spreadsheets write them; empty lines are passed over.
        """
        with self._open() as file:
            try:
                yield from _read(file, self.columns, read)
            except UnicodeDecodeError:
                yield 1, BadValue("is not UTF-8", hint="save it as CSV UTF-8")

    def sound(self, lines: Iterable[tuple[int, T | BadValue]]) -> Iterator[T]:
        """Yield what lines were read as. Raises NotConfigured at the first that is wrong."""
        for number, found in lines:
            if isinstance(found, BadValue):
                raise NotConfigured(f"{self.name}:{number}: {found.reason}", hint=found.hint) from None
            yield found

    def _open(self) -> TextIO:
        try:
            return resolve_inside(self.folder, self.name).open(encoding="utf-8-sig", newline="")
        except BadValue as error:
            reason = error.reason
        except OSError:
            reason = "cannot be read"
        told = reason if f'"{self.name}"' in reason else f'"{self.name}" {reason}'
        raise NotFound(f"{self.key}: {told}", hint=f"{self.key}: in crmctl.yaml names it")


def read_day(text: str) -> date:
    """Return a day as such files write it. Raises BadValue."""
    if not is_iso(text) or len(text) > len("2026-11-21"):
        raise BadValue(f'"{text}" is no date', hint="write it like 2026-11-21")
    try:
        return date.fromisoformat(text)
    except ValueError:
        raise BadValue(f'there is no date "{text}"') from None


def _read(
    file: TextIO, columns: Sequence[str], read: Callable[[Cells], T]
) -> Iterator[tuple[int, T | BadValue]]:
    header = file.readline()
    file.seek(0)
    lines = csv.reader(file, delimiter=max(",;\t", key=header.count), strict=True)
    try:
        names = [name_key(name) for name in next(lines, [])]
        missing = [column for column in columns if column not in names]
        if missing:
            yield 1, BadValue(f"no column {' or '.join(missing)}", hint=f"columns: {', '.join(columns)}")
            return
        for cells in lines:
            if any(map(str.strip, cells)):
                yield lines.line_num, _line(names, cells, read)
    except csv.Error as error:
        yield max(lines.line_num, 1), BadValue(str(error))


def _line(names: Sequence[str], cells: Sequence[str], read: Callable[[Cells], T]) -> T | BadValue:
    if len(cells) > len(names):
        return BadValue(f"{len(cells)} cells under {len(names)} columns")
    filled = (*map(str.strip, cells), *[""] * (len(names) - len(cells)))
    try:
        return read(dict(zip(names, filled, strict=True)))
    except BadValue as error:
        return error
