"""Rows of cells as lines of CSV (RFC 4180, but with LF at line ends), and what may stand between cells."""

import csv
from collections.abc import Sequence
from io import StringIO

from crmctl.errors import WrongUse
from crmctl.text import visible

_NAMES = {
    "comma": ",",
    "semicolon": ";",
    "tab": "\t",
    "\\t": "\t",
    "pipe": "|",
    "space": " ",
    "colon": ":",
}


def declared_delimiter(text: str) -> str:
    """Return the delimiter that an option names by itself or by a word; empty for none. Raises WrongUse."""
    found = _NAMES.get(text.lower(), text)
    if len(found) > 1 or found.isalnum() or found in ('"', "\r", "\n", "\0"):
        raise WrongUse(
            f'"{visible(text)}" cannot separate cells', hint="write --delimiter ';' or comma, tab or pipe"
        )
    return found


class CsvLines:
    """Rows as lines, gathered until they are taken."""

    def __init__(self, delimiter: str) -> None:
        self._text = StringIO(newline="")
        self._plain = csv.writer(self._text, delimiter=delimiter, lineterminator="\n")
        self._careful = csv.writer(
            self._text, delimiter=delimiter, lineterminator="\n", quoting=csv.QUOTE_ALL
        )

    def add(self, cells: Sequence[str]) -> None:
        """Add a row; cells with delimiters, quotes or line breaks are quoted."""
        # Some versions of csv quote a lone CR only where it is in their own line end.
        writer = self._careful if "\r" in "".join(cells) else self._plain
        writer.writerow(cells)

    def taken(self) -> str:
        """Return the lines of the rows added since this was last called."""
        text = self._text.getvalue()
        self._text.seek(0)
        self._text.truncate()
        return text
