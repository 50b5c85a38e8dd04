"""Fields set by hand: read by their types, joined, added and taken away."""

from decimal import Decimal
from typing import Any

import msgspec
import pytest
from hypothesis import given, settings
from hypothesis import strategies as st

from crmctl.errors import WrongUse
from crmctl.model.records import RecordType
from crmctl.money import exact, parse_stored
from crmctl.rules.assignment import Assignment, grouped
from crmctl.rules.decision import placeholder


def test_a_value_is_read_by_the_fields_type(house: Any) -> None:
    assert house.typed(house.deal(), "visit_date=tomorrow") == {"visit_date": "2026-11-22"}


@pytest.mark.parametrize("name", ["waybill", "ТТН", "WAYBILL"])
def test_a_field_is_named_by_id_or_title(house: Any, name: str) -> None:
    assert house.typed(house.deal(), f"{name}=20450123456789") == {"waybill": "20450123456789"}


@pytest.mark.parametrize("text", ["waybill=", "waybill=  ", "waybill=\u200b"])
def test_blank_text_empties_a_field(house: Any, text: str) -> None:
    assert house.typed(house.deal(), text) == {"waybill": None}


@pytest.mark.parametrize(("text", "value"), [("probability=0", 0), ("amount=0", "0.00")])
def test_nought_is_a_value(house: Any, text: str, value: object) -> None:
    assert house.typed(house.deal(), text)[text.partition("=")[0]] == value


def test_an_unknown_field_is_refused_with_the_close_one(house: Any) -> None:
    with pytest.raises(WrongUse, match='unknown field "waybil" of deal') as refused:
        house.typed(house.deal(), "waybil=1")
    assert refused.value.hint == 'did you mean "waybill"?'


def test_a_field_of_another_pipeline_is_unknown(house: Any) -> None:
    with pytest.raises(WrongUse, match='unknown field "group"'):
        house.typed(house.deal(), "group=A1")


def test_a_wrong_value_is_refused_with_field_and_value(house: Any) -> None:
    with pytest.raises(WrongUse) as refused:
        house.typed(house.deal(), "waybill=123")
    assert refused.value.message.startswith('waybill (ТТН): "123" does not fit the pattern')
    assert refused.value.hint == "write it like 20450123456789"


@pytest.mark.parametrize("name", ["id", "created_at", "revision", "closed_at", "origin_lead"])
def test_what_crmctl_writes_is_not_set_by_hand(house: Any, name: str) -> None:
    with pytest.raises(WrongUse, match=f"{name} cannot be set by hand"):
        house.typed(house.deal(), f"{name}=1")


@pytest.mark.parametrize("name", ["stage", "pipeline", "Стадия"])
def test_a_stage_is_set_by_a_move(house: Any, name: str) -> None:
    with pytest.raises(WrongUse, match="is set by a move"):
        house.typed(house.deal(), f"{name}=order")


@pytest.mark.parametrize(
    "name", ["waybill", "visit_date", "amount", "payment_details", "plan", "tags", "contact"]
)
def test_the_placeholder_of_a_suggested_command_is_no_value(house: Any, name: str) -> None:
    shown = placeholder(house.configuration.field(RecordType.DEAL, name))
    with pytest.raises(WrongUse, match="stands for a value"):
        house.typed(house.deal(), f"{name}={shown}")


# Several values.


def test_repeated_values_replace_all_together(house: Any) -> None:
    record = house.contact(email=["old@example.com"])
    assert house.typed(record, "email=a@example.com", "email=b@example.com") == {
        "email": ["a@example.com", "b@example.com"]
    }


def test_values_given_under_other_names_of_a_field_join_too(house: Any) -> None:
    assert house.typed(house.contact(), "email=a@example.com", "Почта=b@example.com") == {
        "email": ["a@example.com", "b@example.com"]
    }


@pytest.mark.parametrize("other", ["waybill", "ТТН"])
def test_a_field_of_one_value_takes_no_two(house: Any, other: str) -> None:
    with pytest.raises(WrongUse, match="are 2 values: it takes one"):
        house.typed(house.deal(), "waybill=20450123456789", f"{other}=20450123456780")


def test_values_are_added_after_those_there_are(house: Any) -> None:
    assert house.typed(house.deal(tags=["vip"]), "tags+=cold", "tags+=vip") == {"tags": ["vip", "cold"]}


def test_an_address_there_is_is_not_added_in_another_case(house: Any) -> None:
    record = house.contact(email=["Anna@example.com"])
    assert house.typed(record, "email+=ANNA@example.com") == {"email": ["Anna@example.com"]}


def test_values_are_taken_away(house: Any) -> None:
    assert house.typed(house.deal(tags=["vip", "cold"]), "tags-=VIP") == {"tags": ["cold"]}


def test_a_number_is_taken_away_however_typed_and_what_was_typed_with_it(house: Any) -> None:
    record = house.contact(
        phone=["+380501234567", "+380671234567"], phone_typed=["050 123 45 67", "067 123 45 67"]
    )
    assert house.typed(record, "phone-=(050) 123-45-67") == {
        "phone": ["+380671234567"],
        "phone_typed": ["067 123 45 67"],
    }


def test_what_was_typed_goes_beside_an_added_number(house: Any) -> None:
    record = house.contact(phone=["+380671234567"])
    assert house.typed(record, "phone+=050 123 45 67") == {
        "phone": ["+380671234567", "+380501234567"],
        "phone_typed": ["+380671234567", "050 123 45 67"],
    }


