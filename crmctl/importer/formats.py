"""Which reader a file goes to. A new format is a module with a `read` function, and a line here."""

from __future__ import annotations

from importlib import import_module
from itertools import islice
from typing import TYPE_CHECKING

import msgspec

from crmctl.errors import Refused, WrongUse
from crmctl.file_formats import FOREIGN, format_by_suffix
from crmctl.importer.table import RawRow, ReadOptions, Table
from crmctl.text import name_key, names_hint

if TYPE_CHECKING:
    from collections.abc import Iterator

    from crmctl.importer.source import Source

READERS = {
    "csv": "crmctl.importer.csv_reader",
    "tsv": "crmctl.importer.tsv_reader",
    "json": "crmctl.importer.json_reader",
    "jsonl": "crmctl.importer.jsonl_reader",
    "xlsx": "crmctl.importer.xlsx.reader",
    "vcard": "crmctl.importer.vcard_reader",
    "html": "crmctl.importer.html_reader",
}
"""The module of each format that `--format` names."""

SHEETED = frozenset({"json", "xlsx"})
"""Formats whose files may have several tables, of which `--sheet` names one."""

MARKS = (
    (b"PK\x03\x04", "xlsx"),
    (b"\xd0\xcf\x11\xe0", "xls"),
    (b"BEGIN:VCARD", "vcard"),
)
"""How files begin whose format shows, whatever their name."""

_SAVE = "save it as XLSX, or as CSV in UTF-8"
_ENCRYPTED = "EncryptedPackage".encode("utf-16-le")
"""What a workbook with a password has in place of one: an OLE file with a stream of this name."""
_OLE_LOOKED_AT = 4 * 1024 * 1024

_UTF_16 = (b"\xff\xfe", b"\xfe\xff")
_BEGINNING = 4096
LINE_COLUMN, ERROR_COLUMN = "_line", "_error"
"""What a file of rejected rows has beyond the columns they came with."""


def open_table(source: Source, options: ReadOptions) -> Table:
    """Open a file with the reader of its format. Raises Refused and WrongUse, also from the table's rows.

    The columns that a file of rejected rows has in addition are left out.
    """
    name = recognised_format(source, options.format)
    if options.sheet and name not in SHEETED:
        raise WrongUse(
            f"{source.name} has no sheets",
            hint="--sheet is for workbooks (XLSX), and for a JSON file that has several lists",
        )
    table: Table = import_module(READERS[name]).read(source, options)
    rows: Iterator[RawRow] = table.rows if options.limit is None else islice(table.rows, options.limit)
    table = msgspec.structs.replace(table, rows=rows, format=name)
    return _without_reasons(table)


def recognised_format(source: Source, named: str = "") -> str:
    """Return the format that is named, or that the first bytes or the suffix show; CSV where none does."""
    head = source.part(0, 512).removeprefix(b"\xef\xbb\xbf").lstrip()
    if named:
        return _fitting(_known(named.lower()), source, head)
    for mark, name in MARKS:
        if head.upper().startswith(mark):
            return _readable(name, source)
    if head[:1] == b"<" or head[:2] in _UTF_16:
        from crmctl.importer.html_reader import is_html

        if is_html(source.part(0, _BEGINNING)):
            return "html"
    for suffix, name in FOREIGN.items():
        if source.name.lower().endswith(suffix):
            if name in READERS and name != "xlsx":
                return name
            if not source.size:
                raise Refused(f"{source.name} is empty")
            told = f"{source.name} is named like a file of the format {name}, but is none"
            raise Refused(told, hint=f"{_SAVE}; if it is CSV already, add --format csv")
    begins_json = head[:1] in (b"[", b"{")
    by_suffix = format_by_suffix(source.name)
    return by_suffix if by_suffix in READERS else "json" if begins_json else "csv"


def _readable(name: str, source: Source) -> str:
    """Return a format that shows, if it can be read. Raises Refused."""
    if name in READERS:
        return name
    if name == "xls" and _ENCRYPTED in source.part(0, _OLE_LOOKED_AT):
        raise Refused(
            f"{source.name} is protected with a password", hint="save it without one, as XLSX or CSV"
        )
    raise Refused(f"{source.name} is a file of the format {name}, which cannot be read", hint=_SAVE)


def _fitting(name: str, source: Source, head: bytes) -> str:
    """Return the format that is named, unless it is one of archives and the file is none. Raises Refused."""
    if name == "xlsx" and not head.startswith(b"PK"):
        raise Refused(f"{source.name} is no file of the format xlsx", hint="leave out --format")
    return name


def _known(name: str) -> str:
    if name not in READERS:
        raise WrongUse(f'unknown format "{name}"', hint=names_hint(name, READERS))
    return name


def _without_reasons(table: Table) -> Table:
    dropped = [at for at, name in enumerate(table.header) if name_key(name) in (LINE_COLUMN, ERROR_COLUMN)]
    if not dropped:
        return table
    header = tuple(name for at, name in enumerate(table.header) if at not in dropped)
    written = tuple(name for at, name in enumerate(table.written) if at not in dropped)
    rows = _shortened(table.rows, dropped)
    return msgspec.structs.replace(
        table, header=header, rows=rows, rejects=len(dropped) == 2, written=written
    )


def _shortened(rows: Iterator[RawRow], dropped: list[int]) -> Iterator[RawRow]:
    for row in rows:
        cells = [cell for at, cell in enumerate(row.cells) if at not in dropped]
        yield msgspec.structs.replace(row, cells=cells)
