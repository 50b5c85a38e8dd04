"""Moves: through the gates of the stages entered, jumped over and left."""

from typing import Any

import msgspec
import pytest

from crmctl.errors import WrongUse
from crmctl.model.change import Change
from crmctl.model.pipeline import Requirement
from crmctl.rules.decision import Refusal


def refused(answer: Any) -> list[str]:
    assert isinstance(answer, Refusal)
    assert answer.missing
    return [each.name for each in answer.missing]


# The gate to enter.


def test_a_record_moves_where_its_gate_lets_it(house: Any) -> None:
    record = house.moved(house.deal(visit_date="2026-11-20"), "visit")
    assert (record.stage, record.get("probability")) == ("visit", 20)


@pytest.mark.parametrize("name", ["Выезд на магазин", "VISIT"])
def test_a_stage_is_named_by_id_or_title(house: Any, name: str) -> None:
    assert house.moved(house.deal(visit_date="2026-11-20"), name).stage == "visit"


def test_values_set_with_the_move_open_the_gate(house: Any) -> None:
    assert house.moved(house.deal(), "visit", "visit_date=tomorrow").get("visit_date") == "2026-11-22"


def test_values_emptied_with_the_move_shut_the_gate(house: Any, ready: Any) -> None:
    assert refused(house.move(house.deal("visit", **ready), "order", "amount=")) == ["amount"]


@pytest.mark.parametrize(
    ("stage", "missing"),
    [
        ("order", ["visit_date", "amount", "payment_details"]),
        ("shipping", ["visit_date", "amount", "payment_details", "waybill"]),
        ("won", ["visit_date", "amount", "payment_details", "waybill"]),
        ("lost", ["lost_reason"]),
    ],
)
def test_a_jump_must_satisfy_every_stage_jumped_over(house: Any, stage: str, missing: list[str]) -> None:
    assert refused(house.move(house.deal(), stage)) == missing


def test_a_move_asks_for_what_the_record_lacks_already_where_it_is(house: Any, ready: Any) -> None:
    before_the_gate = house.deal("order", **ready).having({"visit_date": None})
    assert refused(house.move(before_the_gate, "shipping")) == ["visit_date"]


def test_a_refusal_names_record_stage_and_fields_with_their_places(house: Any, ready: Any) -> None:
    answer = house.move(house.deal("order", **ready), "shipping", "waybill=")
    assert answer.message == 'D-1 "Acme" cannot move to "shipping": 1 required field is empty'
    (detail,) = answer.all_details()
    assert detail["label"] == "waybill (ТТН)"
    assert detail["message"] == 'required from "shipping", pipelines/wholesale.yaml:12'


@pytest.mark.parametrize(("delivery", "missing"), [("courier", ["address"]), ("pickup", [])])
def test_a_condition_is_asked_of_the_record_as_it_will_be(
    house: Any, ready: Any, delivery: str, missing: list[str]
) -> None:
    record = house.deal("order", **ready).having({"delivery": None, "address": None})
    answer = house.move(record, "shipping", f"delivery={delivery}")
    assert (refused(answer) if isinstance(answer, Refusal) else []) == missing


@pytest.mark.parametrize("text", ["title=", "title=\u200b"])
@pytest.mark.parametrize("stage", ["new", "visit", "lost"])
def test_a_move_does_not_take_the_title(house: Any, ready: Any, text: str, stage: str) -> None:
    record = house.deal("new", lost_reason="price", **ready)
    assert refused(house.move(record, stage, text)) == ["title"]


def test_a_title_that_was_built_from_the_name_follows_it(house: Any) -> None:
    record = house.lead(first_name="Анна", title="Анна")
    assert house.moved(record, "in_work", "first_name=Ирина", "phone=0501234567").title == "Ирина"


# To where it is.


def test_to_the_stage_it_is_on_a_move_is_an_update(house: Any) -> None:
    answer = house.move(house.deal("visit", visit_date="2026-11-20"), "visit", "comment=x")
    assert isinstance(answer, Change)
    assert (answer.op, answer.differences()) == ("update", {"comment": (None, "x")})


def test_to_the_stage_it_is_on_the_gate_holds(house: Any, ready: Any) -> None:
    assert refused(house.move(house.deal("order", **ready), "order", "amount=")) == ["amount"]


def test_what_a_later_configuration_requires_does_not_hold_back_an_update_on_the_spot(house: Any) -> None:
    assert isinstance(house.move(house.deal("order"), "order", "comment=x"), Change)


def test_the_pipeline_it_is_in_without_a_stage_leaves_it_where_it_is(house: Any, ready: Any) -> None:
    answer = house.move(house.deal("order", **ready), pipeline="wholesale")
    assert answer.differences() == {}


# Lost, won and open again.


def test_a_reason_is_read_by_the_pipelines_list(house: Any) -> None:
    record = house.moved(house.deal(), "lost", reason="Дорого")
    assert (record.get("lost_reason"), record.get("probability")) == ("price", 0)


def test_the_reason_of_a_lead_has_its_own_field(house: Any) -> None:
    assert house.moved(house.lead(), "junk", reason="спам").get("reject_reason") == "spam"


