"""The gate: what a record must hold to be where it is."""

from typing import Any

import msgspec
import pytest
from hypothesis import given, settings
from hypothesis import strategies as st

from crmctl.model.pipeline import Requirement
from crmctl.rules.gate import missing_at, missing_fields, missing_to_leave, newly_missing


def names(found: list[Any]) -> list[str]:
    return [each.field.name for each in found]


def at(house: Any, record: Any, stage: str) -> list[str]:
    pipeline = house.context.pipeline_of(record)
    return names(missing_at(record, pipeline, pipeline.stage(stage), house.context))


@pytest.mark.parametrize(
    ("stage", "missing"),
    [
        ("new", []),
        ("visit", ["visit_date"]),
        ("order", ["visit_date", "amount", "payment_details"]),
        ("shipping", ["visit_date", "amount", "payment_details", "waybill"]),
        ("won", ["visit_date", "amount", "payment_details", "waybill"]),
        ("lost", ["lost_reason"]),
    ],
)
def test_a_stage_asks_for_what_every_open_stage_before_it_asks_and_a_lost_one_for_its_own(
    house: Any, stage: str, missing: list[str]
) -> None:
    assert at(house, house.deal(), stage) == missing


def test_a_won_stage_asks_for_its_own_too(house: Any) -> None:
    assert at(house, house.lead(), "qualified") == ["phone", "source"]


@pytest.mark.parametrize(("delivery", "missing"), [("courier", ["address"]), ("pickup", []), (None, [])])
def test_a_conditional_requirement_holds_when_its_condition_does(
    house: Any, ready: Any, delivery: str | None, missing: list[str]
) -> None:
    record = house.deal(**ready).having({"delivery": delivery, "address": None})
    assert at(house, record, "shipping") == missing


@pytest.mark.parametrize("amount", ["0.00", "-5.00"])
def test_nought_passes_the_gate(house: Any, ready: Any, amount: str) -> None:
    assert at(house, house.deal(**ready).having({"amount": amount}), "order") == []


def test_false_and_nought_pass_the_gate_whatever_the_type(house: Any) -> None:
    asking = house.like(
        require={"contact": (Requirement("do_not_contact"),), "company": (Requirement("employees"),)}
    )
    assert missing_fields(house.contact(do_not_contact=False), asking.context) == []
    assert missing_fields(house.company(employees=0), asking.context) == []


def test_a_field_asked_for_twice_is_named_once_with_the_first_stage(house: Any) -> None:
    pipeline = house.configuration.pipeline("wholesale")
    twice = tuple(
        msgspec.structs.replace(stage, require=(*stage.require, Requirement("waybill")))
        if stage.id in ("visit", "order")
        else stage
        for stage in pipeline.stages
    )
    asking = house.like(pipelines=(msgspec.structs.replace(pipeline, stages=twice),))
    found = missing_fields(house.deal("shipping"), asking.context)
    assert [(each.field.name, each.stage) for each in found if each.field.name == "waybill"] == [
        ("waybill", "visit")
    ]


def test_every_record_must_have_a_title(house: Any) -> None:
    assert names(missing_fields(house.company().having({"title": None}), house.context)) == ["title"]


@pytest.mark.parametrize("nothing", ["", []])
def test_an_empty_value_that_was_written_by_hand_is_none(house: Any, nothing: Any) -> None:
    assert at(house, house.deal(visit_date=nothing), "visit") == ["visit_date"]


def test_records_without_stages_have_requirements_of_their_own(house: Any) -> None:
    assert names(missing_fields(house.contact().having({"contact_type": None}), house.context)) == [
        "contact_type"
    ]


@pytest.mark.parametrize("place", [{"stage": "archived"}, {"pipeline": "removed"}])
def test_a_stage_that_is_gone_asks_for_nothing(house: Any, place: dict[str, str]) -> None:
    assert missing_fields(house.deal("won").having(place), house.context) == []


def test_a_missing_field_says_who_asks_for_it_and_where(house: Any, ready: Any) -> None:
    record = house.deal("shipping", **ready).having({"waybill": None})
    (found,) = missing_fields(record, house.context)
    assert found.field.label == "waybill (ТТН)"
    assert found.reason == 'required from "shipping", pipelines/wholesale.yaml:12'


# Leaving.


def left(house: Any, record: Any, target: str | None) -> list[str]:
    pipeline = house.context.pipeline_of(record)
    stage = pipeline.stage(target) if target else None
    return names(missing_to_leave(record, pipeline, stage, house.context))


@pytest.mark.parametrize(
    ("here", "target", "missing"),
    [
        ("enquiry", "trial", ["source"]),
        ("enquiry", "paid", ["source", "group"]),
        ("enquiry", "won", ["source", "group"]),
        ("enquiry", "lost", []),
        ("trial", "paid", ["group"]),
        ("trial", "enquiry", ["group"]),
        ("paid", "won", []),
        ("won", "paid", []),
        ("lost", "enquiry", []),
        ("lost", "trial", ["source"]),
        ("lost", "won", ["source", "group"]),
        ("trial", None, ["group"]),
    ],
)
def test_leaving_asks_for_what_the_stage_left_and_those_jumped_over_ask(
    house: Any, here: str, target: str | None, missing: list[str]
) -> None:
    assert left(house, house.deal(here, "courses"), target) == missing


# Changes.


def test_what_was_lacking_before_does_not_hold_back_another_change(house: Any) -> None:
    before = house.deal("order", visit_date="2026-11-20")
    assert newly_missing(before, before.having({"comment": "x"}), house.context) == []


def test_what_a_change_takes_away_is_missing(house: Any, ready: Any) -> None:
    before = house.deal("won", **ready)
    assert names(newly_missing(before, before.having({"waybill": None}), house.context)) == ["waybill"]


def test_a_change_that_makes_a_condition_true_is_held_to_it(house: Any, ready: Any) -> None:
    before = house.deal("shipping", **ready).having({"delivery": "pickup", "address": None})
    assert names(newly_missing(before, before.having({"delivery": "courier"}), house.context)) == ["address"]


GATED = ["visit_date", "amount", "payment_details", "waybill", "address", "delivery"]


@settings(max_examples=150, deadline=None)
@given(
    st.sampled_from(["new", "visit", "order", "shipping", "won"]),
    st.sets(st.sampled_from(GATED)),
    st.sampled_from(["comment", "probability", "source", "plan", "close_date"]),
)
def test_a_record_that_passes_its_gate_passes_it_after_an_unrelated_change(
    house: Any, ready: Any, stage: str, empty: set[str], other: str
) -> None:
    before = house.deal(stage, **ready).having(dict.fromkeys(empty))
    after = before.having({other: "x"})
    assert names(missing_fields(after, house.context)) == names(missing_fields(before, house.context))
    assert newly_missing(before, after, house.context) == []


@settings(max_examples=150, deadline=None)
@given(
    st.sampled_from(["new", "visit", "order", "shipping", "won"]),
    st.sets(st.sampled_from(GATED)),
    st.sets(st.sampled_from(GATED)),
)
def test_more_values_never_shut_a_gate_but_by_a_condition(
    house: Any, ready: Any, stage: str, empty: set[str], filled: set[str]
) -> None:
    before = house.deal(stage, **ready).having(dict.fromkeys(empty))
    after = before.having({name: ready[name] for name in filled - {"delivery"}})
    lacking = set(names(missing_fields(before, house.context)))
    assert set(names(missing_fields(after, house.context))) == lacking - filled
