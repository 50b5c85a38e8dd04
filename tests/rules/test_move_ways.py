"""Moves: along the ways that the pipeline leaves open, to other pipelines, and from stages that are gone."""

from typing import Any

import msgspec
import pytest

from crmctl.errors import NotFound, WrongUse
from crmctl.rules.decision import Refusal


def refused(answer: Any) -> list[str]:
    assert isinstance(answer, Refusal)
    assert answer.missing
    return [each.name for each in answer.missing]


def forbidden(answer: Any) -> str:
    assert isinstance(answer, Refusal)
    assert (answer.missing, answer.code) == ((), "not_allowed")
    return answer.message.partition(": ")[2]


@pytest.mark.parametrize(
    ("here", "target", "told"),
    [
        ("draft", "talks", '"bid" comes first (moves: skip)'),
        ("draft", "won", '"bid" comes first (moves: skip)'),
        ("bid", "won", '"talks" comes first (moves: skip)'),
        ("bid", "draft", 'pipeline "tender" does not go back (moves: back)'),
        ("won", "talks", 'pipeline "tender" does not go back (moves: back)'),
        ("lost", "draft", 'pipeline "tender" does not go back (moves: back)'),
        ("lost", "won", 'pipeline "tender" does not go back (moves: back)'),
    ],
)
def test_a_step_that_the_moves_do_not_allow_is_refused(house: Any, here: str, target: str, told: str) -> None:
    record = house.deal(here, "tender", amount="5.00", currency="UAH")
    assert forbidden(house.move(record, target)) == told


@pytest.mark.parametrize(
    ("here", "target"),
    [("draft", "bid"), ("talks", "won"), ("draft", "lost"), ("bid", "lost"), ("won", "lost")],
)
def test_a_step_that_the_moves_allow_is_taken(house: Any, here: str, target: str) -> None:
    record = house.deal(here, "tender", amount="5.00", currency="UAH")
    assert house.moved(record, target).stage == target


def test_being_lost_is_no_way_to_skip_to_the_end(house: Any) -> None:
    stepwise = [msgspec.structs.replace(each, back=True) for each in house.configuration.pipelines]
    record = house.deal("lost", "tender", amount="5.00", currency="UAH")
    assert (
        forbidden(house.like(pipelines=tuple(stepwise)).move(record, "won"))
        == '"draft" comes first (moves: skip)'
    )


@pytest.mark.parametrize(
    ("target", "told"),
    [
        ("won", 'from "trial" the next stages are: paid, lost'),
        ("enquiry", 'from "trial" the next stages are: paid, lost'),
    ],
)
def test_a_stage_that_names_its_next_leads_nowhere_else(house: Any, target: str, told: str) -> None:
    record = house.deal("trial", "courses", group="A1", source="call", amount="5.00", currency="UAH")
    assert forbidden(house.move(record, target)) == told


def test_a_stage_leads_to_the_next_it_names(house: Any) -> None:
    record = house.deal("trial", "courses", group="A1", source="call")
    assert house.moved(record, "paid", "amount=5").stage == "paid"


def test_back_is_allowed_by_itself(house: Any, ready: Any) -> None:
    assert house.moved(house.deal("won", **ready), "order").stage == "order"
    assert house.moved(house.deal("order", **ready), "new").stage == "new"


# Other pipelines, and stages that are gone.


def test_a_record_enters_another_pipeline_at_its_first_stage(house: Any) -> None:
    record = house.moved(house.deal("new"), pipeline="Тендер")
    assert (record.pipeline, record.stage) == ("tender", "draft")


def test_a_record_goes_through_the_gate_of_another_pipeline(house: Any) -> None:
    assert refused(house.move(house.deal("new"), "talks", pipeline="tender")) == ["amount"]


def test_another_pipelines_stages_are_those_that_are_meant(house: Any) -> None:
    with pytest.raises(WrongUse) as wrong:
        house.move(house.deal("new"), "visit", pipeline="tender")
    assert wrong.value.hint == "one of: draft, bid, talks, won, lost"


def test_a_lead_does_not_enter_a_pipeline_of_deals(house: Any) -> None:
    with pytest.raises(NotFound):
        house.move(house.lead(), pipeline="wholesale")


def test_coming_open_from_a_lost_stage_of_another_pipeline_takes_the_reason_back(house: Any) -> None:
    lost = house.deal("lost", lost_reason="price", closed_at="2026-11-01T00:00:00+00:00")
    record = house.moved(lost, "draft", pipeline="tender")
    assert (record.get("lost_reason"), record.get("closed_at")) == (None, None)


def test_a_stage_that_is_gone_may_be_left_for_any_other(house: Any) -> None:
    record = house.deal("archived", "tender", amount="5.00", currency="UAH")
    assert house.moved(record, "talks").stage == "talks"


def test_a_record_of_a_pipeline_that_is_gone_needs_one_named(house: Any) -> None:
    record = house.deal("new", "removed")
    with pytest.raises(WrongUse, match='is in pipeline "removed", which is gone') as wrong:
        house.move(record, "new")
    assert (
        wrong.value.hint
        == "crmctl plan, or crmctl move D-1 --pipeline NAME, one of: wholesale, tender, courses"
    )
    assert house.moved(record, "new", pipeline="wholesale").pipeline == "wholesale"


def test_records_without_stages_do_not_move(house: Any) -> None:
    with pytest.raises(WrongUse, match="has no stages"):
        house.move(house.contact(), "new")
