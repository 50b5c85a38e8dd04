"""Rows that are lines of one deal: those that share its outside id become one row."""

from __future__ import annotations

from collections.abc import Iterator, Mapping, Sequence
from typing import Any

from msgspec.structs import replace

from crmctl.importer.row import ImportRow, Sibling
from crmctl.importer.table import CellError
from crmctl.model.keys import outside_key
from crmctl.model.records import RecordType

_COMPARED = ("values", "texts", "kept", "sought")


def joined(rows: Sequence[ImportRow]) -> list[ImportRow]:
    """Return the rows, those that share an outside id joined to the first of them.

    A later row may leave blank what an earlier one says, and say what that leaves blank, but nothing else than it:
    what does is an error.
    """
    groups: dict[str, list[ImportRow]] = {}
    for at, row in enumerate(rows):
        groups.setdefault(outside_key(row.external_id) or f"\0{at}", []).append(row)
    return [_joined(group) if len(group) > 1 else group[0] for group in groups.values()]


def _joined(rows: Sequence[ImportRow]) -> ImportRow:
    """Return the lines of a deal as one row: a deal may have thousands, so each is gone through once."""
    first, *further = rows
    said: dict[str, dict[str, Any]] = {name: dict(getattr(first, name)) for name in _COMPARED}
    linked: dict[RecordType, ImportRow] = dict(first.linked)
    errors = list(first.errors)
    for row in further:
        errors += row.errors
        errors += _differences(said, linked, row, first.line)
        for name in _COMPARED:
            for field, value in getattr(row, name).items():
                said[name].setdefault(field, value)
        linked = {**row.linked, **linked}
    return replace(
        first,
        **said,
        linked=linked,
        id=next((row.id for row in rows if row.id), ""),
        bare=tuple(dict.fromkeys(name for row in rows for name in row.bare)),
        entered=tuple(dict.fromkeys(moment for row in rows for moment in row.entered)),
        lines=tuple(line for row in rows for line in row.lines),
        more=tuple(Sibling(row.line, row.packed) for row in further),
        errors=tuple(errors),
        warnings=tuple(warning for row in rows for warning in row.warnings),
    )


def _differences(
    said: Mapping[str, Mapping[str, Any]], linked: Mapping[RecordType, ImportRow], row: ImportRow, first: int
) -> Iterator[CellError]:
    """Yield what a further line of a deal says otherwise than those before."""
    for name in _COMPARED:
        yield from _unlike(said[name], getattr(row, name), first, row.line)
    for kind, part in row.linked.items():
        if known := linked.get(kind):
            for name in _COMPARED:
                head = f"{kind.value}."
                yield from _unlike(getattr(known, name), getattr(part, name), first, row.line, head)


def _unlike(
    known: Mapping[str, Any], said: Mapping[str, Any], first: int, line: int, head: str = ""
) -> Iterator[CellError]:
    for name, value in said.items():
        if name in known and known[name] != value:
            told = f"line {line} is of the same deal as line {first}, but has another {head}{name}"
            yield CellError(line, "", head + name, "", told)
