"""A file of dated rates: CSV with the columns `date`, `currency` and `rate`, a line for each change."""

from collections.abc import Iterator
from datetime import date
from pathlib import Path

from crmctl.config.table_file import Cells, TableFile, read_day
from crmctl.currencies import DECIMALS
from crmctl.errors import BadValue
from crmctl.model.rates import Rate
from crmctl.money import read_decimal

COLUMNS = ("date", "currency", "rate")


def read_rates(folder: Path, name: str) -> dict[str, tuple[Rate, ...]]:
    """Return the rates of each currency by day. Raises NotFound for the file, NotConfigured for what is in it."""
    found: dict[str, dict[date, Rate]] = {}
    for currency, rate in _table(folder, name).sound(rate_lines(folder, name)):
        found.setdefault(currency, {})[rate.since] = rate
    return {code: tuple(days[day] for day in sorted(days)) for code, days in found.items()}


def rate_lines(folder: Path, name: str) -> Iterator[tuple[int, tuple[str, Rate] | BadValue]]:
    """Yield the number of each line with the currency and its rate, or what is wrong with it. Raises NotFound."""
    stated: set[tuple[str, date]] = set()

    def read(line: Cells) -> tuple[str, Rate]:
        currency, rate = _rate(line)
        if (currency, rate.since) in stated:
            raise BadValue(f"two rates for {currency} on {rate.since}")
        stated.add((currency, rate.since))
        return currency, rate

    return _table(folder, name).lines(read)


def _table(folder: Path, name: str) -> TableFile:
    return TableFile(folder, "rates", name, COLUMNS)


def _rate(line: Cells) -> tuple[str, Rate]:
    since, currency = read_day(line["date"]), line["currency"]
    if currency not in DECIMALS:
        raise BadValue(f'unknown currency "{currency}"')
    rate = read_decimal(line["rate"], ".")
    if rate <= 0:
        raise BadValue(f'a rate of "{line["rate"]}" is worth nothing')
    return currency, Rate(rate, since)
