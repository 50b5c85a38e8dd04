"""What the audit finds in stored records."""

import pytest

from crmctl.rules.audit import RULES, audit


def found(house, record, *known: str) -> list[tuple[str, str]]:
    return [(each.rule, each.message) for each in audit(record, house.context, set(known).__contains__)]


def test_a_record_that_would_be_let_in_has_no_fault(house) -> None:
    assert found(house, house.deal("visit", visit_date="2026-11-20", owner="anna", source="website")) == []


def test_every_field_that_a_gate_misses_is_named_with_the_stage_that_asks(house) -> None:
    assert found(house, house.deal("order", amount="5.00", currency="UAH")) == [
        ("data-gate", 'visit_date (Дата выезда) is empty: required from "visit"'),
        ("data-gate", 'payment_details (Реквизиты оплаты) is empty: required from "order"'),
    ]


def test_a_pipeline_that_is_for_other_records_now_is_not_there(house) -> None:
    lead = house.record("L-1", "lead", pipeline="wholesale", stage="new")
    assert found(house, lead) == [("data-stage", 'pipeline "wholesale" is not there any more')]


def test_several_values_in_a_field_that_takes_one_are_a_fault(house) -> None:
    assert found(house, house.deal(source=["website", "call"])) == [
        ("data-value", "source (Source) has 2 values, and takes one")
    ]


def test_records_without_stages_have_their_gate_too(house) -> None:
    assert found(house, house.record("C-1", "contact")) == [
        ("data-gate", "contact_type (Contact type) is empty: required")
    ]


@pytest.mark.parametrize(
    ("place", "message"),
    [
        (("gone", "wholesale"), 'stage "gone" of wholesale is not there any more'),
        (("new", "gone"), 'pipeline "gone" is not there any more'),
    ],
)
def test_a_stage_and_a_pipeline_that_are_gone(house, place: tuple[str, str], message: str) -> None:
    assert found(house, house.deal(*place)) == [("data-stage", message)]


@pytest.mark.parametrize(
    ("values", "rule"),
    [
        ({"owner": "bob"}, "data-value"),
        ({"source": "fax"}, "data-value"),
        ({"waybill": "12"}, "data-value"),
        ({"visit_date": "soon"}, "data-value"),
        ({"amount": "1.234", "currency": "UAH"}, "data-value"),
        ({"contact": "C-7"}, "data-reference"),
        ({"colour": "red"}, "data-field"),
        ({"created_at": "2026-02-01T00:00:00+00:00", "closed_at": "2026-01-01T00:00:00+00:00"}, "data-dates"),
    ],
)
def test_a_value_that_would_not_be_taken_now_is_a_fault(house, values: dict[str, str], rule: str) -> None:
    assert [each for each, _ in found(house, house.deal(**values))] == [rule]


@pytest.mark.parametrize(
    "values",
    [
        {"amount": "1.234", "currency": "BHD"},
        {"comment": "1.234; anything\nat all"},
        {"tags": ["vip", "new"]},
        {"contact": "C-1"},
        {"deposit": "5.00 EUR"},
        {"close_date": "2026-12-01"},
        {"probability": 50},
    ],
)
def test_a_value_that_would_be_taken_is_none(house, values: dict[str, object]) -> None:
    assert found(house, house.deal(**values), "C-1") == []


def test_every_fault_has_a_rule_with_a_severity(house) -> None:
    bad = house.deal("gone", owner="bob", contact="C-7", colour="red")
    assert {rule for rule, _ in found(house, bad)} <= set(RULES)
