"""A file of dated rates: CSV with the columns `date`, `currency` and `rate`, a line for each change."""

from datetime import date
from pathlib import Path

from crmctl.config.table_file import Cells, TableFile, read_day
from crmctl.currencies import DECIMALS
from crmctl.errors import BadValue, NotConfigured
from crmctl.model.rates import Rate
from crmctl.money import read_decimal

COLUMNS = ("date", "currency", "rate")


def read_rates(folder: Path, name: str) -> dict[str, tuple[Rate, ...]]:
    """Return the rates of each currency by day. Raises NotFound for the file, NotConfigured for what is in it."""
    found: dict[str, dict[date, Rate]] = {}
    table = TableFile(folder, "rates", name, COLUMNS)
    for currency, rate in table.sound(table.lines(read_rate)):
        if found.setdefault(currency, {}).setdefault(rate.since, rate) is not rate:
            raise NotConfigured(f"{name}: two rates for {currency} on {rate.since}")
    return {code: tuple(days[day] for day in sorted(days)) for code, days in found.items()}


def read_rate(line: Cells) -> tuple[str, Rate]:
    """Return the currency and the rate of a line. Raises BadValue."""
    since, currency = read_day(line["date"]), line["currency"]
    if currency not in DECIMALS:
        raise BadValue(f'unknown currency "{currency}"')
    rate = read_decimal(line["rate"], ".")
    if rate <= 0:
        raise BadValue(f'a rate of "{line["rate"]}" is worth nothing')
    return currency, Rate(rate, since)
