"""Ending a task with a result: the gate of the result, and what the task holds from then on."""

from collections.abc import Mapping

import msgspec

from crmctl.activities.change import finished, over, with_note
from crmctl.activities.fields import check_fields
from crmctl.activities.when import check_due, moment_by
from crmctl.errors import WrongUse, wrong_use
from crmctl.model.change import Change
from crmctl.model.records import Record, RecordType, Value, is_empty
from crmctl.model.tasks import Clients, NextTask, Result
from crmctl.rules.context import Context
from crmctl.rules.decision import Missing, Refusal, empty_fields
from crmctl.rules.update import update

OF_THE_NEXT = ("due", "remind_at")
"""Fields that say, with a result, when the next task is: the one that ends keeps its own."""
_SETTLED = ("status", "type", "template", "for")
"""Fields that say which task it is that ends, or that it does: a result does not change them."""
NO_NEXT_STEP = "no_next_step"
"""The code of the refusal to let a chain break off."""
NO_NEXT = "no next step"
"""The note in history where somebody said that nothing comes next."""


class Ending(msgspec.Struct, frozen=True):
    """How a task ends: fields set with the result, a note, and what was said of the next step.

    `remind` is when to remind of that, counted from its due time.
    """

    result: Result
    values: Mapping[str, Value | None] = {}
    note: str = ""
    next: NextTask | None = None
    no_next: bool = False
    remind: str = ""

    @property
    def due(self) -> str | None:
        """When the next step is due, where that was said."""
        found = self.values.get("due")
        return found if isinstance(found, str) else None

    @property
    def step(self) -> NextTask | None:
        """The next step: the one that was named, else the result's."""
        return None if self.no_next else self.next or self.result.next

    @property
    def timed(self) -> bool:
        """Whether it is said without the result's fields when the next step is, or that there is none."""
        return self.no_next or bool(self.next and self.next.due)


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
        return over(task, context)
    _check_set(task, ending, context)
    _check_times(task, ending, context)
    if refusal := _held_back(task, ending, context):
        return refusal
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


def _check_set(task: Record, ending: Ending, context: Context) -> None:
    """Raise WrongUse for fields that are not set with a result, or that another one has."""
    for name in _SETTLED:
        if name in ending.values:
            hint = "" if name == "status" else f"crmctl update {task.id} -s {name}=..."
            raise WrongUse(f"{name} is not set with a result", hint=hint or None).at(name)
    check_fields(ending.values, (task.text("type"),), ending.result.id, context)


def _check_times(task: Record, ending: Ending, context: Context) -> None:
    """Raise WrongUse where it is said twice, in vain, or too late when the next step is."""
    asked = {each.field for each in ending.result.require}
    given = [
        name for name in OF_THE_NEXT if ending.values.get(name) or (name == "remind_at" and ending.remind)
    ]
    for name in given:
        if not ending.step and (ending.no_next or name not in asked):
            raise WrongUse(f"{name}: nothing comes next that it could be for", hint="leave it out").at(name)
    if ending.due and ending.next and ending.next.due:
        raise WrongUse(f'due: --next says when already, "{ending.next.due}"', hint="leave one out").at("due")
    check_due(ending.due, context.conventions)
    by = ending.step.due if ending.step and not ending.due else ""
    field = next((each for each in ending.result.fields if each.name == by), None)
    if field:
        value = moment_by(by, task.having(ending.values), context)
        check_due(value, context.conventions, field.name, field.label)


def _held_back(task: Record, ending: Ending, context: Context) -> Refusal | None:
    """Return why a task cannot end so: fields that the result asks for, or a next step that nobody names."""
    result = ending.result
    told = task.having({**dict.fromkeys(OF_THE_NEXT), **ending.values})
    fields = context.configuration.fields_of(RecordType.TASK)
    when = {"due", ending.step.due} if ending.step else {"due"}
    missing = tuple(
        Missing(fields[each.field], place=each.place, upcoming=each.field in when)
        for each in result.require
        if is_empty(told.get(each.field))
        and not (ending.timed and each.field in OF_THE_NEXT)
        and context.holds(each, told)
    )
    if missing:
        return Refusal(task, f'{task.label} cannot end with "{result.id}": {empty_fields(missing)}', missing)
    if not ending.step and _wants_next(task, ending, context):
        return Refusal(
            task,
            f'{task.label}: "{result.id}" does not say what comes next',
            details=({"message": "--next TEMPLATE[:WHEN] says it, or --no-next where nothing does"},),
            code=NO_NEXT_STEP,
        )
    return None


def _wants_next(task: Record, ending: Ending, context: Context) -> bool:
    """Tell whether the chain would break off: the result neither ends it nor did anybody say so."""
    kind = context.configuration.tasks_book().type(task.text("type"))
    return not ending.no_next and not ending.result.ends and not (kind and kind.clients is Clients.NONE)
