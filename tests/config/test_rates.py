"""A file of dated rates."""

from datetime import date
from decimal import Decimal
from pathlib import Path

import pytest

from crmctl.config.rates import read_rates
from crmctl.errors import NotConfigured, NotFound
from crmctl.model.rates import Rate


def read(folder: Path, text: str) -> dict[str, tuple[Rate, ...]]:
    (folder / "rates.csv").write_text(text, "utf-8")
    return read_rates(folder, "rates.csv")


def test_the_rates_of_a_currency_are_in_the_order_of_their_days(tmp_path: Path) -> None:
    text = (
        "\ufeffcurrency,date,rate,note\nUSD,2026-06-01,41,\nEUR,2026-01-01,45.25,bank\nUSD,2026-05-01,40,\n"
    )
    assert read(tmp_path, text) == {
        "USD": (Rate(Decimal(40), date(2026, 5, 1)), Rate(Decimal(41), date(2026, 6, 1))),
        "EUR": (Rate(Decimal("45.25"), date(2026, 1, 1)),),
    }


@pytest.mark.parametrize(
    ("text", "message"),
    [
        ("", "rates.csv:1: no column date or currency or rate"),
        ("day,currency,rate\n", "rates.csv:1: no column date"),
        ("date,currency,rate\n2026-13-01,USD,40\n", 'rates.csv:2: there is no date "2026-13-01"'),
        ("date,currency,rate\n01.05.2026,USD,40\n", 'rates.csv:2: "01.05.2026" is no date'),
        ("date,currency,rate\n2026-01-01,US,40\n", 'rates.csv:2: unknown currency "US"'),
        ("date,currency,rate\n2026-01-01,USD,0\n", 'rates.csv:2: a rate of "0" is worth nothing'),
        ("date,currency,rate\n2026-01-01,USD,\n", "rates.csv:2: not a number"),
        ("date,currency,rate\n2026-01-01\n", 'rates.csv:2: unknown currency ""'),
        ("date,currency,rate\n2026-01-01,USD,1\n2026-01-01,USD,2\n", "two rates for USD on 2026-01-01"),
        ('date,currency,rate\n"2026-01-01,USD,1\n', "rates.csv:2: "),
    ],
)
def test_a_fault_is_told_with_its_line(tmp_path: Path, text: str, message: str) -> None:
    with pytest.raises(NotConfigured) as wrong:
        read(tmp_path, text)
    assert message in wrong.value.message


def test_a_file_that_is_not_there_is_not_found(tmp_path: Path) -> None:
    with pytest.raises(NotFound):
        read_rates(tmp_path, "rates.csv")


def test_text_that_is_not_utf_8_is_refused(tmp_path: Path) -> None:
    (tmp_path / "rates.csv").write_bytes("date,currency,rate\nдата".encode("cp1251"))
    with pytest.raises(NotConfigured):
        read_rates(tmp_path, "rates.csv")
