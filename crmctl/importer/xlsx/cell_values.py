"""What a cell of a sheet holds, as the text that a cell of CSV would have."""

from __future__ import annotations

import re
from collections.abc import Sequence
from math import isinf

from crmctl.dates import is_iso
from crmctl.errors import BadValue
from crmctl.importer.serial_dates import moment_text, time_text
from crmctl.importer.table import SheetNumber
from crmctl.importer.xlsx.number_formats import NumberFormat
from crmctl.importer.xlsx.strings import unescaped
from crmctl.money import unambiguous

NOT_STORED = "is a formula without a stored value"
_ERROR = "is an error of the spreadsheet"
_NUMBER = re.compile(r"[-+]?(?:[0-9]+\.?[0-9]*|\.[0-9]+)(?:[eE][-+]?[0-9]{1,3})?")
_SHOWN = re.compile(r"-?(?:0|[1-9][0-9]*)\.[0-9]*[1-9]")
_MIDNIGHT = re.compile(r"T00:00(?::00(?:\.0+)?)?Z?")
_BOOLEANS = {"1": "true", "0": "false", "true": "true", "false": "false"}
_SHOWN_DIGITS = 15
_ROUNDED = 10**13
_LARGEST = 10**40
_LONGEST_NUMBER = 400
_REMEMBERED = 8192

Answer = tuple[str, str]
"""The text of a cell, and what is odd about it: why it is no value."""


class SheetValues:
    """Reads cells of one workbook. Raises ValueError and LookupError for what no sound one has."""

    def __init__(self, strings: Sequence[str], formats: Sequence[NumberFormat | None], epoch: str) -> None:
        self._strings = strings
        self._formats = formats
        self._epoch = epoch
        self._seen: dict[tuple[str, str], Answer] = {}

    def read(self, kind: str, text: str, style: str | None) -> Answer:
        """Return the text of a cell of a type and a style, and what is odd about it."""
        if kind == "s":
            return self._shared(text), ""
        if kind == "n":
            return self._number(text, style) if text else ("", "")
        if kind in ("inlineStr", "str"):
            return unescaped(text), ""
        if kind == "b":
            return _BOOLEANS[text.strip()] if text else "", ""
        if kind == "d":
            return _iso(text), ""
        if kind == "e":
            return unescaped(text) or "#N/A", _ERROR
        raise ValueError(kind)

    def _shared(self, text: str) -> str:
        if not text:
            return ""
        if not text.strip().isdigit():
            raise ValueError(text)
        return self._strings[int(text)]

    def _number(self, text: str, style: str | None) -> Answer:
        if style is None or style == "0":
            return number_text(text), ""
        seen = self._seen.get((text, style))
        if seen is None:
            seen = self._formatted(text, style)
            if len(self._seen) < _REMEMBERED:
                self._seen[text, style] = seen
        return seen

    def _formatted(self, text: str, style: str) -> Answer:
        at = int(style)
        form = self._formats[at] if 0 <= at < len(self._formats) else None
        plain = number_text(text)
        if form is None:
            return plain, ""
        if form.kind == "zeros":
            return SheetNumber(plain.zfill(form.digits)) if plain.isdigit() else plain, ""
        try:
            return self._dated(float(text), form.kind), ""
        except BadValue as error:
            return plain, error.reason

    def _dated(self, days: float, kind: str) -> str:
        """Return a number that is shown as a date. Raises BadValue for one that is none."""
        of_day = 0 <= days < 1 and (kind == "time" or (days > 0 and self._epoch == "1900"))
        return time_text(days) if kind == "length" or of_day else moment_text(days, self._epoch)


def number_text(text: str) -> SheetNumber:
    """Return a number as plain digits with one reading, as few as the sheet shows. Raises ValueError."""
    if text.isdigit() and text.isascii() and len(text) <= _SHOWN_DIGITS and (text[0] != "0" or text == "0"):
        return SheetNumber(text)
    if _SHOWN.fullmatch(text) and len(text) <= _SHOWN_DIGITS:
        return SheetNumber(unambiguous(text))
    if len(text) > _LONGEST_NUMBER or not _NUMBER.fullmatch(text.strip()):
        raise ValueError(text)
    number = float(text)
    if isinf(number):
        raise ValueError(text)
    if abs(number) >= _LARGEST:
        return SheetNumber(repr(number))
    if number.is_integer():
        return SheetNumber(int(number))
    shown = f"{number:.{_SHOWN_DIGITS}g}" if abs(number) < _ROUNDED else repr(number)
    return SheetNumber(unambiguous(_without_power(shown)))


def _without_power(shown: str) -> str:
    from decimal import Decimal

    return f"{Decimal(shown):f}" if "e" in shown else shown


def _iso(text: str) -> str:
    """Return a date that is written out, without a time that is midnight."""
    day, time = text.strip()[:10], text.strip()[10:]
    if not is_iso(text):
        raise ValueError(text)
    return day if _MIDNIGHT.fullmatch(time) else text.strip()
