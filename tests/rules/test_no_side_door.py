"""No sequence of commands leaves a record where its gate would not let it in."""

from typing import Any

import pytest
from hypothesis import given, settings
from hypothesis import strategies as st

from crmctl.errors import CrmError
from crmctl.model.change import Change

# What the pipelines of the house require, told again in plain words.
WHOLESALE = {
    "new": [],
    "visit": ["visit_date"],
    "order": ["visit_date", "amount", "payment_details"],
    "shipping": ["visit_date", "amount", "payment_details", "waybill"],
    "won": ["visit_date", "amount", "payment_details", "waybill"],
    "lost": ["lost_reason"],
}
TENDER = {"draft": [], "bid": ["amount"], "talks": ["amount"], "won": ["amount"], "lost": []}
COURSES = {"enquiry": [], "trial": [], "paid": ["amount"], "won": ["amount"], "lost": []}
REQUIRED = {"wholesale": WHOLESALE, "tender": TENDER, "courses": COURSES}

VALUES = [
    *("visit_date=today", "visit_date=", "amount=5", "amount=0", "amount=", "currency=", "currency=USD"),
    *("payment_details=card", "payment_details=", "waybill=20450123456789", "waybill=", "waybill=\u200b"),
    *("delivery=courier", "delivery=pickup", "delivery=", "address=Киев", "address=", "lost_reason=price"),
    *(
        "lost_reason=",
        "title=",
        "title=Beta",
        "tags+=a",
        "tags-=a",
        "source=call",
        "source=",
        "probability=0",
    ),
]
EVERYTHING = (
    *("visit_date=today", "amount=5", "payment_details=card", "waybill=20450123456789", "address=Киев"),
    *("delivery=courier", "source=call"),
)
STAGES = sorted({stage for stages in REQUIRED.values() for stage in stages})
_SET = st.lists(st.sampled_from(VALUES), max_size=3)
_STEPS = st.lists(
    st.one_of(
        st.just(("update", EVERYTHING)),
        st.tuples(st.just("update"), _SET),
        st.tuples(st.just("move"), st.sampled_from(STAGES), _SET),
        st.tuples(st.just("lose"), st.sampled_from(["price", "silent"])),
        st.tuples(st.just("switch"), st.sampled_from(sorted(REQUIRED)), st.sampled_from(["", *STAGES]), _SET),
    ),
    max_size=14,
)


def lacking(record: Any) -> list[str]:
    """Return what a record lacks where it is, by the requirements as they are told above."""
    required = ["title", *REQUIRED[record.pipeline][record.stage]]
    courier = record.get("delivery") == "courier"
    if record.pipeline == "wholesale" and record.stage in ("shipping", "won") and courier:
        required.append("address")
    if record.get("amount") is not None:
        required.append("currency")
    return [name for name in required if record.get(name) in (None, "", [])]


def taken(house: Any, record: Any, step: tuple[Any, ...]) -> Any:
    """Return the record after a step, the same where it is refused."""
    try:
        match step:
            case "update", texts:
                answer = house.update(record, *texts)
            case "move", stage, texts:
                answer = house.move(record, stage, *texts)
            case "lose", reason:
                answer = house.move(record, "lost", reason=reason)
            case "switch", pipeline, stage, texts:
                answer = house.move(record, stage, *texts, pipeline=pipeline)
    except CrmError:
        return record
    return answer.after if isinstance(answer, Change) else record


@settings(max_examples=250, deadline=None)
@given(_STEPS)
def test_no_sequence_of_moves_and_updates_goes_around_a_gate(
    house: Any, steps: list[tuple[Any, ...]]
) -> None:
    record = house.created("deal")
    for step in steps:
        record = taken(house, record, step)
        assert lacking(record) == []


@settings(max_examples=150, deadline=None)
@given(_STEPS)
def test_a_record_is_closed_exactly_while_its_stage_is(house: Any, steps: list[tuple[Any, ...]]) -> None:
    record = house.created("deal")
    for step in steps:
        record = taken(house, record, step)
        stage = house.context.pipeline_of(record).stage(record.stage)
        assert (record.get("closed_at") is None) is stage.open


@settings(max_examples=100, deadline=None)
@given(_STEPS, st.sampled_from(["comment=x", "close_date=today", "tags+=vip", "owner=oleg"]))
def test_an_unrelated_change_is_never_refused(house: Any, steps: list[tuple[Any, ...]], text: str) -> None:
    record = house.created("deal")
    for step in steps:
        record = taken(house, record, step)
    assert isinstance(house.update(record, text), Change)


@settings(max_examples=100, deadline=None)
@given(st.lists(st.sampled_from(["draft", "bid", "talks", "won", "lost"]), max_size=8))
def test_where_no_stage_is_skipped_none_is(house: Any, stages: list[str]) -> None:
    order = ["draft", "bid", "talks", "won"]
    record = house.created("deal", "tender", "", amount="5.00", currency="UAH")
    for stage in stages:
        before, record = record.stage, taken(house, record, ("move", stage, []))
        if record.stage not in (before, "lost"):
            assert order.index(record.stage) == order.index(before) + 1


@pytest.mark.parametrize("stage", ["trial", "paid", "won"])
def test_no_detour_over_lost_goes_around_a_stage_to_be_left(house: Any, stage: str) -> None:
    record = house.created("deal", "courses", "", amount="5.00", currency="UAH")
    for step in (("lose", "price"), ("move", stage, [])):
        record = taken(house, record, step)
    assert record.stage == "lost"
