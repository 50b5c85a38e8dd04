"""The currency beside an amount is an ISO code, read from codes, signs and names."""

from typing import Any

import msgspec
import pytest

from crmctl.currencies import DECIMALS
from crmctl.errors import BadValue


@pytest.fixture(scope="module")
def currency(read: Any) -> Any:
    return read("currency", "currency")


@pytest.mark.parametrize(
    ("typed", "kept"), [("uah", "UAH"), ("₴", "UAH"), ("$", "USD"), ("Евро", "EUR"), (" руб. ", "RUB")]
)
def test_a_currency_is_read(currency: Any, typed: str, kept: str) -> None:
    assert currency.parse(typed) == kept


def test_an_unknown_currency_is_refused(currency: Any) -> None:
    with pytest.raises(BadValue, match='unknown currency "quid"'):
        currency.parse("quid")


def test_a_dollar_is_the_workspaces_own(read: Any, conventions: Any) -> None:
    here = msgspec.structs.replace(conventions, currency="AUD")
    assert read("currency", conventions=here).parse("$") == "AUD"


def test_every_shown_code_reads_back(currency: Any) -> None:
    assert [code for code in DECIMALS if currency.again(code) != code] == []
