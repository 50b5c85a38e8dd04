"""Which actions a change is, and where each must be allowed."""

import pytest

from crmctl.model.change import Change
from crmctl.model.records import Record
from crmctl.rules.access import asked_for


def deal(stage: str, **values: str) -> Record:
    return Record({"id": "D-1", "record": "deal", "pipeline": "sales", "stage": stage, **values})


NEW, DEAR, SENT = deal("new"), deal("new", amount="5.00"), deal("sent")
PERSON = Record({"id": "C-1", "record": "contact"})


@pytest.mark.parametrize(
    ("change", "asked"),
    [
        (Change("create", None, NEW), [("create", "new")]),
        (Change("update", NEW, DEAR), [("update", "new")]),
        (Change("note", NEW, DEAR), [("update", "new")]),
        (Change("update", NEW, NEW), []),
        (Change("update", NEW, SENT), [("move", "new"), ("move", "sent")]),
        (Change("convert", NEW, SENT), [("move", "new"), ("move", "sent")]),
        (Change("delete", NEW, None), [("delete", "new")]),
        (Change("purge", NEW, None), [("delete", "new")]),
        (Change("undo", NEW, None), [("delete", "new")]),
        (Change("restore", None, NEW), [("delete", "new")]),
        (Change("undo", None, NEW), [("delete", "new")]),
        (Change("create", None, PERSON), []),
        (Change("delete", PERSON, None), []),
    ],
    ids=lambda each: each.op if isinstance(each, Change) else "",
)
def test_a_change_is_an_action_at_the_stage_where_the_record_is(
    change: Change, asked: list[tuple[str, str]]
) -> None:
    assert [(action, record.stage) for action, record in asked_for(change)] == asked


def test_a_move_to_another_pipeline_is_one_although_the_stage_has_the_same_name() -> None:
    there = NEW.having({"pipeline": "repeat"})
    found = [(action, record.pipeline) for action, record in asked_for(Change("move", NEW, there))]
    assert found == [("move", "sales"), ("move", "repeat")]
