"""Money and numbers: text with one reading is taken, all else refused."""

from decimal import Decimal

import pytest
from hypothesis import given, settings
from hypothesis import strategies as st

from crmctl.currencies import DECIMALS
from crmctl.errors import BadValue
from crmctl.money import (
    MOST_DIGITS,
    Money,
    TwoReadings,
    exact,
    find_currency,
    parse_stored,
    plain_amount,
    read_decimal,
    read_money,
    read_shorthand,
    unambiguous,
)


@pytest.mark.parametrize(
    ("text", "number"),
    [
        ("1200", "1200"),
        ("2500.5", "2500.5"),
        ("1 000,50", "1000.50"),
        ("1\u00a0000,50", "1000.50"),
        ("1\u202f000\u202f000", "1000000"),
        ("1'234'567.89", "1234567.89"),
        ("22,700.00", "22700.00"),
        ("1.234,56", "1234.56"),
        ("1,234,567", "1234567"),
        ("1.234.567", "1234567"),
        ("0.123", "0.123"),
        ("0,123", "0.123"),
        ("1234.567", "1234.567"),
        ("-5", "-5"),
        ("\u22125", "-5"),
        ("+5", "5"),
    ],
)
def test_a_number_with_one_reading_is_taken(text: str, number: str) -> None:
    assert read_decimal(text) == Decimal(number)


@pytest.mark.parametrize("text", ["1.234", "1,234", "12,345", "999.999", "-1.234"])
def test_a_number_with_two_readings_is_refused(text: str) -> None:
    with pytest.raises(TwoReadings, match="can be read in two ways"):
        read_decimal(text)


@pytest.mark.parametrize(
    ("text", "mark", "number"),
    [("1.234", ".", "1.234"), ("1.234", ",", "1234"), ("1,234", ",", "1.234"), ("1,234", ".", "1234")],
)
def test_a_declared_mark_settles_the_reading(text: str, mark: str, number: str) -> None:
    assert read_decimal(text, mark) == Decimal(number)


@pytest.mark.parametrize(
    "text",
    [
        *("nan", "inf", "Infinity", "1_000", "1e5", "0x10", "", "-", ".", "--5", "1,2,3", "1.2.3"),
        *("1 00", "1 000 00", "12 34", "1.234,5,6", "1 000'000", "٣", "१२", "1 000.000 000"),
    ],
)
def test_what_is_no_number_is_refused(text: str) -> None:
    with pytest.raises(BadValue):
        read_decimal(text)


@pytest.mark.parametrize("digits", ["9" * 19, "9" * 100_000, "0." + "1" * 19])
def test_a_bomb_of_digits_is_refused(digits: str) -> None:
    with pytest.raises(BadValue, match="more than 18 digits"):
        read_decimal(digits)


@pytest.mark.parametrize(
    ("text", "money"),
    [
        ("1000", "1000.00 UAH"),
        ("1 000,50", "1000.50 UAH"),
        ("$22,700.00", "22700.00 USD"),
        ("-$5", "-5.00 USD"),
        ("10 USD", "10.00 USD"),
        ("10 usd", "10.00 USD"),
        ("EUR 7", "7.00 EUR"),
        ("100 руб.", "100.00 RUB"),
        ("1\u00a0200 ₴", "1200.00 UAH"),
        ("500 грн", "500.00 UAH"),
        ("0", "0.00 UAH"),
        ("-0.00", "0.00 UAH"),
        ("5 JPY", "5 JPY"),
        ("5.00 JPY", "5 JPY"),
    ],
)
def test_money_is_kept_with_the_decimals_of_its_currency(text: str, money: str) -> None:
    assert str(read_money(text, "UAH")) == money


def test_a_currency_of_three_decimals_keeps_three() -> None:
    assert str(read_money("1.234 KWD", "UAH", ".")) == "1.234 KWD"


def test_a_dollar_is_the_workspaces_own_where_it_has_dollars() -> None:
    assert read_money("$5", "CAD") == Money(Decimal("5.00"), "CAD")


@pytest.mark.parametrize(
    ("text", "reason"),
    [
        ("0.001", "UAH has 2 decimals"),
        ("5.5 JPY", "JPY has 0 decimals"),
        ("1.2345 KWD", "KWD has 3 decimals"),
        ("5 XYZ", "unknown currency"),
        ("$5 EUR", "names two currencies"),
        ("five", "not an amount"),
        ("1.234", "two ways"),
        ("10k", "unknown currency"),
        ("9" * 19, "more than 18 digits"),
        ("1" + " " * 5000 + "x", "not an amount"),
        ("x" + " " * 60_000 + "x", "not an amount"),
    ],
)
def test_money_that_is_none_is_refused(text: str, reason: str) -> None:
    with pytest.raises(BadValue, match=reason):
        read_money(text, "UAH")


