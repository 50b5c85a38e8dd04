"""vCard 4.0 or 3.0: a card for each contact, company or lead, with the fields that cards have (docs/vcard.md)."""

from __future__ import annotations

import datetime as dt
import re
from collections.abc import Iterator, Mapping, Sequence
from typing import BinaryIO

from crmctl.errors import WrongUse
from crmctl.exporter.sheet import COMPANY_NAMES, Cell, Sheet, SheetOptions, cell_text
from crmctl.exporter.vcard_text import content_line, parameter
from crmctl.model.records import RecordType

TYPED = True
VERSIONS = ("4.0", "3.0")
TYPES = (RecordType.LEAD, RecordType.CONTACT, RecordType.COMPANY)
"""The types of records that have cards."""
_ONE = {
    "id": "X-CRMCTL-ID",
    "name": "X-CRMCTL-NAME",
    "revision": "X-CRMCTL-REVISION",
    "external_id": "UID",
    "nickname": "NICKNAME",
    "position": "TITLE",
    "role": "ROLE",
    "website": "URL",
    "comment": "NOTE",
}
_MANY = {"email": "EMAIL", "messenger": "IMPP"}
_DAYS = {"birthday": "BDAY", "anniversary": "ANNIVERSARY"}
_MOMENTS = {"created_at": "CREATED", "updated_at": "REV"}
_DAY = re.compile(r"[0-9]{4}-[0-9]{2}-[0-9]{2}")

Row = Mapping[str, Cell]


def write(out: BinaryIO, sheet: Sheet, options: SheetOptions) -> None:
    """Write the sheet, in UTF-8. Raises WrongUse for records that have no cards and for another version."""
    kind = RecordType(sheet.record or RecordType.CONTACT)
    if kind not in TYPES:
        raise WrongUse(f"{kind.value}s have no vCards: leads, contacts and companies have")
    if options.vcard not in VERSIONS:
        raise WrongUse(f'vCard "{options.vcard}" is not written', hint=f"one of: {', '.join(VERSIONS)}")
    for row in sheet.rows:
        cells = dict(zip(sheet.header, row, strict=True))
        out.write(b"".join(_card(cells, kind, options.vcard)))


def _card(row: Row, kind: RecordType, version: str) -> Iterator[bytes]:
    yield content_line("BEGIN", ["VCARD"])
    yield content_line("VERSION", [version])
    if kind is RecordType.COMPANY:
        yield content_line("KIND", ["org"]) if version == "4.0" else content_line("X-ABShowAs", ["COMPANY"])
    yield from _name(row, kind, version)
    for column, name in _ONE.items():
        if text := cell_text(row.get(column)):
            yield content_line(name, [text])
    yield from _phones(row)
    for column, name in _MANY.items():
        for value in _values(row, column):
            yield content_line(name, [value])
    if text := cell_text(row.get("address")):
        yield content_line("ADR", ["", "", text, "", "", "", ""])
    if tags := _values(row, "tags"):
        yield content_line("CATEGORIES", tags, ",")
    yield from _dates(row, version)
    yield content_line("END", ["VCARD"])


def _name(row: Row, kind: RecordType, version: str) -> Iterator[bytes]:
    """Yield the names; programs that know no FN get one as N, marked as no name of its own."""
    title = cell_text(row.get("title"))
    parts = [cell_text(row.get(name)) for name in ("last_name", "first_name", "middle_name")]
    full = _full_name(row, kind, parts) or title
    yield content_line("FN", [full])
    if title and title != full:
        yield content_line("X-CRMCTL-TITLE", [title])
    if any(parts):
        yield content_line("N", [*parts, "", ""])
    elif kind is not RecordType.COMPANY:
        yield content_line("N", ["", full, "", "", ""], params="X-FROM=FN")
    elif version == "3.0":
        yield content_line("N", [""] * 5)
    named = {RecordType.LEAD: "company_name", RecordType.CONTACT: COMPANY_NAMES}.get(kind, "title")
    for organisation in _values(row, named) or ([""] if row.get("department") else []):
        units = [cell_text(row["department"])] if row.get("department") else []
        yield content_line("ORG", [organisation, *units])


def _full_name(row: Row, kind: RecordType, parts: Sequence[str]) -> str:
    """Return what a card is called by: a contact and a company by their title, a lead by its person."""
    if kind is not RecordType.LEAD and row.get("title"):
        return cell_text(row["title"])
    last, first, middle = parts
    names = [
        cell_text(row.get("name")),
        " ".join(filter(None, (first, middle, last))),
        cell_text(row.get("title")),
    ]
    reached = [*_values(row, "email"), *_values(row, "phone"), cell_text(row.get("id"))]
    return next((name for name in (*names, *reached) if name), "")


def _phones(row: Row) -> Iterator[bytes]:
    numbers, typed = _values(row, "phone"), _values(row, "phone_typed")
    typed = typed if len(typed) == len(numbers) else numbers
    for number, form in zip(numbers, typed, strict=True):
        yield content_line("TEL", [number], params=parameter("X-TYPED", form) if form != number else "")


def _dates(row: Row, version: str) -> Iterator[bytes]:
    for column, name in _DAYS.items():
        if text := cell_text(row.get(column)):
            basic = version == "4.0" and _DAY.fullmatch(text)
            yield content_line(name, [text.replace("-", "") if basic else text])
    for column, name in _MOMENTS.items():
        if moment := _utc(cell_text(row.get(column))):
            yield content_line(name, [moment])


def _utc(text: str) -> str:
    """Return a moment in the basic form, empty for what is none."""
    try:
        moment = dt.datetime.fromisoformat(text).astimezone(dt.UTC).isoformat()
    except (OverflowError, ValueError):
        return ""
    return moment[:19].replace("-", "").replace(":", "") + "Z"


def _values(row: Row, column: str) -> list[str]:
    value = row.get(column)
    return value if isinstance(value, list) else [cell_text(value)] if cell_text(value) else []
