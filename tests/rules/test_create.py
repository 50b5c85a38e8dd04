"""New records: their place, their defaults, their title, and the gate."""

from typing import Any

import pytest
from hypothesis import given, settings
from hypothesis import strategies as st

from crmctl.errors import NotFound, WrongUse
from crmctl.model.change import Change
from crmctl.rules.decision import Refusal
from crmctl.rules.gate import missing_fields


def refused(answer: Any) -> list[str]:
    assert isinstance(answer, Refusal)
    return [each.name for each in answer.missing]


def test_a_record_starts_at_the_first_stage_of_the_default_pipeline(house: Any) -> None:
    record = house.created("deal")
    assert (record.pipeline, record.stage, record.get("probability")) == ("wholesale", "new", 10)


@pytest.mark.parametrize("name", ["courses", "КУРСЫ"])
def test_a_pipeline_may_be_named(house: Any, name: str) -> None:
    record = house.created("deal", name)
    assert (record.pipeline, record.stage) == ("courses", "enquiry")


@pytest.mark.parametrize("name", ["visit", "выезд на магазин"])
def test_a_stage_may_be_named(house: Any, name: str) -> None:
    assert house.created("deal", "wholesale", name, visit_date="2026-11-20").stage == "visit"


def test_an_unknown_pipeline_is_not_found(house: Any) -> None:
    with pytest.raises(NotFound, match='unknown pipeline "opt"'):
        house.create("deal", "opt")


def test_an_unknown_stage_is_wrong_use_with_the_stages_there_are(house: Any) -> None:
    with pytest.raises(WrongUse) as wrong:
        house.create("deal", "tender", "shipping")
    assert wrong.value.hint == "one of: draft, bid, talks, won, lost"


def test_one_of_several_pipelines_must_be_named_where_none_is_the_default(house: Any) -> None:
    with pytest.raises(WrongUse, match="which deal pipeline is meant") as wrong:
        house.like(default={}).create("deal")
    assert wrong.value.hint == "add --pipeline with one of: wholesale, tender, courses"


def test_records_without_stages_take_none(house: Any) -> None:
    with pytest.raises(WrongUse, match="have no stages"):
        house.create("company", "", "new")


def test_a_workspace_of_deals_takes_no_lead(house: Any) -> None:
    with pytest.raises(WrongUse, match="has no leads"):
        house.like(mode="deals").create("lead")


@pytest.mark.parametrize(
    ("stage", "missing"),
    [
        ("visit", ["visit_date"]),
        ("shipping", ["visit_date", "amount", "payment_details", "waybill"]),
        ("won", ["visit_date", "amount", "payment_details", "waybill"]),
        ("lost", ["lost_reason"]),
    ],
)
def test_the_gate_of_the_stage_holds(house: Any, stage: str, missing: list[str]) -> None:
    assert refused(house.create("deal", "wholesale", stage)) == missing


def test_a_refusal_names_the_record_and_the_stage(house: Any) -> None:
    answer = house.create("deal", "wholesale", "visit")
    assert answer.message == 'deal "Acme" cannot be created at "visit": 1 required field is empty'


def test_records_without_stages_have_their_requirements(house: Any) -> None:
    answer = house.create("contact")
    assert answer.message == 'contact "Acme" cannot be created: 1 required field is empty'
    assert refused(answer) == ["contact_type"]


@pytest.mark.parametrize("kind", ["company", "deal", "product"])
def test_a_title_is_required(house: Any, kind: str) -> None:
    assert refused(house.create(kind, title="")) == ["title"]


@pytest.mark.parametrize(
    ("kind", "values", "title"),
    [
        ("contact", {"first_name": "Анна", "last_name": "Коваль"}, "Анна Коваль"),
        ("lead", {"first_name": "Анна"}, "Анна"),
        ("lead", {"name": "Анна Коваль", "company_name": "Acme"}, "Анна Коваль"),
        ("lead", {"company_name": "Acme"}, "Acme"),
    ],
)
def test_a_title_is_built_from_the_name(house: Any, kind: str, values: dict[str, str], title: str) -> None:
    assert house.created(kind, title="", contact_type="client", **values).title == title


def test_a_given_title_goes_before_the_name(house: Any) -> None:
    assert house.created("lead", title="Опт", first_name="Анна").title == "Опт"


def test_the_owner_is_the_acting_user_where_users_know_one(house: Any) -> None:
    assert house.created("deal").get("owner") == "anna"
    assert house.like(by="Олег Бойко").created("deal").get("owner") == "oleg"
    assert house.like(by="root").created("deal").get("owner") is None


def test_a_given_owner_stays(house: Any) -> None:
    assert house.created("deal", owner="oleg").get("owner") == "oleg"


def test_defaults_are_those_of_the_pipeline_alone(house: Any) -> None:
    assert house.created("deal", "courses").get("level") == "beginner"
    assert house.created("deal").get("level") is None


def test_the_default_of_a_pipelines_field_holds_where_the_pipeline_goes_without_saying(house: Any) -> None:
    assert house.like(default={"deal": "courses"}).created("deal").get("level") == "beginner"


def test_a_given_value_goes_before_the_default(house: Any) -> None:
    assert house.created("deal", "courses", level="expert").get("level") == "expert"


@pytest.mark.parametrize("probability", [55, 0])
def test_a_given_probability_goes_before_the_stages(house: Any, probability: int) -> None:
    assert house.created("deal", probability=probability).get("probability") == probability


def test_a_closed_record_is_closed_now_unless_it_is_known_when(house: Any, ready: Any) -> None:
    assert house.created("deal", "wholesale", "won", **ready).get("closed_at") == house.context.at
    past = "2025-01-01T00:00:00+00:00"
    assert house.created("deal", "wholesale", "won", closed_at=past, **ready).get("closed_at") == past


def test_an_open_record_is_not_closed(house: Any) -> None:
    assert house.created("deal", closed_at="2025-01-01T00:00:00+00:00").get("closed_at") is None


def test_a_lead_has_no_probability(house: Any) -> None:
    assert house.created("lead").get("probability") is None


_STAGES = [
    *(("wholesale", stage) for stage in ("new", "visit", "order", "shipping", "won", "lost")),
    *(("tender", stage) for stage in ("draft", "bid", "talks", "won", "lost")),
    *(("courses", stage) for stage in ("enquiry", "trial", "paid", "won", "lost")),
]


@settings(max_examples=150, deadline=None)
@given(
    st.sampled_from(_STAGES), st.sets(st.sampled_from(["visit_date", "amount", "payment_details", "waybill"]))
)
def test_no_record_is_created_that_its_gate_would_not_let_in(
    house: Any, ready: Any, place: tuple[str, str], empty: set[str]
) -> None:
    answer = house.create(
        "deal", *place, **{name: value for name, value in ready.items() if name not in empty}
    )
    if isinstance(answer, Change):
        assert missing_fields(answer.record, house.context) == []
    else:
        assert answer.missing
