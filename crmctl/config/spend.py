"""A file of advertising spend: CSV with a line for each amount that was spent on a source over some days."""

from collections.abc import Iterator
from pathlib import Path

from crmctl.config.table_file import Cells, TableFile, read_day
from crmctl.errors import BadValue
from crmctl.model.choices import Choices
from crmctl.model.configuration import Configuration
from crmctl.model.records import RecordType
from crmctl.money import exact, find_currency, read_decimal
from crmctl.reports.spend import Spend

COLUMNS = ("source", "from", "to", "amount", "currency")


def read_spend(folder: Path, configuration: Configuration) -> list[Spend]:
    """Return what was spent, by the lines of the file. Raises NotFound for it, NotConfigured for what is in it."""
    table = _table(folder, configuration)
    return list(table.sound(spend_lines(folder, configuration)))


def spend_lines(folder: Path, configuration: Configuration) -> Iterator[tuple[int, Spend | BadValue]]:
    """Yield the number of each line with what it says, or what is wrong with it. Raises NotFound."""
    sources = configuration.fields_of(RecordType.DEAL)["source"].choices

    def read(line: Cells) -> Spend:
        return _spend(line, sources, configuration.currency)

    return _table(folder, configuration).lines(read)


def _table(folder: Path, configuration: Configuration) -> TableFile:
    return TableFile(folder, "spend", configuration.spend, COLUMNS)


def _spend(line: Cells, sources: Choices | None, home: str) -> Spend:
    source = line["source"]
    if not source:
        raise BadValue("no source")
    since, until = read_day(line["from"]), read_day(line["to"])
    if since > until:
        raise BadValue(f"to {until} is before from {since}", hint="from is the first day, to the last one")
    currency = find_currency(line["currency"], home)
    amount = exact(read_decimal(line["amount"]), currency).amount
    if amount < 0:
        raise BadValue(f'"{line["amount"]}" is less than nothing')
    known = sources.find(source).id if sources else source
    return Spend(known, since, until, amount, currency, line.get("campaign", ""))
