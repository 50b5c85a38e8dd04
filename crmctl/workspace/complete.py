"""`complete`: a task ends with a result, its client's record goes where that leads, and the next task begins."""

from collections.abc import Iterator, Sequence

import msgspec

from crmctl.activities.change import finished, over
from crmctl.activities.complete import Ending, ended, result_named
from crmctl.activities.onward import after_task, read_next, successors
from crmctl.activities.plan import list_of
from crmctl.errors import WrongUse
from crmctl.model.change import Change
from crmctl.model.configuration import Configuration
from crmctl.model.records import Record, RecordType, Value
from crmctl.model.tasks import Result
from crmctl.rules.assignment import Assignment, assigned
from crmctl.rules.decision import Refusal
from crmctl.workspace.idle_clients import idle_notes
from crmctl.workspace.outcome import Outcome, WriteOptions, refused
from crmctl.workspace.reminder import reminder_apart
from crmctl.workspace.task_given import Given, apart_for
from crmctl.workspace.task_led import Led, led
from crmctl.workspace.task_subject import subject_of
from crmctl.workspace.transaction import Transaction, transaction, until_settled
from crmctl.workspace.workspace import Workspace


class CompleteRequest(msgspec.Struct, frozen=True):
    """The end of a task as it was typed; `next` is TEMPLATE[:WHEN]."""

    result: str = ""
    assignments: tuple[Assignment, ...] = ()
    note: str = ""
    next: str = ""
    no_next: bool = False


@until_settled
def complete_task(workspace: Workspace, text: str, asked: CompleteRequest, options: WriteOptions) -> Outcome:
    """End a task, all that follows included, or nothing. Raises Refused, WrongUse, NotFound, NotConfigured."""
    if asked.next and asked.no_next:
        raise WrongUse("--next and --no-next exclude each other")
    with transaction(workspace, options) as tx:
        task = check_task(tx.get(text), tx.configuration)
        answer = _decide(tx, task, asked)
        if isinstance(answer, Refusal):
            if not options.dry_run:
                raise refused([answer], 1)
            return msgspec.structs.replace(tx.commit(), refusals=(answer,))
        for change in answer.changes:
            tx.apply(change)
        for values in answer.following:
            tx.create_task(values)
        outcome = tx.commit()
        return msgspec.structs.replace(
            outcome,
            records=tuple(record for record in outcome.records if record.id == task.id),
            notes=(*answer.notes, *outcome.notes),
            foretold=(*outcome.foretold, *_left_open(tx, answer.changes[0].record)),
        )


def _left_open(tx: Transaction, task: Record) -> Iterator[str]:
    """Yield a note for each client that stays open although the result of its task ends the chain."""
    result = tx.configuration.tasks_book().result(task.text("result"))
    if result and result.ends:
        yield from idle_notes(task.many("for"), tx.writer, tx.context)


def check_task(record: Record, configuration: Configuration) -> Record:
    """Return a record that is a task. Raises WrongUse for another, NotConfigured without rules for tasks."""
    if record.type is not RecordType.TASK:
        raise WrongUse(f"{record.label} is no task", hint="crmctl list tasks")
    configuration.tasks_book()
    return record


Following = Sequence[dict[str, Value | None]]


class _Decided(msgspec.Struct, frozen=True):
    """The changes, the task's own first, the tasks that follow, and what there was nothing to do for."""

    changes: Sequence[Change]
    following: Following
    notes: tuple[str, ...] = ()


def _decide(tx: Transaction, task: Record, asked: CompleteRequest) -> _Decided | Refusal:
    if finished(task):
        return over(task, tx.context)
    rest, named = _result_apart(asked, tx.configuration)
    result = result_named(task, named, tx.context)
    if isinstance(result, Refusal):
        return result
    subject = subject_of(tx, task, result)
    if isinstance(subject, Refusal):
        return subject
    given = apart_for(rest, task, result, subject, tx.configuration)
    ending = _ending(task, result, given, asked, tx)
    own = ended(task, ending, tx.context)
    if isinstance(own, Refusal):
        return own
    answer = led(tx, task, result, subject, given)
    if isinstance(answer, Refusal):
        return answer
    notes = (answer.note,) if answer.note else ()
    return _Decided((own, *answer.changes), _following(own.record, ending, answer, tx), notes)


def _result_apart(asked: CompleteRequest, configuration: Configuration) -> tuple[list[Assignment], str]:
    """Return what is set beside the result, and the result. Raises WrongUse where it is named twice."""
    field = configuration.fields_of(RecordType.TASK)["result"]
    rest = [each for each in asked.assignments if each.field != field.name]
    texts = [text for each in asked.assignments if each.field == field.name for text in each.texts]
    named = [asked.result, *texts] if asked.result else texts
    if len(named) > 1:
        told = f'{field.label}: "{"; ".join(named)}" are {len(named)} values: it takes one'
        raise WrongUse(told).at(field.name)
    return rest, named[0] if named else ""


def _ending(task: Record, result: Result, given: Given, asked: CompleteRequest, tx: Transaction) -> Ending:
    fields, remind = reminder_apart(given.task, tx.configuration)
    values = assigned(fields, RecordType.TASK, tx.context, task)
    step = read_next(asked.next, tx.configuration.tasks_book(), task) if asked.next else None
    return Ending(result, values, asked.note, step, asked.no_next, remind)


def _following(task: Record, ending: Ending, led_to: Led, tx: Transaction) -> Following:
    """Return the tasks that come next, for what the clients were converted to."""
    if not ending.step:
        return ()
    clients = successors(list_of(task.get("for")), led_to.became)
    return after_task(task, ending, ending.step, clients, tx.context)
