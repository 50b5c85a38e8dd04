"""Merging random records of a random workspace: nothing is lost, nothing dangles, and undo is its inverse."""

from collections.abc import Callable
from datetime import UTC, datetime
from itertools import permutations
from pathlib import Path
from typing import Any

import pytest
from hypothesis import HealthCheck, given, settings
from hypothesis import strategies as st

from crmctl.errors import Refused
from crmctl.model.choices import Choices
from crmctl.model.pipeline import Outcome, Pipeline, Stage
from crmctl.model.records import Record, RecordType, type_of
from crmctl.storage.memory import MemoryStore
from crmctl.workspace.merge import Group, merge_groups
from crmctl.workspace.outcome import WriteOptions
from crmctl.workspace.undo import undo
from crmctl.workspace.workspace import Settings, Workspace

DEALS = Pipeline(
    "deals",
    "",
    RecordType.DEAL,
    (Stage("first", ""), Stage("won", "", Outcome.WON), Stage("lost", "", Outcome.LOST)),
)
LEADS = Pipeline(
    "leads",
    "",
    RecordType.LEAD,
    (Stage("first", ""), Stage("won", "", Outcome.WON), Stage("lost", "", Outcome.LOST)),
)
SIZES = {"lead": 3, "contact": 4, "company": 3, "product": 2, "deal": 3, "task": 2}
MANY = {
    "phone": ["+74951234567", "+79031234567", "12345"],
    "email": ["a@b.ru", "A@b.ru", "c@d.ru"],
    "tags": ["x", "y"],
}
UPKEEP = {"revision", "updated_at", "updated_by"}
World = list[dict[str, Any]]
Opened = Callable[[World], Workspace]


def ids(kind: str) -> list[str]:
    return [f"{RecordType(kind).prefix}-{number}" for number in range(1, SIZES[kind] + 1)]


def maybe(strategy: st.SearchStrategy[Any]) -> st.SearchStrategy[Any]:
    return st.one_of(st.none(), strategy)


def some(values: list[str]) -> st.SearchStrategy[Any]:
    return maybe(st.lists(st.sampled_from(values), min_size=1, unique=True))


def one(values: list[str]) -> st.SearchStrategy[Any]:
    return maybe(st.sampled_from(values))


FIELDS: dict[str, dict[str, st.SearchStrategy[Any]]] = {
    "lead": {**{name: some(values) for name, values in MANY.items()}, "comment": one(["a", "b"])},
    "contact": {
        **{name: some(values) for name, values in MANY.items()},
        "first_name": one(["Иван", "Олег"]),
        "position": one(["a", "b"]),
        "companies": some(ids("company")),
        "origin_lead": one(ids("lead")),
        "do_not_contact": maybe(st.booleans()),
        "note_count": maybe(st.integers(1, 3)),
    },
    "company": {**{name: some(values) for name, values in MANY.items()}, "origin_lead": one(ids("lead"))},
    "product": {"unit": one(["кг", "шт"])},
    "deal": {
        "contact": one(ids("contact")),
        "company": one(ids("company")),
        "previous_deal": one(ids("deal")),
        "origin_lead": one(ids("lead")),
        "items": some(["P-1 1 x 10.00 UAH", "P-2 2 x 10.00 UAH", "P-2 1 x 5.00 UAH"]),
        "tags": some(MANY["tags"]),
    },
    "task": {"for": some([*ids("contact"), *ids("deal"), *ids("lead"), *ids("company")])},
}


@st.composite
def worlds(draw: st.DrawFn) -> World:
    """Draw the records of a workspace, each with what it must have."""
    found: World = []
    for kind, size in SIZES.items():
        for record_id in ids(kind)[:size]:
            values = {name: draw(strategy) for name, strategy in FIELDS[kind].items()}
            values = {
                name: value for name, value in values.items() if value is not None and value != record_id
            }
            day = draw(st.integers(1, 28))
            base = {"id": record_id, "record": kind, "title": record_id, "revision": 1}
            base |= {"created_at": f"2026-01-{day:02}T00:00:00+00:00", "created_by": "anna"}
            if RecordType(kind).staged:
                base |= {"pipeline": f"{kind}s", "stage": "first"}
            found.append(base | values)
    return found


@st.composite
def groups(draw: st.DrawFn) -> tuple[str, ...]:
    kind = draw(st.sampled_from(["lead", "contact", "company", "product", "deal"]))
    return tuple(draw(st.lists(st.sampled_from(ids(kind)), min_size=2, unique=True)))


