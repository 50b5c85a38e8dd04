"""Where records go whose stage or pipeline is gone or is another now."""

from typing import Any

import msgspec
import pytest

from crmctl.model.pipeline import Outcome, Stage
from crmctl.model.records import RecordType

replace = msgspec.structs.replace
NOW = "2026-11-21T12:00:00+00:00"
EARLIER = "2026-01-02T03:04:05+00:00"


def test_a_renamed_stage_takes_its_records_along_and_nothing_else_changes(
    house: Any, becoming: Any, with_stages: Any, stages: dict[str, Stage]
) -> None:
    stages["visit"] = replace(stages["visit"], id="meeting", moved_from=("visit",), probability=33)
    change = becoming(house, with_stages(house, *stages.values()))
    deal = house.deal("visit", visit_date="2026-01-01", probability=20)
    assert change.effects(deal) == [("migrates", "stage", "visit", "wholesale/visit", "wholesale/meeting")]
    assert change.after(deal).values == {**deal.values, "stage": "meeting"}


def test_a_record_on_a_removed_stage_has_nowhere_to_go(house: Any, becoming: Any, without_order: Any) -> None:
    deal = house.deal("order")
    change = becoming(house, without_order)
    assert change.effects(deal)[0] == ("blocks", "stage", "order", "wholesale/order", "")
    assert change.after(deal) is deal


def test_it_goes_where_it_is_said_to_go(house: Any, becoming: Any, without_order: Any) -> None:
    assert becoming(house, without_order, "order=visit").after(house.deal("order")).stage == "visit"
    moved = becoming(house, without_order, "wholesale/order=tender/bid").after(house.deal("order"))
    assert (moved.pipeline, moved.stage) == ("tender", "bid")


def test_what_is_said_goes_before_what_the_stage_says(
    house: Any, becoming: Any, with_stages: Any, stages: dict[str, Stage]
) -> None:
    stages["shipping"] = replace(stages["shipping"], moved_from=("order",))
    del stages["order"]
    after = with_stages(house, *stages.values())
    assert becoming(house, after).after(house.deal("order")).stage == "shipping"
    assert becoming(house, after, "order=visit").after(house.deal("order")).stage == "visit"


def test_renames_of_renames_are_followed(
    house: Any, becoming: Any, with_stages: Any, stages: dict[str, Stage]
) -> None:
    stages["visit"] = replace(stages["visit"], id="meeting", moved_from=("visit",))
    between = with_stages(house, *stages.values())
    stages["visit"] = replace(stages["visit"], id="call", moved_from=("meeting",))
    assert becoming(between, with_stages(house, *stages.values())).after(house.deal("visit")).stage == "call"


def test_renames_in_a_circle_lead_nowhere(
    house: Any, becoming: Any, with_stages: Any, stages: dict[str, Stage]
) -> None:
    stages["visit"] = replace(stages["visit"], moved_from=("order",))
    stages["order"] = replace(stages["order"], moved_from=("visit",))
    before = with_stages(house, *stages.values())
    del stages["visit"], stages["order"]
    assert (
        becoming(before, with_stages(house, *stages.values())).effects(house.deal("visit"))[0][0] == "blocks"
    )


def test_a_removed_pipeline_goes_into_another_by_the_ids_of_its_stages(house: Any, becoming: Any) -> None:
    after = house.like(pipelines=tuple(p for p in house.configuration.pipelines if p.id != "tender"))
    change = becoming(house, after, "tender=wholesale", "tender/draft=new")
    assert change.effects(house.deal("draft", "tender"))[0] == (
        *("migrates", "pipeline", "tender", "tender/draft", "wholesale/new"),
    )
    assert change.after(house.deal("lost", "tender", closed_at=EARLIER)).pipeline == "wholesale"
    assert change.effects(house.deal("talks", "tender"))[0] == (
        *("blocks", "stage", "talks", "tender/talks", ""),
    )


def test_a_pipeline_that_is_for_other_records_now_is_gone_for_these(house: Any, becoming: Any) -> None:
    pipelines = house.configuration.pipelines
    turned = tuple(replace(p, record=RecordType.LEAD) if p.id == "tender" else p for p in pipelines)
    change = becoming(house, house.like(pipelines=turned))
    assert change.effects(house.deal("draft", "tender"))[0][:2] == ("blocks", "pipeline")


@pytest.mark.parametrize(
    ("was", "now", "held", "becomes"),
    [
        (Outcome.OPEN, Outcome.WON, {"probability": 40}, {"probability": 100, "closed_at": NOW}),
        (Outcome.WON, Outcome.OPEN, {"probability": 100, "closed_at": EARLIER}, {"probability": 40}),
        (
            Outcome.LOST,
            Outcome.WON,
            {"probability": 0, "closed_at": EARLIER, "lost_reason": "price"},
            {"probability": 100, "closed_at": EARLIER},
        ),
        (
            Outcome.WON,
            Outcome.LOST,
            {"probability": 100, "closed_at": EARLIER},
            {"probability": 0, "closed_at": EARLIER},
        ),
    ],
)
def test_with_the_outcome_of_a_stage_changes_what_follows_from_it(
    house: Any,
    becoming: Any,
    with_stages: Any,
    stages: dict[str, Stage],
    was: Outcome,
    now: Outcome,
    held: Any,
    becomes: Any,
) -> None:
    chances = {Outcome.OPEN: 40, Outcome.WON: 100, Outcome.LOST: 0}
    then, present = (
        replace(stages["order"], outcome=o, probability=chances[o], require=()) for o in (was, now)
    )
    before = with_stages(house, *({**stages, "order": then}).values())
    after = with_stages(house, *({**stages, "order": present}).values())
    change = becoming(before, after)
    deal = house.deal("order", **held)
    assert change.effects(deal)[0] == ("migrates", "outcome", "order", was.value, now.value)
    assert change.after(deal).values == {**house.deal("order").values, **becomes}
    assert "migrates" not in [each[0] for each in change.effects(change.after(deal))]


def test_a_won_record_whose_stage_is_renamed_was_closed_when_it_was(
    house: Any, becoming: Any, with_stages: Any, stages: dict[str, Stage]
) -> None:
    stages["won"] = replace(stages["won"], id="sold", moved_from=("won",))
    after = with_stages(house, *stages.values())
    deal = house.deal("won", closed_at=EARLIER, probability=90, waybill="20450123456789")
    for known in (True, False):
        moved = becoming(house, after, known=known).after(deal)
        assert (moved.stage, moved.get("closed_at"), moved.get("probability")) == ("sold", EARLIER, 90)


def test_a_lead_keeps_its_probability_out_of_it(house: Any, becoming: Any, with_stages: Any) -> None:
    leads = house.configuration.pipeline_by_id("leads")
    stages = tuple(
        replace(each, outcome=Outcome.WON, probability=100) if each.id == "in_work" else each
        for each in leads.stages
    )
    change = becoming(house, with_stages(house, *stages, pipeline="leads"))
    assert change.after(house.lead("in_work", phone=["+380501234567"])).values == {
        **house.lead("in_work", phone=["+380501234567"]).values,
        "closed_at": NOW,
    }
