"""Rows that are lines of one deal: those that share its outside id become one row."""

from __future__ import annotations

from collections.abc import Iterator, Mapping, Sequence
from typing import Any

from msgspec.structs import replace

from crmctl.importer.row import ImportRow, Sibling
from crmctl.importer.table import CellError

_COMPARED = ("values", "texts", "kept", "sought")


def joined(rows: Sequence[ImportRow]) -> list[ImportRow]:
    """Return the rows, those that have their outside id from an earlier one joined to that.

    A later row may leave blank what the first says, and say what that leaves blank, but nothing else than it: what
    does is an error.
    """
    found: dict[str, ImportRow] = {}
    for at, row in enumerate(rows):
        key = row.external_id or f"\0{at}"
        found[key] = _with(found[key], row) if key in found else row
    return list(found.values())


def _with(first: ImportRow, row: ImportRow) -> ImportRow:
    merged: dict[str, Any] = {name: {**getattr(row, name), **getattr(first, name)} for name in _COMPARED}
    return replace(
        first,
        **merged,
        linked={**row.linked, **first.linked},
        id=first.id or row.id,
        bare=tuple(dict.fromkeys((*first.bare, *row.bare))),
        entered=tuple(dict.fromkeys((*first.entered, *row.entered))),
        lines=(*first.lines, *row.lines),
        more=(*first.more, Sibling(row.line, row.packed)),
        errors=(*first.errors, *row.errors, *_differences(first, row)),
        warnings=(*first.warnings, *row.warnings),
    )


def _differences(first: ImportRow, row: ImportRow) -> Iterator[CellError]:
    """Yield what a further line of a deal says otherwise than the first."""
    for name in _COMPARED:
        yield from _unlike(getattr(first, name), getattr(row, name), first.line, row.line)
    for kind, part in row.linked.items():
        known = first.linked.get(kind)
        if known:
            for name in _COMPARED:
                yield from _unlike(
                    getattr(known, name), getattr(part, name), first.line, row.line, f"{kind.value}."
                )


def _unlike(
    known: Mapping[str, Any], said: Mapping[str, Any], first: int, line: int, head: str = ""
) -> Iterator[CellError]:
    for name, value in said.items():
        if name in known and known[name] != value:
            told = f"line {line} is of the same deal as line {first}, but has another {head}{name}"
            yield CellError(line, "", head + name, "", told)
