"""What comes next: the tasks that a result, a stage or a person asks for after what was done."""

from collections.abc import Mapping, Sequence

from crmctl.activities.plan import Given, check_clients, list_of, new_task, plain
from crmctl.activities.when import check_due, moment_by
from crmctl.errors import WrongUse, wrong_use
from crmctl.model.records import Record, Value
from crmctl.model.tasks import SAME, Clients, NextTask, TaskBook, TaskType, Template
from crmctl.rules.context import Context

_REPEATED = ("title", "category", "priority", "text", "checklist", "place", "reason", "watchers", "tags")
"""What a task like the one before takes from it, beside its kind, its template and the fields of its kind."""


def read_next(text: str, book: TaskBook) -> NextTask:
    """Return the next task that `TEMPLATE[:WHEN]` means. Raises WrongUse for a template that is not there."""
    template, when = text, ""
    if not book.template_choices.get(text) and ":" in text:
        template, _, when = text.partition(":")
    if not book.templates:
        raise WrongUse(f'--next "{template}": there are no task templates', hint="add them to tasks.yaml")
    with wrong_use("--next: "):
        return NextTask(book.template_choices.find(template).id, when.strip())


def after_task(
    task: Record, step: NextTask, clients: Sequence[str], due: str | None, context: Context
) -> list[dict[str, Value | None]]:
    """Return the values of the tasks that follow one that ended, for its clients or what became of them.

    They are due when it was said with the result, else as the step says, else as their template says.
    """
    book = context.configuration.tasks_book()
    repeated = step.task == SAME
    template = book.template(task.text("template") if repeated else step.task)
    kind = book.type(task.text("type") if repeated else template.type if template else "")
    if kind is None:
        raise WrongUse(f'{task.label} cannot be followed: its type "{task.text("type")}" is gone')
    kept = (*_REPEATED, *(field.name for field in kind.fields)) if repeated else ()
    given: dict[str, Value | None] = {name: task.get(name) for name in kept}
    given["due"] = due or moment_by(step.due, task, context)
    check_due(given["due"], context.conventions)
    given["assignee"] = (
        _user(step, context) or (template.assignee if template else "") or task.get("assignee")
    )
    given["previous_task"] = task.id
    return _for_each(kind, template or plain(), clients, given, context)


def after_stage(record: Record, step: NextTask, context: Context) -> list[dict[str, Value | None]]:
    """Return the values of the tasks that a record's stage, or who moved it there, asks for."""
    book = context.configuration.tasks_book()
    template = book.template(step.task)
    kind = book.type(template.type) if template else None
    if template is None or kind is None:
        raise WrongUse(f'there is no task template "{step.task}"', hint="crmctl tasks templates")
    due = moment_by(step.due, record, context)
    return _for_each(kind, template, [record.id], {"due": due, "assignee": _user(step, context)}, context)


def _for_each(
    kind: TaskType, template: Template, clients: Sequence[str], given: Given, context: Context
) -> list[dict[str, Value | None]]:
    """Return one task, or one for each client where a kind is for one; an internal task is for nobody."""
    kind = context.configuration.tasks_book().type(kind.creates) or kind
    if kind.clients is Clients.NONE:
        return [new_task(kind, template, given, context)]
    if kind.clients is Clients.MANY or not clients:
        check_clients(kind, clients)
        return [new_task(kind, template, {**given, "for": list(clients)}, context)]
    return [new_task(kind, template, {**given, "for": [each]}, context) for each in clients]


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