def test_an_unknown_reason_is_refused_with_those_there_are(house: Any) -> None:
    with pytest.raises(WrongUse) as wrong:
        house.move(house.deal(), "lost", reason="weather")
    assert wrong.value.hint == "one of: price, competitor, silent"


@pytest.mark.parametrize("reason", ["<Lost reason>"])
def test_the_placeholder_of_a_suggested_command_is_no_reason(house: Any, reason: str) -> None:
    with pytest.raises(WrongUse, match="stands for a reason"):
        house.move(house.deal(), "lost", reason=reason)


def test_a_reason_is_for_a_lost_stage(house: Any) -> None:
    with pytest.raises(WrongUse, match='a reason is for a lost stage, "visit" is not one'):
        house.move(house.deal(), "visit", reason="price")


def test_a_record_closes_when_it_is_won_or_lost(house: Any, ready: Any) -> None:
    assert house.moved(house.deal("shipping", **ready), "won").get("closed_at") == house.context.at
    past = "2026-11-01T00:00:00+00:00"
    answer = house.move(house.deal(), "lost", reason="price", at=past)
    assert (answer.at, answer.record.get("closed_at")) == (past, past)


def test_opening_a_lost_record_takes_back_when_and_why_it_was_lost(house: Any) -> None:
    lost = house.moved(house.deal(), "lost", reason="price")
    opened = house.moved(lost, "new")
    assert (opened.get("closed_at"), opened.get("lost_reason"), opened.get("probability")) == (None, None, 10)


def test_opening_a_record_takes_back_the_probability_where_the_stage_gives_none(house: Any) -> None:
    won = house.deal("won", "tender", amount="5.00", currency="UAH", probability=100)
    opened = house.like(pipelines=tuple(pipeline_back(house))).moved(won, "talks")
    assert opened.get("probability") is None


def pipeline_back(house: Any) -> list[Any]:
    """Return the pipelines, all of which go back and skip."""
    return [msgspec.structs.replace(each, back=True, skip=True) for each in house.configuration.pipelines]


def test_a_probability_set_by_hand_stays_where_the_stage_gives_none(house: Any) -> None:
    record = house.deal("draft", "tender", amount="5.00", currency="UAH", probability=35)
    assert house.moved(record, "bid").get("probability") == 35


def test_a_probability_set_with_the_move_goes_before_the_stages(house: Any) -> None:
    assert house.moved(house.deal(), "visit", "visit_date=today", "probability=33").get("probability") == 33


def test_opening_a_record_goes_through_the_gate_of_where_it_goes(house: Any) -> None:
    assert refused(house.move(house.deal("lost", lost_reason="price"), "visit")) == ["visit_date"]


def test_from_lost_to_won_goes_through_every_gate(house: Any) -> None:
    assert refused(house.move(house.deal("lost", lost_reason="price"), "won")) == [
        *("visit_date", "amount", "payment_details", "waybill")
    ]


# The gate to leave.


@pytest.mark.parametrize(
    ("stage", "missing"), [("trial", ["source"]), ("paid", ["amount", "source", "group"])]
)
def test_a_stage_is_not_left_without_what_it_asks_for(house: Any, stage: str, missing: list[str]) -> None:
    assert sorted(refused(house.move(house.deal("enquiry", "courses"), stage))) == sorted(missing)


def test_a_refusal_to_leave_says_so(house: Any) -> None:
    (missing,) = house.move(house.deal("enquiry", "courses"), "trial").missing
    assert missing.reason == 'required to leave "enquiry"'


def test_values_set_with_the_move_count_for_leaving(house: Any) -> None:
    assert house.moved(house.deal("enquiry", "courses"), "trial", "source=call").stage == "trial"


def test_values_emptied_with_the_move_do_not_count_for_leaving(house: Any) -> None:
    record = house.deal("enquiry", "courses", source="call")
    assert refused(house.move(record, "trial", "source=")) == ["source"]


def test_nothing_holds_a_record_back_from_a_lost_stage(house: Any) -> None:
    assert house.moved(house.deal("enquiry", "courses"), "lost").stage == "lost"


def test_being_lost_is_no_way_around_the_gates_of_stages_to_leave(house: Any) -> None:
    lost = house.moved(house.deal("enquiry", "courses"), "lost")
    assert refused(house.move(lost, "trial")) == ["source"]
    assert house.moved(lost, "enquiry").stage == "enquiry"


def test_a_stage_is_not_left_for_another_pipeline_without_what_it_asks_for(house: Any) -> None:
    record = house.deal("enquiry", "courses")
    assert refused(house.move(record, "new", pipeline="wholesale")) == ["source"]
    assert house.moved(record, "new", "source=call", pipeline="wholesale").pipeline == "wholesale"


def test_a_field_required_to_enter_and_to_leave_is_named_once(house: Any) -> None:
    courses = house.configuration.pipeline("courses")
    stages = tuple(
        msgspec.structs.replace(stage, require=(*stage.require, Requirement("source")))
        for stage in courses.stages
    )
    asking = house.like(pipelines=(msgspec.structs.replace(courses, stages=stages),))
    assert refused(asking.move(house.deal("enquiry", "courses"), "trial")) == ["source"]
