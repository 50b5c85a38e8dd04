"""Records of one shape made after the first: each is what `create` makes of it, whatever it holds."""

from collections.abc import Callable
from typing import Any

from hypothesis import given, settings
from hypothesis import strategies as st

from crmctl.errors import CrmError
from crmctl.model.change import Change
from crmctl.model.records import RecordType
from crmctl.rules.create import NewRecord, create
from crmctl.rules.mould import Moulds

TEXTS = {
    "title": ["Acme", "Beta", ""],
    "name": ["Anna", None],
    "phone": [["+380501234567"], []],
    "source": ["site", "call"],
    "external_id": ["x-1"],
    "owner": ["anna", ""],
    "reject_reason": ["spam", None],
    "closed_at": ["2026-01-02T03:04:05Z"],
    "created_at": ["2025-01-02T03:04:05Z"],
    "visit_date": ["2026-11-20"],
    "amount": ["10.00", "0", None],
    "currency": ["UAH", "USD"],
    "payment_details": ["card"],
    "delivery": ["courier", "pickup"],
    "waybill": ["20450123456789"],
    "probability": [0, 30],
    "lost_reason": ["price"],
}
PLACES = {
    RecordType.LEAD: [("", ""), ("leads", "in_work"), ("leads", "qualified"), ("", "junk"), ("none", "")],
    RecordType.DEAL: [
        (p, s) for p in ("", "wholesale") for s in ("", "order", "shipping", "won", "lost", "none")
    ],
    RecordType.COMPANY: [("", ""), ("", "new")],
}


@st.composite
def new_records(draw: st.DrawFn) -> list[NewRecord]:
    """Records of one type, in few shapes so that most come again with other values."""
    kind = draw(st.sampled_from(list(PLACES)))
    names = st.lists(st.sampled_from(list(TEXTS)), unique=True)
    shapes = draw(st.lists(st.tuples(names, st.sampled_from(PLACES[kind])), min_size=1, max_size=3))
    found = []
    for _ in range(draw(st.integers(1, 12))):
        shape, (pipeline, stage) = draw(st.sampled_from(shapes))
        values = {name: draw(st.sampled_from(TEXTS[name])) for name in shape}
        found.append(NewRecord(kind, values, pipeline, stage))
    return found


def outcome(make: Callable[[], Any]) -> Any:
    try:
        answer = make()
    except CrmError as error:
        return type(error), error.message, error.hint
    return (answer.record.values, answer) if isinstance(answer, Change) else answer


@given(new_records())
@settings(max_examples=300)
def test_a_mould_makes_what_create_makes(house: Any, records: list[NewRecord]) -> None:
    moulds = Moulds(records[0].kind, house.context)
    for number, new in enumerate(records, 1):
        record_id = f"{new.kind.prefix}-{number}"
        assert outcome(lambda: moulds.create(record_id, new)) == outcome(  # noqa: B023
            lambda: create(record_id, new, house.context)  # noqa: B023
        )


def test_a_gate_that_asks_by_what_a_record_holds_is_asked_each_time(house: Any) -> None:
    moulds = Moulds(RecordType.DEAL, house.context)
    ready = {
        "title": "A",
        "visit_date": "2026-11-20",
        "amount": "1.00",
        "payment_details": "card",
        "waybill": "1",
    }
    for delivery, passes in (("pickup", True), ("courier", False), ("pickup", True)):
        answer = moulds.create(
            "D-1", NewRecord(RecordType.DEAL, {**ready, "delivery": delivery}, "", "shipping")
        )
        assert isinstance(answer, Change) is passes
