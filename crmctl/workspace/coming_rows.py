"""The keys of a file's rows, equal ones told apart by their number, and which of them are still to come."""

from collections.abc import Sequence

from crmctl.importer.row import ImportRow
from crmctl.model.keys import repeated


class ComingRows:
    """Gives the rows of one file their keys; `waiting` are those not taken yet, the next one last."""

    def __init__(self, waiting: Sequence[ImportRow] = ()) -> None:
        self._waiting = waiting
        self._repeats: dict[str, int] = {}
        self._coming: set[str] | None = None

    def take(self, row: ImportRow) -> str:
        """Return what a row is known by when it comes again: its content, and its number among equal rows."""
        key = _numbered(row, self._repeats)
        if self._coming:
            self._coming.discard(key)
        return key

    def comes(self, key: str) -> bool:
        """Tell whether a row is still to come. They are gone through only if that is asked."""
        if self._coming is None:
            repeats = dict(self._repeats)
            self._coming = {_numbered(row, repeats) for row in reversed(self._waiting)}
        return key in self._coming


def _numbered(row: ImportRow, repeats: dict[str, int]) -> str:
    key = row.key
    count = repeats[key] = repeats.get(key, 0) + 1
    return key if count == 1 else repeated(key, count)
