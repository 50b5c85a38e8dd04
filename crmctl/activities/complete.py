"""Ending a task with a result: the gate of the result, and what the task holds from then on."""

from collections.abc import Mapping

import msgspec

from crmctl.activities.change import finished, over, with_note
from crmctl.activities.when import check_due
from crmctl.errors import wrong_use
from crmctl.model.change import Change
from crmctl.model.records import Record, RecordType, Value, is_empty
from crmctl.model.tasks import Clients, NextTask, Result
from crmctl.rules.context import Context
from crmctl.rules.decision import Missing, Refusal, empty_fields
from crmctl.rules.update import update

OF_THE_NEXT = ("due", "remind_at")
"""Fields that say, with a result, when the next task is: the one that ends keeps its own."""
NO_NEXT = "no next step"
"""The note in history where somebody said that nothing comes next."""


class Ending(msgspec.Struct, frozen=True):
    """How a task ends: fields set with the result, a note, and what was said of the next step."""

    result: Result
    values: Mapping[str, Value | None] = {}
    note: str = ""
    next: NextTask | None = None
    no_next: bool = False

    @property
    def due(self) -> str | None:
        """When the next step is due, where that was said."""
        found = self.values.get("due")
        return found if isinstance(found, str) else None

    @property
    def step(self) -> NextTask | None:
        """The next step: the one that was named, else the result's."""
        return None if self.no_next else self.next or self.result.next


def result_named(task: Record, name: str, context: Context) -> Result | Refusal:
    """Return the result meant, the only one where none is named. Raises WrongUse for one of other tasks."""
    book = context.configuration.tasks_book()
    kind, template = task.text("type"), task.text("template")
    known = book.results_of(kind, template)
    choices = book.choices_of(kind, template)
    if name:
        with wrong_use(field="result"):
            chosen = choices.find(name).id
        return next(each for each in known if each.id == chosen)
    if len(known) == 1:
        return known[0]
    field = msgspec.structs.replace(
        context.configuration.fields_of(RecordType.TASK)["result"], choices=choices
    )
    return Refusal(task, f"{task.label} is not completed without a result", (Missing(field),))


def ended(task: Record, ending: Ending, context: Context) -> Change | Refusal:
    """Decide on the end of a task: refused where the result wants more, or where nothing says what comes next."""
    if finished(task):
        return over(task)
    if refusal := _held_back(task, ending, context):
        return refusal
    check_due(ending.due, context.conventions)
    values = {name: value for name, value in ending.values.items() if name not in OF_THE_NEXT}
    comment = with_note(str(values.get("comment") or task.text("comment")), ending.note)
    written = {
        **values,
        "comment": comment,
        "status": "done",
        "result": ending.result.id,
        "closed_at": context.at,
    }
    answer = update(task, written, context, "complete")
    if isinstance(answer, Refusal) or not ending.no_next:
        return answer
    return msgspec.structs.replace(answer, note=NO_NEXT)


def _held_back(task: Record, ending: Ending, context: Context) -> Refusal | None:
    """Return why a task cannot end so: fields that the result asks for, or a next step that nobody names."""
    result = ending.result
    told = task.having({**dict.fromkeys(OF_THE_NEXT), **ending.values})
    fields = context.configuration.fields_of(RecordType.TASK)
    missing = tuple(
        Missing(fields[each.field], place=each.place)
        for each in result.require
        if is_empty(told.get(each.field)) and context.holds(each, told)
    )
    if missing:
        return Refusal(task, f'{task.label} cannot end with "{result.id}": {empty_fields(missing)}', missing)
    if not ending.step and _wants_next(task, ending, context):
        hint = "add --next TEMPLATE[:WHEN], or --no-next where nothing comes next"
        return Refusal(
            task, f'{task.label}: "{result.id}" does not say what comes next', hint=hint, code="no_next_step"
        )
    return None


def _wants_next(task: Record, ending: Ending, context: Context) -> bool:
    """Tell whether the chain would break off: the result neither ends it nor did anybody say so."""
    kind = context.configuration.tasks_book().type(task.text("type"))
    return not ending.no_next and not ending.result.ends and not (kind and kind.clients is Clients.NONE)
