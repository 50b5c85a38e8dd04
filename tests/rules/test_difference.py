"""What differs between the configuration of then and of now."""

from typing import Any

import msgspec
import pytest

from crmctl.model.footprint import FieldPrint, Footprint, PipelinePrint, StagePrint
from crmctl.model.pipeline import Outcome
from crmctl.model.records import RecordType
from crmctl.rules.difference import Difference, How, What, differences

WON, LOST = Outcome.WON, Outcome.LOST


def stage(name: str, **more: Any) -> StagePrint:
    return StagePrint(name, name.title(), **more)


BASE = (
    stage("new"),
    stage("visit", require=(("visit_date", ""),)),
    stage("order"),
    stage("won", outcome=WON),
    stage("lost", outcome=LOST),
)


def footprint(*stages: StagePrint, **more: Any) -> Footprint:
    return Footprint({"sales": PipelinePrint(RecordType.DEAL, "Sales", stages or BASE)}, **more)


def changed(*stages: StagePrint) -> list[tuple[str, ...]]:
    """Return what changed from the base to these stages, as text."""
    return told(differences(footprint(), footprint(*stages)))


def told(found: list[Difference]) -> list[tuple[str, ...]]:
    return [(each.what.value, each.place, each.name, each.change.value, each.old, each.new) for each in found]


def without(name: str) -> list[StagePrint]:
    return [each for each in BASE if each.id != name]


def test_nothing_differs_from_itself() -> None:
    assert differences(footprint(), footprint()) == []


def test_a_declared_rename_alone_is_no_difference_once_it_is_done() -> None:
    before = footprint(stage("new", moved_from=("old",)), *BASE[1:])
    assert differences(before, footprint()) == []


def test_a_stage_that_is_gone_or_new_is_told() -> None:
    assert changed(*without("order"), stage("call")) == [
        ("stage", "sales", "order", "removed", "Order", ""),
        ("stage", "sales", "call", "added", "", "Call"),
    ]


def test_a_stage_with_a_new_id_that_says_so_is_renamed_and_keeps_its_gate() -> None:
    meeting = stage("meeting", moved_from=("visit",), require=(("visit_date", ""), ("source", "")))
    assert changed(BASE[0], meeting, *BASE[2:]) == [
        ("stage", "sales", "visit", "renamed", "Visit", "meeting"),
        ("requirement", "sales/meeting", "source", "added", "", ""),
    ]


def test_a_stage_that_another_takes_in_is_merged() -> None:
    order = stage("order", moved_from=("visit",))
    assert changed(BASE[0], order, *BASE[3:]) == [("stage", "sales", "visit", "merged", "Visit", "order")]


def test_of_several_stages_that_go_into_a_new_one_the_first_names_it() -> None:
    work = stage("work", moved_from=("visit", "order"))
    assert [each[2:4] for each in changed(BASE[0], work, *BASE[3:])] == [
        ("visit", "renamed"),
        ("order", "merged"),
        ("visit_date", "removed"),
    ]


def test_stages_in_another_order_name_the_one_that_moved() -> None:
    assert changed(BASE[1], BASE[2], BASE[0], *BASE[3:]) == [
        ("stage", "sales", "new", "reordered", "new, visit, order, won, lost", "visit, order, new, won, lost")
    ]


def test_a_new_stage_between_others_is_no_other_order() -> None:
    assert [each[3] for each in changed(BASE[0], stage("call"), *BASE[1:])] == ["added"]


def test_outcome_and_title_are_told_with_what_they_were() -> None:
    order = msgspec.structs.replace(BASE[2], outcome=WON, title="Paid")
    assert changed(*BASE[:2], order, *BASE[3:]) == [
        ("outcome", "sales", "order", "changed", "open", "won"),
        ("stage", "sales", "order", "titled", "Order", "Paid"),
    ]


def test_a_requirement_under_another_condition_is_another() -> None:
    visit = stage("visit", require=(("visit_date", "amount > 5"),), require_to_leave=(("source", ""),))
    assert changed(BASE[0], visit, *BASE[2:]) == [
        ("requirement", "sales/visit", "visit_date", "added", "", "when amount > 5"),
        ("requirement", "sales/visit", "visit_date", "removed", "", ""),
        ("requirement_to_leave", "sales/visit", "source", "added", "", ""),
    ]


def test_pipelines_come_go_and_are_for_other_records() -> None:
    other = Footprint({"repeat": PipelinePrint(RecordType.DEAL, "Repeat", BASE)})
    assert [each[1:4] for each in told(differences(footprint(), other))] == [
        ("sales", "sales", "removed"),
        ("repeat", "repeat", "added"),
    ]
    leads = Footprint({"sales": PipelinePrint(RecordType.LEAD, "Sales", BASE)})
    assert [each[2:4] for each in told(differences(footprint(), leads))] == [
        ("sales", "removed"),
        ("sales", "added"),
    ]


def test_fields_are_told_by_the_records_that_have_them() -> None:
    before = footprint(fields={"deal": {"weight": FieldPrint("text"), "size": FieldPrint("text")}})
    after = footprint(
        fields={"deal": {"weight": FieldPrint("number"), "colour": FieldPrint("list", "colours")}}
    )
    assert told(differences(before, after)) == [
        ("type", "deal", "weight", "changed", "text", "number"),
        ("field", "deal", "size", "removed", "text", ""),
        ("field", "deal", "colour", "added", "", "list colours"),
    ]


def test_lists_and_their_values_come_and_go() -> None:
    before = footprint(lists={"ways": ("post", "van"), "old": ("x",)}, require={"contact": (("city", ""),)})
    after = footprint(lists={"ways": ("van", "bike"), "fresh": ()})
    assert [(*each[:2], *each[2:4]) for each in told(differences(before, after))] == [
        ("requirement", "contact", "city", "removed"),
        ("value", "ways", "post", "removed"),
        ("value", "ways", "bike", "added"),
        ("list", "old", "old", "removed"),
        ("list", "fresh", "fresh", "added"),
    ]


@pytest.mark.parametrize(
    ("what", "change", "touches"),
    [
        (What.STAGE, How.REMOVED, True),
        (What.STAGE, How.REORDERED, True),
        (What.STAGE, How.ADDED, False),
        (What.STAGE, How.TITLED, False),
        (What.OUTCOME, How.CHANGED, True),
        (What.REQUIREMENT, How.ADDED, True),
        (What.REQUIREMENT, How.REMOVED, False),
        (What.LEAVING, How.ADDED, False),
        (What.LIST, How.ADDED, True),
        (What.LIST, How.REMOVED, False),
        (What.VALUE, How.REMOVED, True),
        (What.FIELD, How.ADDED, False),
    ],
)
def test_without_records_it_is_told_which_changes_could_touch_any(
    what: What, change: How, touches: bool
) -> None:
    assert Difference(what, "sales", "x", change).touches_records is touches
