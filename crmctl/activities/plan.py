"""Which tasks come of what was asked for: one, or one for each client of a round of calls."""

from collections.abc import Iterator, Mapping, Sequence

from crmctl.activities.fields import check_fields
from crmctl.activities.when import check_due, check_reminder, moment_of, reminder_before
from crmctl.errors import WrongUse
from crmctl.model.records import CLIENTS, Value, type_of
from crmctl.model.tasks import FINISHED, WAIT, Clients, TaskBook, TaskType, Template
from crmctl.rules.context import Context

Given = Mapping[str, Value | None]


def planned(given: Given, context: Context, remind: str = "") -> list[dict[str, Value | None]]:
    """Return the values of the tasks to create. Raises WrongUse for a number of clients that their kind has not.

    `given` goes before what the template says, and so does `remind`, which counts from the due time.
    """
    tasks = _planned(given, context, remind)
    if remind or given.get("remind_at"):
        for each in tasks:
            check_reminder(each.get("remind_at"), each.get("due"), context.conventions)
    return tasks


def _planned(given: Given, context: Context, remind: str) -> list[dict[str, Value | None]]:
    book = context.configuration.tasks_book()
    kind, template = kind_and_template(given, book)
    check_fields(given, (kind.id, kind.creates), "", context)
    clients = list_of(given.get("for"))
    check_clients(kind, clients)
    check_due(given.get("due"), context.conventions)
    if given.get("status") in FINISHED:
        raise WrongUse(f"status: a new task is not {given['status']}").at("status")
    if kind.creates and (made := book.type(kind.creates)):
        each = given if given.get("title") or template.title else {**given, "title": kind.title or kind.id}
        return [new_task(made, template, {**each, "for": [client]}, context, remind) for client in clients]
    return [new_task(kind, template, given, context, remind)]


def filled(given: Given, context: Context) -> dict[str, Value | None]:
    """Return the values of a task as it stands, whatever the number of its clients and whenever it is due."""
    kind, template = kind_and_template(given, context.configuration.tasks_book())
    return new_task(kind, template, given, context)


def kind_and_template(given: Given, book: TaskBook) -> tuple[TaskType, Template]:
    """Return what is asked for by name; a task that names neither is about its client, or internal. Raises WrongUse."""
    template = book.template(str(given.get("template") or ""))
    named = str(given.get("type") or "")
    if template and named not in ("", template.type, _made_by(template, book)):
        told = f'template "{template.id}" is of type "{template.type}", not "{named}"'
        raise WrongUse(told, hint="leave out the type").at("type")
    usual = "client" if given.get("for") else "internal"
    kind = book.type(named or (template.type if template else usual))
    assert kind is not None
    return kind, template or plain()


def _made_by(template: Template, book: TaskBook) -> str:
    """Return the kind of task that each client gets from a template instead of one of its own kind."""
    kind = book.type(template.type)
    return kind.creates if kind else ""


def plain() -> Template:
    """Return what a task without a template is made from."""
    return Template("", "")


def check_clients(kind: TaskType, clients: Sequence[str]) -> None:
    """Raise WrongUse for clients that are none, and for another number of them than a kind of task has."""
    for record_id in clients:
        if type_of(record_id) not in CLIENTS:
            raise WrongUse(f"for: {record_id} is no lead, contact, company or deal").at("for")
    count = len(clients)
    match kind.clients:
        case Clients.ONE if count != 1:
            wanted, hint = (
                "one client",
                "a task of type group_call makes a call for each" if count else "add --for ID",
            )
        case Clients.MANY if count < 2:
            wanted, hint = "two clients or more", "name each with --for ID"
        case Clients.NONE if count:
            wanted, hint = "no client", "leave out --for"
        case _:
            return
    named = f": {', '.join(clients)}" if clients else ""
    raise WrongUse(
        f'a task of type "{kind.id}" is for {wanted}, not for {count or "none"}{named}', hint=hint
    ).at("for")


def new_task(
    kind: TaskType, template: Template, given: Given, context: Context, remind: str = ""
) -> dict[str, Value | None]:
    """Return the values of one task: what is given, then what the template says, then what follows from these."""
    conventions = context.conventions
    values: dict[str, Value | None] = {
        "title": template.title or kind.title or kind.id,
        "template": template.id,
        "category": template.category,
        "priority": template.priority,
        "text": template.text,
        "checklist": list(template.checklist),
        "due": moment_of(template.due, conventions),
        **{name: value for name, value in given.items() if value is not None},
        "type": kind.id,
    }
    values["status"] = values.get("status") or ("waiting" if kind.id == WAIT else "new")
    values["assignee"] = values.get("assignee") or _assignee(template, list_of(values.get("for")), context)
    values["author"] = values.get("author") or context.actor
    if not values.get("remind_at") and (values.get("due") or remind):
        values["remind_at"] = reminder_before(remind or template.remind, values.get("due"), conventions)
    return values


def list_of(value: Value | None) -> list[str]:
    """Return the values of a field with many, each once."""
    return list(dict.fromkeys(value)) if isinstance(value, list) else []


def _assignee(template: Template, clients: Sequence[str], context: Context) -> str | None:
    """Return who gets a task that names nobody: the template's user, the client's owner, or who creates it."""
    named = template.assignee
    if named:
        return context.actor if named == "me" else context.configuration.known_user(named) or named
    owners = _owners(clients, context)
    return next(owners, None) or context.actor


def _owners(clients: Sequence[str], context: Context) -> Iterator[str]:
    found = (context.lookups.reference(client, "owner") for client in clients)
    yield from (str(owner) for owner in found if owner)
