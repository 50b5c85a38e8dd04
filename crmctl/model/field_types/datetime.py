"""Moments, kept in UTC to the second and shown in the workspace's time zone."""

from __future__ import annotations

from typing import TYPE_CHECKING

from crmctl import dates
from crmctl.errors import BadValue
from crmctl.model.field_types.base import FieldType, Test

if TYPE_CHECKING:
    from crmctl.model.field import Conventions, Field
    from crmctl.model.records import Scalar


class DatetimeType(FieldType):
    """Kept as `2026-11-21T18:37:59+00:00`, which sorts as text."""

    def parse(self, text: str, field: Field, conventions: Conventions) -> str:
        """Read a moment, ISO or in the declared format; a day alone is its start. Relative only as shorthand."""
        if conventions.date_format:
            try:
                return dates.stored_moment(
                    dates.read_formatted(text, conventions.date_format, conventions.timezone)
                )
            except BadValue:
                if not dates.is_iso(text):
                    raise
        elif not conventions.shorthand and not dates.is_iso(text):
            raise BadValue("not a date", hint=dates.ABSOLUTE)
        return dates.stored_moment(dates.read_moment(text, conventions.now, conventions.timezone))

    def show(self, value: Scalar, field: Field, conventions: Conventions) -> str:
        """Return the moment with the workspace's offset."""
        return dates.local_text(str(value), conventions.timezone)

    def display(self, value: Scalar, field: Field, conventions: Conventions) -> str:
        """Return the local date and time to the minute."""
        text = dates.local_text(str(value), conventions.timezone)
        return text[:16].replace("T", " ") if text[10:11] == "T" else text

    def dump(self, value: Scalar, conventions: Conventions) -> Scalar:
        """Return the moment with the workspace's offset."""
        return dates.local_text(str(value), conventions.timezone)

    def comparison(self, op: str, text: str, field: Field, conventions: Conventions) -> Test:
        """Compare with a stretch of time: a day without a time is the whole local day."""
        if op == "~":
            return super().comparison(op, text, field, conventions)
        span = dates.read_span(text, conventions.now, conventions.timezone)
        start, end = dates.stored_moment(span.start), dates.stored_moment(span.end)
        tests: dict[str, Test] = {
            "=": lambda value: start <= value < end,
            "<": lambda value: value < start,
            "<=": lambda value: value < end,
            ">": lambda value: value >= end,
            ">=": lambda value: value >= start,
        }
        return tests[op]


TYPE = DatetimeType()
