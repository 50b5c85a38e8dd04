"""Writes an export: rows or records, to a file or to standard output."""

from __future__ import annotations

import sys
from collections.abc import Iterable, Sequence

from crmctl.exporter.formats import writer_of
from crmctl.exporter.records import shown_rows, typed_rows
from crmctl.exporter.sheet import Cell, Sheet, SheetOptions
from crmctl.model.field import Conventions, Field
from crmctl.model.records import Record
from crmctl.whole_file import whole_file

_PLAIN = SheetOptions()


def write_export(
    target: str,
    format_name: str,
    header: Sequence[str],
    rows: Iterable[Sequence[Cell]],
    options: SheetOptions = _PLAIN,
) -> None:
    """Write rows to a file, whole or not at all, or to standard output as `-`.

    A new file is for its owner alone; one that was there keeps its mode. Raises what `whole_file` raises, and
    WrongUse and Refused for what the format cannot hold.
    """
    sheet = Sheet(header, rows)
    writer = writer_of(format_name)
    if target == "-":
        sys.stdout.flush()
        writer.write(sys.stdout.buffer, sheet, options)
        sys.stdout.buffer.flush()
        return
    with whole_file(target) as file:
        writer.write(file, sheet, options)


def export_records(
    target: str,
    format_name: str,
    fields: Sequence[Field],
    records: Iterable[Record],
    conventions: Conventions,
    options: SheetOptions = _PLAIN,
) -> None:
    """Write records with a column for each field, named by its id. Raises what `write_export` raises.

    With every field of `Configuration.fields_of` the export is complete: importing it gives the same records.
    """
    rows = typed_rows if writer_of(format_name).TYPED else shown_rows
    header = [field.name for field in fields]
    write_export(target, format_name, header, rows(fields, records, conventions), options)
