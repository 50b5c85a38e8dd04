"""What comes next: the tasks that a result, a stage or a person asks for after what was done."""

from collections.abc import Mapping, Sequence

import msgspec

from crmctl.activities.complete import Ending
from crmctl.activities.plan import Given, check_clients, list_of, new_task, plain
from crmctl.activities.when import check_due, check_reminder, moment_by, reminder_before
from crmctl.errors import WrongUse, wrong_use
from crmctl.model.records import Record, RecordType, Value
from crmctl.model.tasks import SAME, Clients, NextTask, TaskBook, TaskType, Template
from crmctl.rules.context import Context

_REPEATED = ("title", "category", "priority", "text", "checklist", "place", "reason", "watchers", "tags")
"""What a task like the one before takes from it, beside its kind, its template and the fields of its kind."""


def read_next(text: str, book: TaskBook, about: Record) -> NextTask:
    """Return the next task that `TEMPLATE[:WHEN]` means, by its template or its type.

    Raises WrongUse for one that is not there, and for one that is for nobody, where the task or the record it is
    `about` has a client: that would be no next step.
    """
    choices = book.step_choices
    template, when = text, ""
    if not choices.get(text) and ":" in text:
        template, _, when = text.partition(":")
    with wrong_use("--next: "):
        step = NextTask(choices.find(template).id, when.strip())
    clients = about.many("for") if about.type is RecordType.TASK else [about.id]
    kind = _kind(step, book)
    if clients and kind and kind.clients is Clients.NONE:
        told = f'--next: "{step.task}" is for nobody, and no next step for {", ".join(clients)}'
        named = f"--template {step.task}" if book.template(step.task) else f"-s type={step.task}"
        raise WrongUse(told, hint=f"crmctl create task {named}")
    return step


def _kind(step: NextTask, book: TaskBook) -> TaskType | None:
    """Return what kind of task comes next: that of its template, else the one it names."""
    template = book.template(step.task)
    return book.type(template.type if template else step.task)


def after_task(
    task: Record, ending: Ending, step: NextTask, clients: Sequence[str], context: Context
) -> list[dict[str, Value | None]]:
    """Return the values of the tasks that follow one that ended, for its clients or what became of them.

    They are due when it was said with the result, else as the step says, else as their template says.
    """
    book = context.configuration.tasks_book()
    repeated = step.task == SAME
    template = book.template(task.text("template") if repeated else step.task)
    kind = book.type(task.text("type")) if repeated else _kind(step, book)
    if kind is None:
        raise WrongUse(f'{task.label} cannot be followed: its type "{task.text("type")}" is gone')
    kept = (*_REPEATED, *(field.name for field in kind.fields)) if repeated else ()
    given: dict[str, Value | None] = {name: task.get(name) for name in kept}
    given["due"] = ending.due or moment_by(step.due, task, context)
    check_due(given["due"], context.conventions)
    given["assignee"] = (
        _user(step, context) or (template.assignee if template else "") or task.get("assignee")
    )
    given["previous_task"] = task.id
    given["remind_at"] = ending.values.get("remind_at")
    template = template or plain()
    template = msgspec.structs.replace(template, remind=ending.remind or template.remind)
    tasks = _for_each(kind, template, clients, given, context)
    if ending.remind or given["remind_at"]:
        for each in tasks:
            reminder_before(ending.remind, each.get("due"), context.conventions)
            check_reminder(each.get("remind_at"), each.get("due"), context.conventions)
    return tasks


def after_stage(record: Record, step: NextTask, context: Context) -> list[dict[str, Value | None]]:
    """Return the values of the tasks that a record's stage, or who moved it there, asks for."""
    book = context.configuration.tasks_book()
    template = book.template(step.task)
    kind = _kind(step, book)
    if kind is None:
        raise WrongUse(f'there is no task template "{step.task}"', hint="crmctl tasks templates")
    due = moment_by(step.due, record, context)
    given = {"due": due, "assignee": _user(step, context)}
    return _for_each(kind, template or plain(), [record.id], given, context)


def _for_each(
    kind: TaskType, template: Template, clients: Sequence[str], given: Given, context: Context
) -> list[dict[str, Value | None]]:
    """Return one task, or one for each client where a kind is for one; an internal task is for nobody."""
    kind = context.configuration.tasks_book().type(kind.creates) or kind
    if kind.clients is Clients.NONE:
        each_for: list[Given] = [given]
    elif kind.clients is Clients.MANY or not clients:
        check_clients(kind, clients)
        each_for = [{**given, "for": list(clients)}]
    else:
        each_for = [{**given, "for": [each]} for each in clients]
    return [new_task(kind, template, each, context) for each in each_for]


def _user(step: NextTask, context: Context) -> str | None:
    if step.assignee == "me":
        return context.actor
    return context.configuration.known_user(step.assignee) or step.assignee or None


def successors(clients: Sequence[str], made: Mapping[str, Sequence[str]]) -> list[str]:
    """Return the clients with what they were converted to in their places: a deal, else a contact, else a company."""
    found = []
    for client in clients:
        became = sorted(made.get(client, ()), key=lambda each: "DCO".index(each[0]))
        found.append(became[0] if became else client)
    return list_of(found)
