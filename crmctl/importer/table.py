"""What every format is read into: a header and rows of text, each with the line it starts on."""

from collections.abc import Iterator

import msgspec

from crmctl.guard import unescape
from crmctl.model.field_types.base import LONGEST_TEXT
from crmctl.text import shortened

_SHOWN = 60
RAISE_LIMIT = "shorten it, or raise the limit with --field-limit"


class NumberCell(str):
    """A cell that its file holds as a number: the point is its decimal mark, whatever was declared."""

    __slots__ = ()


class SheetNumber(NumberCell):
    """A number of a worksheet, where a column of phones or dates may hold such by mistake."""

    __slots__ = ()


class CellError(msgspec.Struct, frozen=True):
    """Why a row cannot be taken: `column` is its name in the file, `field` the field it was read for.

    Both are empty where the whole row is at fault. `code` is that of the BadValue, where it is of one.
    """

    line: int
    column: str
    field: str
    value: str
    reason: str
    hint: str = ""
    code: str = ""

    @property
    def about(self) -> str:
        """What is wrong, without the line: what a rejected row carries in its `_error` cell."""
        told = f"{self._place}: {self.reason}" if self.column else self.reason
        return f"{told} ({self.hint})" if self.hint else told

    @property
    def _place(self) -> str:
        """The column, and the value where the reason does not show it."""
        shown = quoted(self.value)
        return self.column if shown in self.reason or not self.value else f"{self.column} {shown}"

    def __str__(self) -> str:
        """Return a line of a message: `line 3: Amount "12x": not an amount of money`."""
        if not self.column:
            return f"line {self.line}: {self.reason}"
        return f"line {self.line}: {shortened(self.column)} {quoted(self.value)}: {self.reason}"


class RawRow(msgspec.Struct, frozen=True, gc=False):
    """A row as it stands in the file, as many `cells` as the header has; one with `faults` may have more.

    `odd` are cells without a value of their own, such as an error of a spreadsheet: faults where they are read.
    `read` are the cells as they are to be read where a profile changes them: those that it joins stand behind them.
    """

    line: int
    cells: list[str]
    faults: tuple[CellError, ...] = ()
    warnings: tuple[str, ...] = ()
    read: list[str] | None = None
    odd: tuple[CellError, ...] = ()


class ReadOptions(msgspec.Struct, frozen=True):
    """How a file is to be read. What is empty is found out from the file.

    `skip_rows` is the number of lines before the header; `limit` the most rows that are read;
    `number_repeats` tells columns of one name apart by a number instead of refusing them; `sheet` is one of a
    workbook, by its name or its number, or one list of a file that has several; `record` is the type of record that
    is wanted of a file that may hold others.
    """

    format: str = ""
    encoding: str = ""
    delimiter: str = ""
    skip_rows: int = 0
    limit: int | None = None
    field_limit: int = LONGEST_TEXT
    number_repeats: bool = False
    sheet: str = ""
    record: str = ""


class Table(msgspec.Struct, frozen=True):
    """An opened file: the names of its columns, and its rows, which can be gone through once.

    `delimiter` and `encoding` are what was declared or found, `line` is where the header stands. `rejects`
    tells a file of rows that an earlier import rejected. `epoch` is where a workbook's days begin that are
    counted. Where columns are made by the reader, `filled` gets the names of those that have something, and no
    column has to be a field. `written` are the names as they stand in the file, where repeated ones are told apart by
    a number. `notes` gets what the rows do not tell, until the last of them is read.
    """

    header: tuple[str, ...]
    rows: Iterator[RawRow]
    format: str = "csv"
    delimiter: str = ""
    encoding: str = "utf-8"
    line: int = 1
    rejects: bool = False
    epoch: str = "1900"
    filled: set[str] | None = None
    written: tuple[str, ...] = ()
    notes: list[str] = msgspec.field(default_factory=list)


def size_faults(line: int, column: str, cell: str, limit: int) -> Iterator[CellError]:
    """Yield what no cell of any format may have: a NUL, or more characters than the limit."""
    if "\0" in cell:
        yield CellError(line, column, "", cell, "contains a NUL character")
    # An export's guard is one character more than the value.
    if len(cell) > limit and len(unescape(cell)) > limit:
        yield CellError(line, column, "", cell, f"is longer than {limit:,} characters", RAISE_LIMIT)


def quoted(value: str) -> str:
    """Return a value in quotes, safe to show and cut to a readable length."""
    return f'"{shortened(value, _SHOWN)}"'
