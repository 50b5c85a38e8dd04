"""A second look at rows that are not plainly in order: ragged, blank, guarded, with NULs or huge cells."""

from crmctl.errors import Refused
from crmctl.guard import unescape
from crmctl.importer.table import CellError, RawRow, quoted, size_faults


class RowCheck:
    """Makes rows as wide as the header, and tells what is wrong with those that cannot be."""

    def __init__(self, header: tuple[str, ...], name: str, limit: int) -> None:
        self.header = header
        self.unnamed = tuple(at for at, column in enumerate(header) if not column)
        self._name = name
        self._limit = limit

    def row(self, line: int, cells: list[str]) -> RawRow | None:
        """Return the row, or nothing for a blank one. Raises Refused for a value in a nameless column."""
        if not any(cell.strip() for cell in cells):
            return None
        self._check_unnamed(line, cells)
        faults = self._faults(line, cells)
        cells = [unescape(cell) for cell in cells]
        width = len(self.header)
        warnings: tuple[str, ...] = ()
        if len(cells) < width:
            warnings = self._shortage(line, len(cells))
            cells += [""] * (width - len(cells))
        elif len(cells) > width:
            if not any(cell.strip() for cell in cells[width:]):
                del cells[width:]
            else:
                faults += (self._surplus(line, cells),)
        return RawRow(line, cells, faults, warnings)

    def _check_unnamed(self, line: int, cells: list[str]) -> None:
        for at in self.unnamed:
            if at < len(cells) and cells[at].strip():
                found = f"column {at + 1} has no name, but a value: {quoted(cells[at])}"
                raise Refused(f"{self._name}: line {line}: {found}", hint="name the column in the header")

    def _faults(self, line: int, cells: list[str]) -> tuple[CellError, ...]:
        named = zip(self.header, cells, strict=False)
        return tuple(fault for name, cell in named for fault in size_faults(line, name, cell, self._limit))

    def _shortage(self, line: int, count: int) -> tuple[str, ...]:
        missing = [name for name in self.header[count:] if name]
        if not missing:
            return ()
        return (f"line {line} ends after {count} of {len(self.header)} cells: the rest are taken as empty",)

    def _surplus(self, line: int, cells: list[str]) -> CellError:
        reason = f"has {len(cells)} cells, the header {len(self.header)}"
        return CellError(line, "", "", "", reason, "a cell with the delimiter in it must be in quotes")
