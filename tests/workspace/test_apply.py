"""`apply` loses nothing, does what `plan` said, and can be undone, whatever changed in the configuration."""

from typing import Any

import pytest
from hypothesis import assume, given, settings
from hypothesis import strategies as st

from crmctl.errors import Refused
from crmctl.model.field import Field
from crmctl.model.footprint import footprint_of
from crmctl.model.pipeline import Requirement
from crmctl.rules.assignment import Assignment
from crmctl.rules.migration import Fate
from crmctl.workspace.applied import MOST_KEPT, every_applied, last_applied
from crmctl.workspace.apply import apply
from crmctl.workspace.outcome import WriteOptions
from crmctl.workspace.plan import PlanRequest, plan
from crmctl.workspace.undo import find_target, undo

OPEN = ("new", "visit", "order", "placed")
WAYS = ("post", "van", "bike")
CLOSED = "2026-01-02T03:04:05+00:00"

# What becomes of each stage: it stays, turns, goes, or is renamed or taken in by another that says so.
FATES = ("stays", "stays", "won", "lost", "removed", "renamed", "into first")
_CHANGES = st.fixed_dictionaries(
    {
        "fates": st.fixed_dictionaries({name: st.sampled_from(FATES) for name in (*OPEN, "sold", "gone")}),
        "order": st.permutations((*OPEN, "sold", "gone")),
        "ways": st.sets(st.sampled_from(WAYS), min_size=1),
        "note": st.sampled_from(["text", "integer", "removed", "elsewhere"]),
        "maps": st.sets(st.sampled_from([*OPEN, "sold", "gone", *WAYS, "note"])),
        "asks": st.sampled_from(["", "mark", "way"]),
        "fills": st.booleans(),
        "known": st.booleans(),
    }
)
_DEALS = st.lists(
    st.fixed_dictionaries(
        {"stage": st.sampled_from((*OPEN, "sold", "gone"))},
        optional={"way": st.sampled_from(WAYS), "note": st.sampled_from(["7", "12", "a word"])},
    ),
    min_size=1,
    max_size=6,
)


class Case:
    """A store filled under one configuration, and the next one."""

    def __init__(
        self, house: Any, configured: Any, stage: Any, deals: list[Any], change: dict[str, Any]
    ) -> None:
        outcomes = {"sold": "won", "gone": "lost"}
        old = [stage(name, outcomes.get(name, "open")) for name in (*OPEN, "sold", "gone")]
        mark = Field("mark", "integer")
        asked = {"deal": (Requirement(change["asks"]),)} if change["asks"] else {}
        self.before = configured(*old, ways=WAYS, fields=(Field("note", "text"), mark))
        self.after = configured(
            *_new_stages(stage, change, outcomes),
            ways=tuple(sorted(change["ways"])),
            fields=(*_fields(change["note"]), mark),
            require=asked,
        )
        closed = {"sold": {"closed_at": CLOSED}, "gone": {"closed_at": CLOSED, "lost_reason": "price"}}
        records = [{"pipeline": "sales", **deal, **closed.get(deal["stage"], {})} for deal in deals]
        self.house = house(self.before, records, known=change["known"])
        self.workspace = self.house.opened(self.after)
        given = {"mark": "0", "way": min(change["ways"])}
        filled = (change["asks"],) if change["asks"] and change["fills"] else ()
        fills = tuple(Assignment(name, (given[name],)) for name in filled)
        self.asked = PlanRequest(tuple(self._maps(change)), fills)

    def _maps(self, change: dict[str, Any]) -> Any:
        """Yield mappings of what is gone and held by a record, as far as the change has them."""
        held = self.house.values().values()
        present = self.after.pipelines[0]
        for name in sorted(change["maps"]):
            if any(deal["stage"] == name for deal in held) and present.stage(name) is None:
                yield f"{name}=first"
            if any(deal.get("way") == name for deal in held) and name not in change["ways"]:
                yield f"way:{name}={min(change['ways'])}"
            if name == "note" and change["note"] == "removed" and any("note" in deal for deal in held):
                yield "note=comment"


def _new_stages(stage: Any, change: dict[str, Any], outcomes: dict[str, str]) -> list[Any]:
    fates = change["fates"]
    taken_in = [name for name, fate in fates.items() if fate == "into first"]
    found = [stage("first", "open", *taken_in)]
    for name in change["order"]:
        match fates[name]:
            case "stays":
                found.append(stage(name, outcomes.get(name, "open")))
            case "won" | "lost" as outcome:
                found.append(stage(name, outcome))
            case "renamed":
                found.append(stage(f"{name}_2", outcomes.get(name, "open"), name))
    return [*found, stage("won", "won"), stage("lost", "lost")]


