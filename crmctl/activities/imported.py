"""Tasks that a file brings, open or over: what a new task must be they must be, too, but nothing follows from them."""

from crmctl.activities.complete import OF_THE_NEXT
from crmctl.activities.plan import Given, check_clients, kind_and_template, list_of, new_task
from crmctl.errors import WrongUse
from crmctl.model.records import Record, RecordType, Value, is_empty
from crmctl.model.tasks import FINISHED, Result, TaskType, Template
from crmctl.rules.context import Context
from crmctl.rules.decision import Missing, Refusal


def imported(given: Given, context: Context, *, whole: bool) -> dict[str, Value | None] | Refusal:
    """Return the values of a task; `whole` is one that comes back with all it had, to which nothing is added.

    It may be overdue, done or cancelled. Raises WrongUse for clients, a template or a result that it cannot have.
    """
    book = context.configuration.tasks_book()
    kind, template = kind_and_template(given, book)
    if kind.creates:
        told = f'a task of type "{kind.id}" is one of type "{kind.creates}" for each client'
        raise WrongUse(told, hint=f"give each client a row of its own, of type {kind.creates}").at("type")
    check_clients(kind, list_of(given.get("for")))
    result = _result(given, kind, template, context)
    status = "done" if result else given.get("status") or "new"
    if result and (refusal := _lacking(given, result, context)):
        return refusal
    over = status in FINISHED
    ending: dict[str, Value | None] = {"status": status, "result": result.id if result else None}
    ending["closed_at"] = (given.get("closed_at") or context.at) if over else None
    if whole:
        return {"title": template.title or kind.title or kind.id, **given, "type": kind.id, **ending}
    values = new_task(kind, template, given, context)
    if over:
        # When it was due its template does not know.
        values |= {name: given.get(name) for name in OF_THE_NEXT}
    return values | ending


def _result(given: Given, kind: TaskType, template: Template, context: Context) -> Result | None:
    """Return what came of a task that is done, nothing for another. Raises WrongUse."""
    named, status = given.get("result"), given.get("status")
    if status not in ("done", None):
        if named:
            raise WrongUse(f'a task that is "{status}" has no result').at("result")
        return None
    if not named and not status:
        return None
    known = context.configuration.tasks_book().results_of(kind.id, template.id)
    if not named and len(known) == 1:
        return known[0]
    found = next((each for each in known if each.id == named), None)
    if found is None:
        told = f'"{named}" is no result of this task' if named else "a task that is done has a result"
        raise WrongUse(told, hint=f"one of: {', '.join(each.id for each in known)}").at("result")
    return found


def _lacking(given: Given, result: Result, context: Context) -> Refusal | None:
    """Return the refusal of a task without what its result asks for; what it asks of the next one is over."""
    fields = context.configuration.fields_of(RecordType.TASK)
    told = Record({"record": RecordType.TASK.value}).having(given)
    missing = tuple(
        Missing(fields[each.field], place=each.place)
        for each in result.require
        if each.field not in OF_THE_NEXT and is_empty(told.get(each.field)) and context.holds(each, told)
    )
    return Refusal(None, f'"{result.id}" asks for more', missing) if missing else None
