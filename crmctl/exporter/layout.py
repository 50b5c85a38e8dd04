"""Records in the columns of another program, as a profile's section `export` has them."""

from __future__ import annotations

from collections.abc import Callable, Iterable, Iterator, Mapping, Sequence
from datetime import datetime

import msgspec

from crmctl.exporter.records import shown_cell
from crmctl.model.field import Conventions, Field
from crmctl.model.field_types.base import SEPARATOR
from crmctl.model.import_profile import ExportColumn, ImportProfile
from crmctl.model.records import Record, Value
from crmctl.model.standard_fields import NAME_PARTS

Getter = Callable[[Record], Value | None]
_BY_NAME = frozenset({"list", "stage", "user", "tags"})
"""The types of fields whose values other programs know by the titles that people see."""
_CODES = {"%d": "{0.day:02}", "%m": "{0.month:02}", "%Y": "{0.year:04}"}
_TIMES = {"%H": "{0.hour:02}", "%M": "{0.minute:02}", "%S": "{0.second:02}"}


class Source(msgspec.Struct, frozen=True):
    """Where the values of a column's field come from: the field, and what takes its value out of a record."""

    field: Field
    get: Getter


def layout_rows(
    profile: ImportProfile,
    sources: Mapping[str, Source],
    records: Iterable[Record],
    conventions: Conventions,
) -> Iterator[list[str]]:
    """Yield each record as the cells of the profile's layout; what `sources` do not have is blank."""
    assert profile.export is not None
    columns = [_Column(each, profile) for each in profile.export.columns]
    words = _Words(profile, conventions)
    for record in records:
        values = {name: list(words.of(source, record)) for name, source in sources.items()}
        nameless = not any(values.get(name) for name in NAME_PARTS)
        rest = _rests(columns, values)
        yield [each.cell(values, rest, nameless=nameless) for each in columns]


class _Column:
    """A column, and the word before the values that it takes, such as the name of a messenger."""

    def __init__(self, column: ExportColumn, profile: ImportProfile) -> None:
        self.field, self.nth = column.field, column.nth
        self._column = column
        places = profile.columns.get(column.column, ())
        self.prefix = next((each.prefix for each in places if each.field == column.field), "")

    def cell(self, values: Mapping[str, list[str]], rest: Mapping[str, list[str]], *, nameless: bool) -> str:
        """Return what stands in it; `rest` are the values that columns of their own do not take."""
        column = self._column
        if column.instead and nameless:
            return next(iter(values.get(column.instead, [])), "")
        if self.prefix:
            found = [
                text.removeprefix(self.prefix) for text in values.get(self.field, []) if self.takes(text)
            ]
        elif self.nth:
            found = [text for text in values.get(self.field, []) if text][self.nth - 1 : self.nth]
        else:
            found = rest.get(self.field, [])
        if column.text:
            return column.text if found or not self.field else ""
        return (column.by or f"{SEPARATOR} ").join(found)

    def takes(self, text: str) -> bool:
        """Tell whether a value is one of those that the column alone is for."""
        return bool(self.prefix) and text.startswith(self.prefix)


def _rests(columns: Sequence[_Column], values: Mapping[str, list[str]]) -> dict[str, list[str]]:
    """Return, by field, the values that no column of their own takes."""
    found = {}
    for name, texts in values.items():
        own = [column for column in columns if column.field == name]
        first = max((column.nth for column in own), default=0)
        found[name] = [text for text in texts[first:] if not any(column.takes(text) for column in own)]
    return found


class _Words:
    """Values as the other program writes them."""

    def __init__(self, profile: ImportProfile, conventions: Conventions) -> None:
        self._conventions = conventions
        self._mark = profile.decimal
        timed = [each for each in profile.date_format if "%H" in each]
        days = [each for each in profile.date_format if "%H" not in each]
        self._patterns = {"date": next(iter(days), ""), "datetime": next(iter(timed), "")}

    def of(self, source: Source, record: Record) -> Iterator[str]:
        """Yield the texts of a field's values."""
        value = source.get(record)
        for one in value if isinstance(value, list) else [] if value is None else [value]:
            yield self._text(source.field, one)

    def _text(self, field: Field, value: Value) -> str:
        if field.kind in _BY_NAME:
            return field.display(value, self._conventions)
        text = shown_cell(field, value, self._conventions)
        if pattern := self._patterns.get(field.kind):
            return _dated(text, pattern)
        if field.type.numeric and self._mark == ",":
            return text.replace(".", ",")
        return text


def _dated(text: str, pattern: str) -> str:
    try:
        moment = datetime.fromisoformat(text)
    except ValueError:
        return text
    for code, form in {**_CODES, **_TIMES}.items():
        pattern = pattern.replace(code, form.format(moment))
    return pattern if "%" not in pattern else moment.strftime(pattern)
