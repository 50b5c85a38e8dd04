"""What holds of every chain, whichever results it takes: nobody is forgotten on the way."""

from collections.abc import Callable
from pathlib import Path

import pytest
from hypothesis import HealthCheck, given, settings
from hypothesis import strategies as st

from crmctl.activities.complete import NO_NEXT
from crmctl.errors import CrmError
from crmctl.model.records import Record, RecordType
from crmctl.model.tasks import Clients
from crmctl.rules.assignment import Assignment
from crmctl.storage.memory import MemoryStore
from crmctl.workspace.complete import CompleteRequest, complete_task
from crmctl.workspace.create import Draft, create_records
from crmctl.workspace.outcome import WriteOptions
from crmctl.workspace.workspace import Settings, Workspace, open_workspace

FIELDS = {"visit_date": "+2d", "group": "Йога", "due": "+1d", "refusal_reason": "far"}
OPTIONS = WriteOptions()
Opened = Callable[[], Workspace]


@pytest.fixture
def opened(tmp_path: Path, crm) -> Opened:
    """Open the club's workspace, each time on a store without records."""
    assert crm("init", str(tmp_path), "--template", "club", "-q").code == 0
    found = open_workspace(Settings(str(tmp_path), user="anna", now="2026-11-21T10:00"))
    return lambda: Workspace(found.folder, found.configuration, found.settings, found.now, MemoryStore())


def created(workspace: Workspace, kind: RecordType, **fields: tuple[str, ...]) -> list[Record]:
    draft = Draft(kind, tuple(Assignment(name, texts) for name, texts in fields.items()))
    return create_records(workspace, [draft], OPTIONS).created


def tasks_of(workspace: Workspace) -> list[Record]:
    return list(workspace.read().records(RecordType.TASK))


def end_one(workspace: Workspace, at: int, *, no_next: bool) -> None:
    """End the first open task with one of its results; what a gate refuses stays open."""
    book = workspace.configuration.tasks_book()
    task = next((each for each in tasks_of(workspace) if each.text("status") == "new"), None)
    if task is None:
        return
    results = book.results_of(task.text("type"), task.text("template"))
    result = results[at % len(results)]
    asked = {each.field for each in result.require}
    given = tuple(
        Assignment(name, (text,))
        for name, text in FIELDS.items()
        # When the next step is due is only asked for, and only taken, where there is one.
        if name in asked and not (no_next and name == "due")
    )
    complete_task(workspace, task.id, CompleteRequest(result.id, given, no_next=no_next), OPTIONS)


STEPS = st.lists(st.tuples(st.integers(0, 7), st.booleans()), max_size=8)


@settings(max_examples=40, deadline=None, suppress_health_check=[HealthCheck.function_scoped_fixture])
@given(start=st.integers(0, 15), steps=STEPS)
def test_every_task_that_ended_has_a_result_and_a_successor_unless_the_chain_ended(
    opened: Opened, start: int, steps: list[tuple[int, bool]]
) -> None:
    workspace = opened()
    book = workspace.configuration.tasks_book()
    leads = [created(workspace, RecordType.LEAD, title=(name,))[0].id for name in ("Ирина", "Олег")]
    template = book.templates[start % len(book.templates)]
    kind = book.type(template.type)
    assert kind is not None
    clients = {Clients.ONE: leads[:1], Clients.MANY: leads, Clients.NONE: []}[kind.clients]
    created(
        workspace, RecordType.TASK, template=(template.id,), **({"for": tuple(clients)} if clients else {})
    )
    for at, no_next in steps:
        end_one(workspace, at, no_next=no_next)
    found = tasks_of(workspace)
    followed = [each.text("previous_task") for each in found]
    said = {entry.id for entry in workspace.read().history() if entry.note == NO_NEXT}
    for task in found:
        if task.text("status") != "done":
            continue
        result = book.result(task.text("result"))
        assert result is not None
        wanted = not result.ends and task.id not in said and bool(task.many("for"))
        assert followed.count(task.id) == int(wanted)


@settings(max_examples=40, deadline=None, suppress_health_check=[HealthCheck.function_scoped_fixture])
@given(named=st.lists(st.integers(1, 6), max_size=12))
def test_a_round_makes_exactly_one_call_a_client(opened: Opened, named: list[int]) -> None:
    workspace = opened()
    for number in range(1, 7):
        created(workspace, RecordType.LEAD, title=(f"Лид {number}",))
    clients = tuple(f"L-{number}" for number in named)
    try:
        made = created(workspace, RecordType.TASK, template=("invite_yoga",), **{"for": clients})
    except CrmError:
        assert len(set(clients)) < 2
        assert tasks_of(workspace) == []
        return
    assert [each.many("for") for each in made] == [[client] for client in dict.fromkeys(clients)]
    assert {each.text("type") for each in made} == {"call"}