@pytest.mark.parametrize(
    ("text", "money"),
    [
        ("10k", "10000.00 UAH"),
        ("1.5m", "1500000.00 UAH"),
        ("10k USD", "10000.00 USD"),
        ("10 тыс. руб.", "10000.00 RUB"),
        ("2 млн", "2000000.00 UAH"),
    ],
)
def test_shorthand_is_read_where_it_is_admitted(text: str, money: str) -> None:
    assert str(read_money(text, "UAH", shorthand=True)) == money


@pytest.mark.parametrize(("text", "number"), [("10k", 10_000), ("1.5m", 1_500_000), ("7", 7), ("5 к", 5000)])
def test_a_filter_reads_shorthand(text: str, number: int) -> None:
    assert read_shorthand(text) == number


def test_shorthand_gets_no_more_digits_than_a_number_has() -> None:
    with pytest.raises(BadValue, match="more than 18 digits"):
        read_shorthand("9" * 18 + "m")
    with pytest.raises(BadValue, match="more than 18 digits"):
        read_money("9" * 17 + "m", "UAH", shorthand=True)


_MONEY = st.sampled_from(sorted(DECIMALS)).flatmap(
    lambda code: st.integers(-(10**MOST_DIGITS) + 1, 10**MOST_DIGITS - 1).map(
        lambda units: exact(Decimal(units).scaleb(-DECIMALS[code]), code)
    )
)


@settings(max_examples=200)
@given(_MONEY)
def test_kept_money_reads_back(money: Money) -> None:
    assert parse_stored(str(money)) == money


@settings(max_examples=200)
@given(_MONEY)
def test_money_as_text_with_one_reading_is_read_as_what_it_was(money: Money) -> None:
    amount, _, code = str(money).partition(" ")
    assert read_money(f"{unambiguous(amount)} {code}", "UAH") == money


@settings(max_examples=200)
@given(_MONEY)
def test_grouped_thousands_are_read_as_what_they_were(money: Money) -> None:
    grouped = f"{money.amount:,f}"
    assert read_money(f"{grouped} {money.currency}", "UAH", ".") == money


@settings(max_examples=300)
@given(
    st.text(alphabet="0123456789.,-+ '\u00a0kmUSDUAH$€_einfа", max_size=14), st.sampled_from([None, ".", ","])
)
def test_any_text_is_money_or_refused(text: str, mark: str | None) -> None:
    try:
        money = read_money(text, "UAH", mark, shorthand=True)
    except BadValue:
        return
    assert money == exact(money.amount, money.currency)


@pytest.mark.parametrize(
    ("text", "code"),
    [
        ("usd", "USD"),
        ("UAH", "UAH"),
        ("₴", "UAH"),
        ("Грн.", "UAH"),
        ("рубль", "RUB"),
        ("zł", "PLN"),
        ("€", "EUR"),
    ],
)
def test_a_currency_is_found_by_code_sign_or_name(text: str, code: str) -> None:
    assert find_currency(text) == code


def test_an_unknown_currency_is_refused_with_the_close_one() -> None:
    with pytest.raises(BadValue) as refused:
        find_currency("UHA")
    assert refused.value.hint == 'did you mean "UAH"?'


@settings(max_examples=500)
@given(
    st.from_regex(r"\A[0-9]{1,16}([.,][0-9]{0,3})?\Z") | st.text(alphabet="0125.,- ", min_size=1, max_size=9),
    st.sampled_from(["UAH", "JPY", "KWD", "XXX", "no"]),
    st.sampled_from([None, ".", ","]),
)
def test_plain_digits_are_read_as_any_other_amount(text: str, currency: str, mark: str | None) -> None:
    found = plain_amount(text, currency, mark)
    assert found is None or f"{found} {currency}" == str(read_money(text, currency, mark))


@pytest.mark.parametrize("text", ["1.234", "1 000", "007", "12.5", "-1", "1.234,50"])
def test_what_is_not_in_plain_digits_takes_the_long_way(text: str) -> None:
    assert plain_amount(text, "UAH") is None