def _fields(note: str) -> tuple[Field, ...]:
    if note == "removed":
        return ()
    return (Field("note", "integer" if note == "integer" else "text", multiple=note == "elsewhere"),)


@pytest.fixture(scope="module")
def case(house: Any, configured: Any, stage: Any) -> Any:
    return lambda deals, change: Case(house, configured, stage, deals, change)


@settings(max_examples=200, deadline=None)
@given(_DEALS, _CHANGES)
def test_while_anything_has_nowhere_to_go_everything_stays_as_it_is(
    case: Any, deals: list[Any], change: dict[str, Any]
) -> None:
    one = case(deals, change)
    before, former = one.house.values(), last_applied(one.house.store.read())
    assume(plan(one.workspace, one.asked).blocked)
    with pytest.raises(Refused):
        apply(one.workspace, one.asked, WriteOptions())
    assert one.house.values() == before
    assert last_applied(one.house.store.read()) == former


@settings(max_examples=200, deadline=None)
@given(_DEALS, _CHANGES)
def test_no_record_is_lost_or_left_on_a_stage_that_is_not_there(
    case: Any, deals: list[Any], change: dict[str, Any]
) -> None:
    one = case(deals, change)
    before = one.house.values()
    assume(not plan(one.workspace, one.asked).blocked)
    apply(one.workspace, one.asked, WriteOptions())
    after = one.house.values()
    assert after.keys() == before.keys()
    stages = {each.id: each for each in one.after.pipelines[0].stages}
    for deal in after.values():
        assert stages[deal["stage"]].open is ("closed_at" not in deal)
        assert deal.get("way") is None or deal["way"] in change["ways"]
    noted = [str(value) for deal in before.values() for name, value in deal.items() if name == "note"]
    kept = [
        str(value) for deal in after.values() for name, value in deal.items() if name in ("note", "comment")
    ]
    assert [text.strip("[]'") for text in kept] == noted


@settings(max_examples=200, deadline=None)
@given(_DEALS, _CHANGES)
def test_plan_says_exactly_what_apply_does(case: Any, deals: list[Any], change: dict[str, Any]) -> None:
    one = case(deals, change)
    planned, before = plan(one.workspace, one.asked), one.house.values()
    assume(not planned.blocked)
    apply(one.workspace, one.asked, WriteOptions())
    after = one.house.values()
    assert {each.record.id for each in planned.changes} == {
        name for name in after if after[name] != before[name]
    }
    named = {each.id for each in planned.effects if each.fate is Fate.MIGRATES}
    assert named == {each.record.id for each in planned.changes}
    for each in planned.effects:
        if each.field == "stage" and "/" in each.new:
            assert after[each.id]["stage"] == each.new.removeprefix("sales/")
    assert not plan(one.workspace, PlanRequest()).means_anything


@settings(max_examples=200, deadline=None)
@given(_DEALS, _CHANGES)
def test_a_given_value_fills_what_is_lacking_and_nothing_else(
    case: Any, deals: list[Any], change: dict[str, Any]
) -> None:
    one, asked = case(deals, change), change["asks"]
    before, planned = one.house.values(), plan(one.workspace, one.asked)
    assume(asked and not planned.blocked)
    apply(one.workspace, one.asked, WriteOptions())
    lacking = {each.id for each in planned.effects if each.fate is Fate.LACKS}
    for name, deal in one.house.values().items():
        assert (deal.get(asked) is None) is (name in lacking)
        assert name not in lacking or not change["fills"]
        if asked == "mark":
            assert deal.get("mark") == (0 if change["fills"] else None)
        elif before[name].get("way") in change["ways"]:
            assert deal["way"] == before[name]["way"]


@settings(max_examples=200, deadline=None)
@given(_DEALS, _CHANGES)
def test_what_apply_did_can_be_undone_and_done_again(
    case: Any, deals: list[Any], change: dict[str, Any]
) -> None:
    one = case(deals, change)
    before = one.house.values()
    former = last_applied(one.house.store.read())
    planned = plan(one.workspace, one.asked)
    assume(planned.changes and not planned.blocked)
    applied = apply(one.workspace, one.asked, WriteOptions())
    after = one.house.values()
    undone = undo(one.workspace, find_target(one.workspace, applied.outcome.run)[0], WriteOptions())
    assert one.house.values() == before
    assert last_applied(one.house.store.read()) == former
    again = one.house.store.read().generation
    assert {each.record.id for each in undone.reversed} == {
        each.record.id for each in applied.outcome.changes
    }
    undo(one.workspace, again, WriteOptions())
    assert one.house.values() == after
    assert last_applied(one.house.store.read()) == footprint_of(one.after)


