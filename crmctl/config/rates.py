"""A file of dated rates: CSV with the columns `date`, `currency` and `rate`, a line for each change."""

import csv
from collections.abc import Iterator, Mapping
from datetime import date
from pathlib import Path

from crmctl.config.files import resolve_inside
from crmctl.currencies import DECIMALS
from crmctl.dates import is_iso
from crmctl.errors import BadValue, NotConfigured, NotFound
from crmctl.model.rates import Rate
from crmctl.money import read_decimal

_COLUMNS = ("date", "currency", "rate")


def read_rates(folder: Path, name: str) -> dict[str, tuple[Rate, ...]]:
    """Return the rates of each currency by day. Raises NotFound for the file, NotConfigured for what is in it."""
    try:
        path = resolve_inside(folder, name)
    except BadValue as error:
        raise NotFound(f"rates: {name} {error.reason}", hint="rates: in crmctl.yaml names it") from None
    found: dict[str, dict[date, Rate]] = {}
    try:
        with path.open(encoding="utf-8-sig", newline="") as file:
            for currency, rate in _lines(csv.DictReader(file, strict=True), name):
                if found.setdefault(currency, {}).setdefault(rate.since, rate) is not rate:
                    raise NotConfigured(f"{name}: two rates for {currency} on {rate.since}")
    except (csv.Error, UnicodeDecodeError) as error:
        raise NotConfigured(f"{name}: {error}") from None
    return {code: tuple(days[day] for day in sorted(days)) for code, days in found.items()}


def _lines(lines: "csv.DictReader[str]", name: str) -> Iterator[tuple[str, Rate]]:
    missing = [column for column in _COLUMNS if column not in (lines.fieldnames or ())]
    if missing:
        raise NotConfigured(
            f"{name}:1: no column {' or '.join(missing)}", hint=f"columns: {', '.join(_COLUMNS)}"
        )
    for line in lines:
        try:
            yield _rate(line)
        except BadValue as error:
            raise NotConfigured(f"{name}:{lines.line_num}: {error.reason}", hint=error.hint) from None


def _rate(line: Mapping[str, str | None]) -> tuple[str, Rate]:
    day, currency, worth = ((line.get(column) or "").strip() for column in _COLUMNS)
    if not is_iso(day) or len(day) > len("2026-11-21"):
        raise BadValue(f'"{day}" is no date', hint="write it like 2026-11-21")
    try:
        since = date.fromisoformat(day)
    except ValueError:
        raise BadValue(f'there is no date "{day}"') from None
    if currency not in DECIMALS:
        raise BadValue(f'unknown currency "{currency}"')
    rate = read_decimal(worth, ".")
    if rate <= 0:
        raise BadValue(f'a rate of "{worth}" is worth nothing')
    return currency, Rate(rate, since)
