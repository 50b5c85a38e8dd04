"""What is set with the result of a task: for the task, the record it moves, and those that this one becomes."""

from collections.abc import Mapping, Sequence

import msgspec

from crmctl.errors import BadValue
from crmctl.model.configuration import Configuration
from crmctl.model.records import Record, RecordType
from crmctl.model.tasks import Result
from crmctl.rules.actions import targets_of
from crmctl.rules.assignment import Assignment


class Given(msgspec.Struct, frozen=True):
    """What was set with a result: fields of the task, of the record that is moved, of those that it becomes."""

    task: tuple[Assignment, ...] = ()
    record: tuple[Assignment, ...] = ()
    aimed: Mapping[RecordType, Sequence[Assignment]] = {}


def apart_for(
    assignments: Sequence[Assignment],
    task: Record,
    result: Result,
    subject: Record | None,
    configuration: Configuration,
) -> Given:
    """Tell apart what is given for the task, and what for the record that its result moves or converts.

    `deal.amount=...` names the record. A bare field is the task's where it has one; a field of the result goes to
    the record as well where that has one of this name, so that nobody types it twice. What neither has goes to
    the records that a lead becomes.
    """
    of_task = _names_of(task, result, configuration)
    asked = {field.name for field in result.fields}
    own: list[Assignment] = []
    record: list[Assignment] = []
    aimed: dict[RecordType, list[Assignment]] = {}
    for each in assignments:
        kind, bare = _named(each) if subject else (None, each)
        if kind and subject:
            (record if kind is subject.type else aimed.setdefault(kind, [])).append(bare)
            continue
        mine = _field_id(each.field, RecordType.TASK, configuration)
        theirs = _field_id(each.field, subject.type, configuration, subject.pipeline) if subject else ""
        if theirs and (mine in asked or mine not in of_task):
            record.append(each)
        made = [] if theirs or mine in of_task else _made_with(each.field, subject, result, configuration)
        for kind in made:
            aimed.setdefault(kind, []).append(each)
        if mine in of_task or not (theirs or made):
            own.append(each)
    return Given(tuple(own), tuple(record), aimed)


def _named(each: Assignment) -> tuple[RecordType | None, Assignment]:
    """Return which record `deal.amount=...` names, and what is set on it; none for a bare field."""
    head, dot, name = each.field.partition(".")
    kind = next((kind for kind in RecordType if dot and kind.value == head), None)
    return kind, msgspec.structs.replace(each, field=name) if kind else each


def _made_with(
    name: str, subject: Record | None, result: Result, configuration: Configuration
) -> list[RecordType]:
    """Return the records that a lead becomes by a result and that have a field."""
    if subject is None or subject.type is not RecordType.LEAD or not result.convert:
        return []
    pipeline = str(result.convert.get("pipeline", ""))
    places = {RecordType.DEAL: pipeline}
    return [
        kind
        for kind in targets_of(result.convert)
        if _field_id(name, kind, configuration, places.get(kind, ""))
    ]


def _names_of(task: Record, result: Result, configuration: Configuration) -> set[str]:
    """Return the fields of tasks of this kind that end so: those of other kinds and results are not among them."""
    kind = configuration.tasks_book().type(task.text("type"))
    common = (field for field in configuration.fields[RecordType.TASK] if not field.owned_by)
    return {field.name for field in (*common, *result.fields, *(kind.fields if kind else ()))}


def _field_id(name: str, kind: RecordType, configuration: Configuration, pipeline: str = "") -> str:
    """Return the id of the field that a name means, empty for none."""
    try:
        return configuration.field(kind, name, pipeline).name
    except BadValue:
        return ""
