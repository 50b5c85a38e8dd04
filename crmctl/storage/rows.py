"""Struct types with only the fields a scan asks for, so that the rest of a line is passed over undecoded."""

from __future__ import annotations

from collections.abc import Iterable, Sequence
from functools import cache
from typing import TYPE_CHECKING, Any

import msgspec

from crmctl.model.records import Record
from crmctl.storage.interface import Row, column

if TYPE_CHECKING:
    from crmctl.query.bound import Filter


def row_type(fields: Sequence[str]) -> type[Row]:
    """Return the type of rows with the fields named, as `crmctl.storage.interface.column` reads them."""
    return _made(tuple(dict.fromkeys(fields)))


@cache
def _made(fields: tuple[str, ...]) -> type[Row]:
    # A prefix keeps fields such as `class` or `from` from being Python words.
    attributes = [(f"f_{name}", Any, None) for name in fields]
    rename = {f"f_{name}": name for name in fields}
    return msgspec.defstruct("Row", attributes, rename=rename, gc=False)


def rows_of(records: Iterable[Record], fields: Sequence[str], where: Filter | None) -> list[Row]:
    """Return records that are decoded already as rows of a scan."""
    names = (*fields, *where.fields) if where else fields
    made = row_type(names)
    rows = [made(*(record.get(name) for name in dict.fromkeys(names))) for record in records]
    return where.narrowing(column)(rows) if where else rows
