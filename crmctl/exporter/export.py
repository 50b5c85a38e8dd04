"""Writes an export: to a file, whole or not at all, or to standard output."""

from __future__ import annotations

import sys
from collections.abc import Iterable, Sequence
from io import BytesIO

from crmctl.errors import WrongUse
from crmctl.exporter.formats import BINARY, writer_of
from crmctl.exporter.records import shown_rows, typed_rows
from crmctl.exporter.sheet import Sheet, SheetOptions, Writer
from crmctl.model.field import Conventions, Field
from crmctl.model.records import Record
from crmctl.text import visible
from crmctl.whole_file import whole_file

_PLAIN = SheetOptions()


def record_sheet(
    format_name: str, fields: Sequence[Field], records: Iterable[Record], conventions: Conventions
) -> Sheet:
    """Return records as a format keeps them, with a column for each field, named by its id.

    With every field of `Configuration.fields_of` the export is complete: importing it gives the same records.
    """
    names = [field.name for field in fields]
    if format_name in BINARY:
        from crmctl.exporter.native import native_rows

        return Sheet(names, native_rows(fields, records, conventions))
    rows = typed_rows if writer_of(format_name).TYPED else shown_rows
    return Sheet(names, rows(fields, records, conventions))


def write_export(target: str, format_name: str, sheet: Sheet, options: SheetOptions = _PLAIN) -> None:
    """Write a sheet to a file, whole or not at all, or to standard output as `-`, escaped where that is a terminal.

    A new file is for its owner alone; one that was there keeps its mode. Raises what `whole_file` raises, and
    WrongUse and Refused for what the format cannot hold.
    """
    writer = writer_of(format_name)
    if target == "-" and sys.stdout.isatty():
        if format_name in BINARY:
            raise WrongUse(f"{format_name} is no text that a terminal can show", hint="name a file to write")
        sys.stdout.write(_shown(writer, sheet, options))
        return
    if target == "-":
        sys.stdout.flush()
        writer.write(sys.stdout.buffer, sheet, options)
        sys.stdout.buffer.flush()
        return
    with whole_file(target) as file:
        writer.write(file, sheet, options)


def write_page(target: str, text: str) -> None:
    """Write a finished text to a file, whole or not at all, or to standard output as `-`."""
    if target == "-":
        sys.stdout.write(visible(text, multiline=True) if sys.stdout.isatty() else text)
        return
    with whole_file(target) as file:
        file.write(text.encode())


def _shown(writer: Writer, sheet: Sheet, options: SheetOptions) -> str:
    """Return what a file would hold as a terminal may see it: nothing in it can drive one."""
    content = BytesIO()
    writer.write(content, sheet, options)
    text = content.getvalue().decode("utf-8" if writer.TYPED else options.encoding, "replace")
    return visible(text.replace("\r\n", "\n"), multiline=True)
