"""What becomes of a stored record when the configuration changes, and what it lacks then."""

from typing import Any

import msgspec
import pytest

from crmctl.model.field import Field
from crmctl.model.pipeline import Requirement, Stage
from crmctl.rules.migration import Migrated

replace = msgspec.structs.replace


def test_a_record_whose_place_is_there_stays_the_very_same(house: Any, becoming: Any) -> None:
    deal = house.deal("visit", visit_date="2026-01-01")
    assert becoming(house, house).of(deal) == Migrated(deal, ())


def test_only_what_was_not_required_before_is_told_as_lacking(
    house: Any, becoming: Any, with_stages: Any, stages: dict[str, Stage]
) -> None:
    stages["visit"] = replace(stages["visit"], require=(Requirement("visit_date"), Requirement("source")))
    after = with_stages(house, *stages.values())
    deal = house.deal("order")
    assert becoming(house, after).effects(deal) == [("lacks", "requirement", "source", "", "")]
    names = [each[2] for each in becoming(house, after, known=False).effects(deal)]
    assert names == ["visit_date", "source", "amount", "payment_details"]


def test_what_a_stage_asks_for_that_takes_a_record_in_is_lacking(
    house: Any, becoming: Any, without_order: Any
) -> None:
    change = becoming(house, without_order, "order=shipping")
    assert [each[:3] for each in change.effects(house.deal("order"))] == [
        ("migrates", "stage", "order"),
        ("lacks", "requirement", "waybill"),
    ]


def test_a_condition_is_asked_of_the_record_as_it_will_be(
    house: Any, becoming: Any, without_order: Any
) -> None:
    change = becoming(house, without_order, "order=shipping")
    deal = house.deal("order", waybill="20450123456789", delivery="courier")
    assert [each[2] for each in change.effects(deal)] == ["order", "address"]
    assert [each[2] for each in change.effects(deal.having({"delivery": "pickup"}))] == ["order"]


def test_a_given_value_fills_what_is_lacking_and_nothing_else(
    house: Any, becoming: Any, with_stages: Any, stages: dict[str, Stage]
) -> None:
    stages["visit"] = replace(stages["visit"], require=(Requirement("source"),))
    change = becoming(house, with_stages(house, *stages.values()), source="Сайт")
    assert change.effects(house.deal("visit")) == [("migrates", "requirement", "source", "", "website")]
    assert change.after(house.deal("visit")).get("source") == "website"
    assert change.effects(house.deal("visit", source="call")) == []
    assert change.effects(house.deal("new")) == []


@pytest.mark.parametrize(
    ("field", "text", "shown"),
    [
        (Field("way", "text", multiple=True), "a; b", "a; b"),
        (Field("way", "integer"), "0", "0"),
        (Field("way", "boolean"), "no", "false"),
        (Field("way", "money"), "5", "5.00 UAH"),
        (Field("way", "tags", multiple=True), ";", None),
    ],
)
def test_a_filled_value_is_told_as_its_field_shows_it(
    house: Any, becoming: Any, with_fields: Any, field: Field, text: str, shown: str | None
) -> None:
    paired = replace(field, paired="currency") if field.kind == "money" else field
    before = with_fields(house, paired)
    change = becoming(before, before.like(require={"deal": (Requirement("way"),)}), way=text)
    verdict = "lacks" if shown is None else "migrates"
    assert change.effects(house.deal()) == [(verdict, "requirement", "way", "", shown or "")]


def test_records_without_stages_are_held_against_what_their_type_requires(house: Any, becoming: Any) -> None:
    change = becoming(house, house.like(require={"contact": (Requirement("source"),)}))
    assert change.effects(house.contact()) == [("lacks", "requirement", "source", "", "")]
