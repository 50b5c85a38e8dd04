"""What a workbook consists of: its sheets, which of them is read, and the parts they need."""

from __future__ import annotations

import posixpath

import msgspec

from crmctl.errors import CrmError, NotFound, Refused
from crmctl.importer.table import quoted
from crmctl.importer.xlsx.archive import Archive, resolved
from crmctl.importer.xlsx.xml_parts import elements
from crmctl.text import name_key, names_hint

_MOST_SHEETS = 1000
_MOST_RELATIONS = 10_000
_TYPES = "[Content_Types].xml"
_OPEN_DOCUMENT = b"application/vnd.oasis.opendocument"


class Worksheet(msgspec.Struct, frozen=True):
    """A sheet of cells: its name, the part it is in, and whether people are kept from seeing it."""

    name: str
    part: str
    hidden: bool = False


class Workbook(msgspec.Struct, frozen=True):
    """The sheets of cells in their order, the parts of texts and styles, if any, and where days begin."""

    sheets: tuple[Worksheet, ...]
    strings: str = ""
    styles: str = ""
    epoch: str = "1900"


def open_workbook(archive: Archive) -> Workbook:
    """Return what an archive holds. Raises Refused for one that is no workbook, or one with macros."""
    _check_kind(archive)
    main = next((part for kind, part in _relations(archive, "").values() if kind == "officeDocument"), "")
    if main not in archive:
        raise archive.damaged("it names no workbook")
    relations = _relations(archive, main)
    found: list[Worksheet] = []
    epoch = "1900"
    for path, attributes in elements(archive, main):
        if path == ("workbook", "workbookPr") and attributes.get("date1904") in ("1", "true"):
            epoch = "1904"
        if path == ("workbook", "sheets", "sheet") and len(found) < _MOST_SHEETS:
            kind, part = relations.get(attributes.get("id", ""), ("", ""))
            if kind == "worksheet":
                hidden = attributes.get("state", "visible") != "visible"
                found.append(Worksheet(attributes.get("name", ""), part, hidden))
    if not found:
        raise archive.damaged("it has no sheet of cells")
    parts = dict(relations.values())
    strings, styles = parts.get("sharedStrings", ""), parts.get("styles", "")
    return Workbook(tuple(found), strings, styles, epoch)


def chosen_sheet(book: Workbook, wanted: str, file: str) -> tuple[Worksheet, list[str]]:
    """Return the sheet that is named, or the first that can be seen, with a note where there are others.

    Raises NotFound for one that is not there, and Refused where all are hidden and none is named.
    """
    if wanted:
        return _named(book, wanted, file), []
    seen = [sheet for sheet in book.sheets if not sheet.hidden]
    if not seen:
        raise Refused(f"{file}: every sheet is hidden: {_listed(book.sheets)}", hint="name one with --sheet")
    first, *others = seen
    if not others:
        return first, []
    return first, [f"read the sheet {quoted(first.name)}; --sheet reads another: {_listed(others)}"]


def _named(book: Workbook, wanted: str, file: str) -> Worksheet:
    """Return the sheet of a name, else of a number, hidden ones counted."""
    by_name = {sheet.name: sheet for sheet in reversed(book.sheets)}
    by_key = {name_key(sheet.name): sheet for sheet in reversed(book.sheets)}
    found = by_name.get(wanted) or by_key.get(name_key(wanted))
    if found is None and wanted.isascii() and wanted.isdigit() and len(wanted) < 5:
        found = dict(enumerate(book.sheets, 1)).get(int(wanted))
    if found is None:
        raise _no_such_sheet(book, wanted, file)
    return found


def _no_such_sheet(book: Workbook, wanted: str, file: str) -> CrmError:
    hint = names_hint(wanted, [sheet.name for sheet in book.sheets])
    return NotFound(f"{file} has no sheet {quoted(wanted)}", hint=hint)


def _listed(sheets: tuple[Worksheet, ...] | list[Worksheet]) -> str:
    told = [quoted(sheet.name) for sheet in sheets[:10]]
    return ", ".join(told) + (f" and {len(sheets) - 10} more" if len(sheets) > 10 else "")


def _check_kind(archive: Archive) -> None:
    """Raise Refused for an archive that is something else, each with what to do about it."""
    hint = "save it as XLSX, or as CSV in UTF-8"
    if "xl/workbook.bin" in archive:
        raise Refused(f"{archive.name} is a binary workbook (XLSB), which cannot be read", hint=hint)
    if "mimetype" in archive and next(archive.blocks("mimetype"), b"").startswith(_OPEN_DOCUMENT):
        raise Refused(f"{archive.name} is an OpenDocument file (ODS), which cannot be read", hint=hint)
    if archive.holds("vbaproject.bin"):
        raise Refused(f"{archive.name} has macros, and is not read", hint="save it without them, as XLSX")
    if _TYPES not in archive:
        raise archive.damaged(f"{_TYPES} is missing")
    if "_rels/.rels" not in archive:
        raise archive.damaged("it names no workbook")


def _relations(archive: Archive, base: str) -> dict[str, tuple[str, str]]:
    """Return the kind and the part of each relation of a part, by its id; what leads elsewhere is left out."""
    folder, name = posixpath.split(base)
    part = posixpath.join(folder, "_rels", f"{name}.rels")
    if part not in archive:
        return {}
    found: dict[str, tuple[str, str]] = {}
    for path, attributes in elements(archive, part):
        target = resolved(base, attributes.get("Target", ""))
        if len(path) == 2 and attributes.get("TargetMode") != "External" and target:
            if len(found) == _MOST_RELATIONS:
                raise archive.damaged(f"{part} has more than {_MOST_RELATIONS:,} relations")
            found[attributes.get("Id", "")] = (attributes.get("Type", "").rpartition("/")[2], target)
    return found