def test_nothing_goes_beside_numbers_typed_as_they_are_kept(house: Any) -> None:
    record = house.contact(phone=["+380671234567"])
    assert house.typed(record, "phone+=+380501234567") == {
        "phone": ["+380671234567", "+380501234567"],
        "phone_typed": None,
    }


def test_adding_and_taking_away_in_one_go_do_both(house: Any) -> None:
    assert house.typed(house.deal(tags=["cold"]), "tags+=vip", "tags-=cold") == {"tags": ["vip"]}


def test_adding_to_what_was_just_set_keeps_it(house: Any) -> None:
    assert house.typed(house.deal(tags=["old"]), "tags=a", "tags+=b") == {"tags": ["a", "b"]}


def test_values_are_added_to_a_record_that_is_not_there_yet(house: Any) -> None:
    assert house.typed(None, "tags+=a", kind=RecordType.LEAD) == {"tags": ["a"]}


def test_a_value_that_its_list_no_longer_has_can_be_taken_away(house: Any) -> None:
    tagged = tuple(
        msgspec.structs.replace(field, choices=house.configuration.lists["source"])
        if field.name == "tags"
        else field
        for field in house.configuration.fields["deal"]
    )
    other = house.like(fields={**house.configuration.fields, "deal": tagged})
    assert other.typed(house.deal(tags=["radio", "call"]), "tags-=radio") == {"tags": ["call"]}
    with pytest.raises(WrongUse, match="unknown source"):
        other.typed(house.deal(tags=["call"]), "tags-=tv")


@pytest.mark.parametrize("operator", ["+=", "-="])
def test_adding_is_for_fields_of_many_values(house: Any, operator: str) -> None:
    with pytest.raises(WrongUse, match="is for fields with many"):
        house.typed(house.deal(), f"waybill{operator}20450123456789")


# Money.


def test_a_bare_amount_is_in_the_workspaces_currency(house: Any) -> None:
    assert house.typed(house.deal(), "amount=5") == {"amount": "5.00", "currency": "UAH"}


@pytest.mark.parametrize("texts", [("amount=5", "currency=USD"), ("currency=USD", "amount=5")])
def test_a_bare_amount_is_in_the_currency_beside_it(house: Any, texts: tuple[str, ...]) -> None:
    assert house.typed(house.deal(), *texts) == {"amount": "5.00", "currency": "USD"}


def test_a_bare_amount_stays_in_the_records_currency(house: Any) -> None:
    record = house.deal(amount="5.00", currency="USD")
    assert house.typed(record, "amount=7") == {"amount": "7.00", "currency": "USD"}


def test_the_currency_beside_is_that_of_its_own_amount_alone(house: Any) -> None:
    written = house.typed(house.deal(), "currency=USD", "deposit=5")
    assert written["deposit"] == "5.00 UAH"


def test_an_amount_and_a_currency_that_disagree_are_refused(house: Any) -> None:
    with pytest.raises(WrongUse, match="is in USD, but currency is EUR"):
        house.typed(house.deal(), "amount=5 USD", "currency=EUR")


def test_a_new_currency_keeps_the_amount(house: Any) -> None:
    record = house.deal(amount="5.00", currency="USD")
    assert house.typed(record, "currency=JPY") == {"amount": "5", "currency": "JPY"}


def test_a_new_currency_that_has_not_the_decimals_is_refused(house: Any) -> None:
    with pytest.raises(WrongUse, match="JPY has 0 decimals"):
        house.typed(house.deal(amount="5.50", currency="USD"), "currency=JPY")


def test_an_amount_does_not_stay_without_a_currency(house: Any) -> None:
    with pytest.raises(WrongUse, match="would have no currency"):
        house.typed(house.deal(amount="5.00", currency="USD"), "currency=")


def test_amount_and_currency_go_together(house: Any) -> None:
    record = house.deal(amount="5.00", currency="USD")
    assert house.typed(record, "currency=", "amount=") == {"currency": None, "amount": None}


_AMOUNTS = st.sampled_from(
    ["amount=5", "amount=7 USD", "amount=1.2345 KWD", "amount=1.2340 KWD", "amount=", "amount=9.5"]
)
_CURRENCIES = st.sampled_from(["currency=USD", "currency=JPY", "currency=KWD", "currency="])


@settings(max_examples=100, deadline=None)
@given(st.lists(st.lists(_AMOUNTS | _CURRENCIES, min_size=1, max_size=2), max_size=6))
def test_no_amount_is_ever_without_a_currency_or_has_too_many_decimals(
    house: Any, steps: list[list[str]]
) -> None:
    record = house.deal()
    for texts in steps:
        try:
            record = record.having(house.typed(record, *texts))
        except WrongUse:
            continue
        amount, currency = record.get("amount"), record.text("currency")
        assert amount is None or currency
        assert amount is None or exact(Decimal(amount), currency) == parse_stored(f"{amount} {currency}")


def test_repeats_of_one_operator_join_in_order() -> None:
    given_ = [
        Assignment("a", ("1",)),
        Assignment("b", ("2",)),
        Assignment("a", ("3",)),
        Assignment("a", ("4",), "+="),
    ]
    assert grouped(given_) == [
        Assignment("a", ("1", "3")),
        Assignment("b", ("2",)),
        Assignment("a", ("4",), "+="),
    ]