@pytest.fixture(scope="module")
def opened(bare_configuration: Any) -> Opened:
    """Open a workspace in memory with some records."""
    configuration = bare_configuration((DEALS, LEADS), Choices("way", ()))

    def make(world: World) -> Workspace:
        store = MemoryStore()
        with store.write() as writer:
            for values in world:
                writer.new_id(type_of(values["id"]))
                writer.put(Record(values))
            writer.commit()
        now = datetime(2026, 11, 21, 12, tzinfo=UTC)
        return Workspace(Path("nowhere"), configuration, Settings(user="anna"), now, memory=store)

    return make


def content(workspace: Workspace) -> dict[str, dict[str, Any]]:
    """Return what every record holds, the trash included, upkeep left out."""
    reader = workspace.store.read()
    records = {each.id: each for kind in RecordType for each in reader.records(kind)}
    trash = {f"trash {each.id}": each for each in reader.trash()}
    return {
        name: {key: value for key, value in each.values.items() if key not in UPKEEP}
        for name, each in (records | trash).items()
    }


def merge(workspace: Workspace, *named: tuple[str, ...]) -> None:
    for each in named:
        merge_groups(workspace, [Group(each[0], each[1:])], WriteOptions())


@settings(
    max_examples=60,
    deadline=None,
    suppress_health_check=[HealthCheck.function_scoped_fixture, HealthCheck.too_slow],
)
@given(worlds(), groups())
def test_undo_is_the_inverse_of_a_merge(opened: Opened, world: World, named: tuple[str, ...]) -> None:
    workspace = opened(world)
    before = content(workspace)
    merge(workspace, named)
    merged = content(workspace)
    undone = undo(workspace, 2, WriteOptions())
    assert (undone.kept, undone.failed) == ((), ())
    assert content(workspace) == before
    undo(workspace, 3, WriteOptions())
    assert content(workspace) == merged


@settings(
    max_examples=60,
    deadline=None,
    suppress_health_check=[HealthCheck.function_scoped_fixture, HealthCheck.too_slow],
)
@given(worlds(), groups(), groups())
def test_no_record_refers_to_one_that_was_merged_away(
    opened: Opened, world: World, first: tuple[str, ...], second: tuple[str, ...]
) -> None:
    workspace = opened(world)
    merge(workspace, first)
    gone = set(first[1:])
    second = tuple(each for each in second if each not in gone)
    if len(second) > 1:
        merge(workspace, second)
        gone |= set(second[1:])
    reader = workspace.store.read()
    for kind in RecordType:
        for record in reader.records(kind):
            values = {name: value for name, value in record.values.items() if name != "merged_from"}
            held = [
                one for value in values.values() for one in (value if isinstance(value, list) else [value])
            ]
            assert gone.isdisjoint(str(one).partition(" ")[0] for one in held)
            references = [
                record.text(name) for name in ("contact", "company", "previous_deal", "origin_lead")
            ]
            assert record.id not in references
            assert all(reader.get(each) for each in references if each)


@settings(
    max_examples=30,
    deadline=None,
    suppress_health_check=[HealthCheck.function_scoped_fixture, HealthCheck.too_slow],
)
@given(worlds())
def test_merging_in_any_order_unites_the_same_values(opened: Opened, world: World) -> None:
    named = ids("contact")[:3]
    united = []
    for one_by_one in permutations(named[1:]):
        workspace = opened(world)
        merge(workspace, *((named[0], other) for other in one_by_one))
        united.append(values_of(workspace, named[0]))
        at_once = opened(world)
        merge(at_once, (named[0], *one_by_one))
        united.append(values_of(at_once, named[0]))
    assert all(each == united[0] for each in united)


def values_of(workspace: Workspace, record_id: str) -> dict[str, Any]:
    record = workspace.store.read().get(record_id)
    assert record
    values: dict[str, Any] = {
        name: {each.casefold() for each in record.many(name)} for name in (*MANY, "companies", "merged_from")
    }
    return values | {name: record.get(name) for name in ("do_not_contact", "note_count", "created_at")}


@settings(
    max_examples=30,
    deadline=None,
    suppress_health_check=[HealthCheck.function_scoped_fixture, HealthCheck.too_slow],
)
@given(worlds(), groups())
def test_a_dry_run_tells_what_the_merge_does(opened: Opened, world: World, named: tuple[str, ...]) -> None:
    workspace = opened(world)
    before = content(workspace)
    group = [Group(named[0], named[1:])]
    try:
        told = merge_groups(workspace, group, WriteOptions(dry_run=True)).outcome
    except Refused:
        return
    assert content(workspace) == before
    done = merge_groups(workspace, group, WriteOptions()).outcome
    assert [each.record.values for each in told.changes] == [each.record.values for each in done.changes]
