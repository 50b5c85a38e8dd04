"""Updates: the gates a record stands behind go on to hold."""

from typing import Any

import pytest

from crmctl.model.change import Change
from crmctl.rules.decision import Refusal


def refused(answer: Any) -> list[str]:
    assert isinstance(answer, Refusal)
    return [each.name for each in answer.missing]


def test_values_are_set_and_emptied(house: Any) -> None:
    record = house.updated(house.deal(comment="x"), "source=website", "comment=")
    assert (record.get("source"), record.get("comment")) == ("website", None)


@pytest.mark.parametrize("stage", ["shipping", "won"])
@pytest.mark.parametrize("name", ["waybill", "amount", "visit_date"])
def test_a_field_that_the_stage_or_one_before_requires_is_not_emptied(
    house: Any, ready: Any, stage: str, name: str
) -> None:
    assert refused(house.update(house.deal(stage, **ready), f"{name}=")) == [name]


def test_a_refusal_says_what_would_be_empty(house: Any, ready: Any) -> None:
    answer = house.update(house.deal("order", **ready), "amount=", "visit_date=")
    assert answer.message == 'D-1 "Acme" cannot be changed: required fields would be empty'
    assert house.update(house.deal("order", **ready), "amount=").message.endswith(
        "a required field would be empty"
    )


def test_a_lost_record_keeps_only_its_reason(house: Any) -> None:
    lost = house.deal("lost", lost_reason="price", visit_date="2026-11-20")
    assert refused(house.update(lost, "lost_reason=")) == ["lost_reason"]
    assert house.updated(lost, "visit_date=").get("visit_date") is None


def test_a_condition_that_comes_true_is_held_to(house: Any, ready: Any) -> None:
    record = house.deal("shipping", **ready)
    record = house.updated(record, "delivery=pickup", "address=")
    assert refused(house.update(record, "delivery=courier")) == ["address"]
    assert house.updated(record, "delivery=courier", "address=Киев").get("address") == "Киев"


def test_what_a_later_configuration_requires_does_not_hold_back_another_change(house: Any) -> None:
    assert isinstance(house.update(house.deal("won"), "comment=x"), Change)


def test_the_title_is_not_emptied(house: Any) -> None:
    assert refused(house.update(house.deal(), "title=")) == ["title"]


def test_a_required_field_of_a_contact_is_not_emptied(house: Any) -> None:
    assert refused(house.update(house.contact(), "contact_type=")) == ["contact_type"]


def test_a_change_of_nothing_has_no_differences(house: Any) -> None:
    record = house.deal(comment="x")
    assert house.update(record, "comment=x").differences() == {}


@pytest.mark.parametrize(
    ("kind", "values", "text", "title"),
    [
        ("contact", {"first_name": "Анна", "title": "Анна"}, "last_name=Коваль", "Анна Коваль"),
        ("lead", {"name": "Анна", "title": "Анна"}, "name=Ирина", "Ирина"),
        ("lead", {"company_name": "Acme", "title": "Acme"}, "company_name=Zeta", "Zeta"),
        ("contact", {"first_name": "Анна", "title": "Опт"}, "first_name=Ирина", "Опт"),
        ("contact", {"first_name": "Анна", "title": "Анна"}, "first_name=", "Анна"),
    ],
)
def test_a_title_that_was_built_from_the_name_follows_it(
    house: Any, kind: str, values: dict[str, str], text: str, title: str
) -> None:
    record = house.contact(**values) if kind == "contact" else house.lead(**values)
    assert house.updated(record, text).title == title


def test_a_title_given_with_a_name_is_taken(house: Any) -> None:
    record = house.contact(first_name="Анна", title="Анна")
    assert house.updated(record, "first_name=Ирина", "title=Опт").title == "Опт"


def test_what_a_field_held_when_it_took_one_value_stays_when_another_is_added(house: Any) -> None:
    assert house.updated(house.deal(tags="vip"), "tags+=fair").get("tags") == ["vip", "fair"]