def test_a_second_apply_does_nothing(house: Any, configured: Any, stage: Any) -> None:
    stages = [stage("new"), stage("won", "won"), stage("lost", "lost")]
    before, after = configured(*stages), configured(stage("fresh", "open", "new"), *stages[1:])
    one = house(before, [{"pipeline": "sales", "stage": "new"}])
    assert apply(one.opened(after), PlanRequest(), WriteOptions()).kept
    generation = one.store.read().generation
    again = apply(one.opened(after), PlanRequest(), WriteOptions())
    assert (again.kept, again.outcome.changes, one.store.read().generation) == (False, (), generation)


def test_a_configuration_that_changes_no_record_is_kept_without_a_run(
    house: Any, configured: Any, stage: Any
) -> None:
    stages = [stage("new"), stage("won", "won"), stage("lost", "lost")]
    one = house(configured(*stages), [{"pipeline": "sales", "stage": "new"}])
    after = configured(*stages, stage("call"))
    assert plan(one.opened(after), PlanRequest()).differences
    apply(one.opened(after), PlanRequest(), WriteOptions())
    assert one.store.read().runs() == []
    assert plan(one.opened(after), PlanRequest()).differences == ()


def test_undoing_an_older_apply_leaves_the_later_configuration_the_last_applied(
    house: Any, configured: Any, stage: Any
) -> None:
    closed = [stage("won", "won"), stage("lost", "lost")]
    first, second = (
        configured(stage("a"), stage("x"), *closed),
        configured(stage("b", "open", "a"), stage("x"), *closed),
    )
    third = configured(stage("b", "open", "a"), stage("y", "open", "x"), *closed)
    one = house(first, [{"pipeline": "sales", "stage": "a"}, {"pipeline": "sales", "stage": "x"}])
    apply(one.opened(second), PlanRequest(), WriteOptions())
    apply(one.opened(third), PlanRequest(), WriteOptions())
    undo(one.opened(third), find_target(one.opened(third), "R-1")[0], WriteOptions())
    assert [deal["stage"] for deal in one.values().values()] == ["a", "y"]
    assert last_applied(one.store.read()) == footprint_of(third)
    assert [(each.id, each.new) for each in plan(one.opened(third), PlanRequest()).effects] == [
        ("D-1", "sales/b")
    ]


def test_what_was_applied_is_known_however_often_a_later_apply_was_undone(
    house: Any, configured: Any, stage: Any
) -> None:
    closed = [stage("won", "won"), stage("lost", "lost")]
    before, after = configured(stage("a"), *closed), configured(stage("b", "open", "a"), *closed)
    one = house(before, [{"pipeline": "sales", "stage": "a"}])
    workspace = one.opened(after)
    for _ in range(MOST_KEPT + 1):
        run = apply(workspace, PlanRequest(), WriteOptions()).outcome.run
        undo(workspace, find_target(workspace, run)[0], WriteOptions())
    assert last_applied(one.store.read()) == footprint_of(before)
    assert len(every_applied(one.store.read())) == MOST_KEPT + 1


def test_a_stage_that_an_apply_changed_since_is_kept_by_an_undo(
    house: Any, configured: Any, stage: Any
) -> None:
    closed = [stage("won", "won"), stage("lost", "lost")]
    before = configured(stage("a"), stage("x"), *closed)
    after = configured(stage("b", "open", "a"), stage("y", "open", "a"), *closed)
    one = house(before, [{"pipeline": "sales", "stage": "a"}, {"pipeline": "sales", "stage": "x"}])
    apply(one.opened(after), PlanRequest(("x=y",)), WriteOptions())
    third = configured(stage("c", "open", "b"), stage("y"), *closed)
    apply(one.opened(third), PlanRequest(), WriteOptions())
    undone = undo(one.opened(third), find_target(one.opened(third), "R-1")[0], WriteOptions())
    assert undone.kept == ("D-1",)
    assert [each.record.id for each in undone.reversed] == ["D-2"]


def test_what_is_said_to_become_of_something_stays_known_after_it_was_done(
    house: Any, configured: Any, stage: Any
) -> None:
    closed = [stage("won", "won"), stage("lost", "lost")]
    one = house(configured(stage("a"), stage("x"), *closed), [{"pipeline": "sales", "stage": "x"}])
    after, asked = one.opened(configured(stage("a"), *closed)), PlanRequest(("x=a",))
    for _ in range(2):
        apply(after, asked, WriteOptions())
    assert one.values()["D-1"]["stage"] == "a"
