"""Calendar days, without a time or a zone."""

from __future__ import annotations

import datetime as dt
from typing import TYPE_CHECKING

from crmctl import dates
from crmctl.errors import BadValue
from crmctl.model.field_types.base import FieldType, Test
from crmctl.patterns import pattern

if TYPE_CHECKING:
    from crmctl.model.field import Conventions, Field

_PLAIN = pattern(r"[0-9]{4}-[0-9]{2}-[0-9]{2}")


class DateType(FieldType):
    """Kept as `2026-11-21`, which sorts as text."""

    def parse(self, text: str, field: Field, conventions: Conventions) -> str:
        """Read one day, ISO or in the declared format; relative to today only as shorthand."""
        if not conventions.date_format and _PLAIN.fullmatch(text):
            return _plain(text)
        if conventions.date_format:
            try:
                return dates.read_formatted(text, conventions.date_format, "UTC").date().isoformat()
            except BadValue:
                if not dates.is_iso(text):
                    raise
        elif not conventions.shorthand and not dates.is_iso(text):
            raise BadValue("not a date", hint=dates.ABSOLUTE)
        return dates.read_date(text, conventions.now, conventions.timezone).isoformat()

    def comparison(self, op: str, text: str, field: Field, conventions: Conventions) -> Test:
        """Compare with a day, a month, a quarter or a year: `<` is before its first day, `>` after its last."""
        if op == "~":
            return super().comparison(op, text, field, conventions)
        if _PLAIN.fullmatch(text):
            return _within(op, _plain(text), text)
        span = dates.read_span(text, conventions.now, conventions.timezone)
        first = dates.day_of(span.start, conventions.timezone).isoformat()
        last = dates.day_of(span.end - dt.timedelta(seconds=1), conventions.timezone).isoformat()
        return _within(op, first, last)


def _plain(text: str) -> str:
    try:
        return dt.date.fromisoformat(text).isoformat()
    except ValueError as error:
        raise BadValue(f"no such date: {error}") from None


def _within(op: str, first: str, last: str) -> Test:
    tests: dict[str, Test] = {
        "=": lambda value: first <= value <= last,
        "<": lambda value: value < first,
        "<=": lambda value: value <= last,
        ">": lambda value: value > last,
        ">=": lambda value: value >= first,
    }
    return tests[op]


TYPE = DateType()
