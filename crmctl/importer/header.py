"""The names of a file's columns: what may stand in a header line."""

from collections.abc import Sequence

from crmctl.errors import Refused
from crmctl.text import name_key, shortened

MOST_COLUMNS = 1000
"""Columns that a file may have: beyond these it is no list of records, and its rows may take up any memory."""


class RepeatedName(Refused):
    """Two columns of one name, which nothing tells apart."""


def checked_header(names: Sequence[str], place: str, *, number_repeats: bool = False) -> tuple[str, ...]:
    """Return the column names trimmed. Raises Refused for none at all and for two that are the same.

    Names are the same regardless of case, of composition and of the kind of white space. A column without a
    name is let through: it is refused once a row has something in it.
    """
    header = [*trimmed(names)]
    if not any(header):
        raise Refused(f"{place}: no column has a name", hint="the first line must name the columns")
    if (width := max(at for at, name in enumerate(header, 1) if name)) > MOST_COLUMNS:
        raise Refused(
            f"{place}: {width:,} columns, and {MOST_COLUMNS:,} are the most",
            hint="take away what is no column",
        )
    if any("\0" in name for name in header):
        raise Refused(f"{place}: a column's name contains a NUL character")
    seen: dict[str, int] = {}
    for at in range(len(header)):
        name = header[at] = _numbered(header[at], seen) if number_repeats else header[at]
        if name and (first := seen.setdefault(name_key(name), at)) != at:
            raise RepeatedName(
                f'{place}: columns {first + 1} and {at + 1} are both named "{shortened(name)}"',
                details=[{"message": f"column {n + 1}: {shortened(header[n])}"} for n in (first, at)],
                hint="give each column a name of its own",
            )
    return tuple(header)


def trimmed(names: Sequence[str]) -> tuple[str, ...]:
    """Return the names without the spaces around them, hard ones being spaces."""
    return tuple(name.replace("\u00a0", " ").strip() for name in names)


def _numbered(name: str, seen: dict[str, int]) -> str:
    """Return the name, with the lowest number from 2 on that tells it from those seen."""
    number, candidate = 1, name
    while name and name_key(candidate) in seen:
        number += 1
        candidate = f"{name} {number}"
    return candidate
