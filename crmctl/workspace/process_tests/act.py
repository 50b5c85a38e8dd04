"""What a test does, by the operations of the commands; a refusal is what came of it, not an error."""

from collections.abc import Callable, Mapping

import msgspec

from crmctl.errors import CrmError
from crmctl.importer.source import Source
from crmctl.importer.table import ReadOptions
from crmctl.model.process_test import Texts, Verb, When
from crmctl.model.records import Record
from crmctl.render.error import told
from crmctl.rules.actions import Step
from crmctl.rules.assignment import Assignment
from crmctl.rules.decision import Missing
from crmctl.workspace.complete import CompleteRequest, complete_task
from crmctl.workspace.convert import ConvertRequest, convert_leads
from crmctl.workspace.create import Draft, create_records
from crmctl.workspace.import_choices import Choices
from crmctl.workspace.import_request import ImportRequest, check_request
from crmctl.workspace.import_summary import rolled_back
from crmctl.workspace.importing import import_sources
from crmctl.workspace.move import MoveRequest, Rejection, move_records, reject_leads
from crmctl.workspace.outcome import GateRefused, Outcome, WriteOptions
from crmctl.workspace.update import update_records
from crmctl.workspace.workspace import Workspace

_OPTIONS = WriteOptions()
_ROWS = "the rows"


class Denial(msgspec.Struct, frozen=True):
    """A "no": the fields it is about, or else the code of the rule, and all that it says.

    `missing` are the fields that a gate wants.
    """

    names: tuple[str, ...]
    text: str
    missing: tuple[Missing, ...] = ()


class Acted(msgspec.Struct, frozen=True):
    """What came of it: a refusal, or what was made, which stages records came to, with which results tasks ended."""

    refused: Denial | None = None
    created: tuple[Record, ...] = ()
    steps: tuple[Step, ...] = ()
    results: tuple[str, ...] = ()
    subject: str = ""


def act(workspace: Workspace, when: When, target: str) -> Acted:
    """Do what the test says; `target` is the id of the record it is done to, where there is one."""
    try:
        if when.verb is Verb.IMPORT:
            return _imported(workspace, when)
        outcome = _VERBS[when.verb](workspace, when, target)
    except CrmError as error:
        return Acted(_refused(error), subject=target)
    made = next((each.id for each in outcome.created if each.type is when.kind), "")
    ended = tuple(each.record.text("result") for each in outcome.changes if each.op == "complete")
    return Acted(None, tuple(outcome.created), outcome.steps, ended, target or made)


def _refused(error: CrmError) -> Denial:
    named = [str(detail["field"]) for detail in error.details if detail.get("field")]
    named = named or [error.field or error.code]
    missing = error.refusal.missing if isinstance(error, GateRefused) else ()
    return Denial(tuple(dict.fromkeys(named)), told(error), missing)


def _assignments(fields: Texts) -> tuple[Assignment, ...]:
    """Return what sets fields to texts, as `-s` does."""
    return tuple(Assignment(name, texts) for name, texts in fields.items())


def _move(workspace: Workspace, when: When, target: str) -> Outcome:
    asked = MoveRequest(when.stage, when.pipeline, _assignments(when.fields), when.reason, next=when.next)
    return move_records(workspace, [target], asked, _OPTIONS)


def _create(workspace: Workspace, when: When, _target: str) -> Outcome:
    assert when.kind is not None
    draft = Draft(when.kind, _assignments(when.fields), when.pipeline)
    return create_records(workspace, [draft], _OPTIONS)


def _update(workspace: Workspace, when: When, target: str) -> Outcome:
    return update_records(workspace, [target], _assignments(when.fields), _OPTIONS)


def _convert(workspace: Workspace, when: When, target: str) -> Outcome:
    asked = ConvertRequest(when.to, when.pipeline, when.stage, assignments=_assignments(when.fields))
    return convert_leads(workspace, [target], asked, _OPTIONS)


def _reject(workspace: Workspace, when: When, target: str) -> Outcome:
    return reject_leads(
        workspace, [target], Rejection(when.reason, tuple(_assignments(when.fields))), _OPTIONS
    )


def _complete(workspace: Workspace, when: When, target: str) -> Outcome:
    fields = _assignments(when.fields)
    asked = CompleteRequest(when.result, fields, next=when.next, no_next=when.no_next)
    return complete_task(workspace, target, asked, _OPTIONS)


_VERBS: Mapping[Verb, Callable[[Workspace, When, str], Outcome]] = {
    Verb.MOVE: _move,
    Verb.CREATE: _create,
    Verb.UPDATE: _update,
    Verb.CONVERT: _convert,
    Verb.REJECT: _reject,
    Verb.COMPLETE: _complete,
}


def _imported(workspace: Workspace, when: When) -> Acted:
    """Import the rows as a file of JSON lines. Raises CrmError; rejected rows are a refusal as any other."""
    assert when.kind is not None
    asked = ImportRequest(
        when.kind,
        (_ROWS,),
        ReadOptions(format="jsonl"),
        Choices(assignments=_assignments(when.fields), pipeline=when.pipeline),
    )
    check_request(workspace, asked, partial=False)
    before = workspace.read()
    content = b"\n".join(map(msgspec.json.encode, when.rows))
    summary = import_sources(workspace, asked, [Source(_ROWS, content)], _OPTIONS)
    if not summary.written:
        error = rolled_back(summary)
        error.hint = None  # it speaks of options that a test does not have
        raise error
    after = workspace.read()
    touched = dict.fromkeys(entry.id for entry in after.history() if entry.gen > before.generation)
    records = [record for record_id in touched if (record := after.get(record_id))]
    steps = [Step(before.get(each.id), each) for each in records if _moved(before.get(each.id), each)]
    created = tuple(each for each in records if before.get(each.id) is None)
    subject = next((each.id for each in (*created, *records) if each.type is when.kind), "")
    return Acted(None, created, tuple(steps), subject=subject)


def _moved(before: Record | None, after: Record) -> bool:
    if not after.type.staged:
        return False
    return before is None or (before.pipeline, before.stage) != (after.pipeline, after.stage)
