"""Who may do what at which stage: `access` of the pipelines, held against changes. A guard rail, and no lock.

A role that a pipeline's `access` names may do there what its entries say, and nothing else; any other role, and
whoever has none, may do everything. What the stages' own actions do, the process does: nobody is asked for it.
"""

from collections.abc import Callable, Iterator, Sequence
from functools import cached_property
from typing import Any, NamedTuple

import msgspec

from crmctl.model.change import Change
from crmctl.model.configuration import User
from crmctl.model.pipeline import Permission, Pipeline
from crmctl.model.records import Record, RecordType, Value
from crmctl.query.bind import bind
from crmctl.query.bound import Bound
from crmctl.query.parser import parse
from crmctl.query.scope import Scope
from crmctl.rules.context import Context
from crmctl.rules.decision import NO_ACCESS, Refusal

MOST_NAMED = 5
"""Users that a refusal names as those who may."""

_CANNOT = {
    "view": "cannot be shown",
    "create": "cannot be created",
    "update": "cannot be changed",
    "delete": "cannot be deleted",
    "export": "cannot be exported",
}
_DONE_BACK = {"restore", "undo"}

Test = Callable[[Any], bool]
Columns = Callable[[str], Callable[[Any], Any]]


class _Way(NamedTuple):
    """A permission as rows are held against it: on which stages, and under which condition."""

    stages: frozenset[str] | None
    where: Bound | None


class Limits:
    """What one action is limited to for records of a type: those in pipelines that do not limit it always pass."""

    def __init__(self, action: str, kind: RecordType, context: Context, *, conditions: bool = True) -> None:
        self._lookups = context.lookups
        self._ways: dict[str, list[_Way]] = {}
        for name, permissions in context.limits.items():
            pipeline = context.configuration.pipeline_for(kind, name)
            if pipeline:
                granted = [each for each in permissions if action in each.actions]
                self._ways[name] = [_way(each, pipeline, context, conditions) for each in granted]

    def __bool__(self) -> bool:
        return bool(self._ways)

    @property
    def fields(self) -> tuple[str, ...]:
        """The stored fields that a test reads."""
        bound = [way.where for ways in self._ways.values() for way in ways if way.where]
        return tuple(dict.fromkeys(("pipeline", "stage", *(name for each in bound for name in each.fields))))

    def test(self, columns: Columns) -> Test:
        """Return the test of rows: `columns` gives the getter of each of `fields`."""
        pipeline_of, stage_of = columns("pipeline"), columns("stage")
        tests = {
            name: [
                (way.stages, way.where.predicate(columns, self._lookups) if way.where else None)
                for way in ways
            ]
            for name, ways in self._ways.items()
        }

        def passes(row: Any) -> bool:
            ways = tests.get(pipeline_of(row))
            if ways is None:
                return True
            stage = stage_of(row)
            return any(
                (stages is None or stage in stages) and (where is None or where(row))
                for stages, where in ways
            )

        return passes


def _way(permission: Permission, pipeline: Pipeline, context: Context, conditions: bool) -> _Way:  # noqa: FBT001
    where = None
    if permission.where and conditions:
        scope = Scope(context.configuration, pipeline.record, context.conventions, pipeline.id)
        where = bind(parse(permission.where), scope)
    # Records on a stage that was renamed since are on the one that it became.
    named = (stage for stage in pipeline.stages if stage.id in permission.stages)
    stages = frozenset(name for stage in named for name in (stage.id, *stage.moved_from))
    return _Way(stages if permission.stages else None, where)


class Access:
    """What who acts may do. Each kind of action is made out once, however many records it is asked for."""

    def __init__(self, context: Context) -> None:
        self._context = context
        self._tests: dict[tuple[str, RecordType, bool], Test] = {}

    def may(self, action: str, record: Record, *, conditions: bool = True) -> bool:
        """Tell whether an action is allowed on a record as it is, or could be whatever the `conditions` say."""
        key = (action, record.type, conditions)
        if key not in self._tests:
            limits = Limits(action, record.type, self._context, conditions=conditions)
            self._tests[key] = limits.test(_of_record)
        return self._tests[key](record)

    def refusal(self, change: Change, *, whole: bool = True) -> Refusal | None:
        """Return why a change is not allowed, or nothing; one that is not `whole` yet may still meet conditions."""
        asked = [] if change.cleared else list(asked_for(change))
        for action, record in asked:
            if not self.may(action, record, conditions=whole or record is change.before):
                users = self._who_may(asked)
                return _refused(self._cannot(change, action), action, record, users, self._context)
        return None

    def denied(self, action: str, record: Record) -> Refusal:
        """Return the refusal to show or to export a record."""
        users = self._who_may([(action, record)])
        return _refused(f"{self._name(record)} {_CANNOT[action]}", action, record, users, self._context)

    def _who_may(self, asked: Sequence[tuple[str, Record]]) -> list[User]:
        """Return the users who may do all of it, each asked as if they did it themselves."""
        return [
            user
            for user, access in self._others
            if all(access.may(action, record) for action, record in asked)
        ]

    @cached_property
    def _others(self) -> list[tuple[User, "Access"]]:
        """Every user with what they may do, made out once for all that is refused."""
        context, found = self._context, []
        for user in context.configuration.users:
            conventions = msgspec.structs.replace(context.conventions, me=user.id)
            theirs = msgspec.structs.replace(context, by=user.id, conventions=conventions)
            found.append((user, Access(theirs)))
        return found

    def _cannot(self, change: Change, action: str) -> str:
        record, named = change.record, self._name(change.before or change.record)
        if action == "move":
            return f'{named} cannot move to "{record.stage}"'
        if action == "create":
            return f'{record.type.value} "{record.title}" {_CANNOT[action]}'
        back = change.before is None
        return f"{named} {'cannot be brought back' if back else _CANNOT[action]}"

    def _name(self, record: Record) -> str:
        """Return how a refusal names a record: one that may not be viewed by its id alone."""
        return record.label if self.may("view", record) else record.id


def asked_for(change: Change) -> Iterator[tuple[str, Record]]:
    """Yield the actions that a change is, each with the record at the stage where it must be allowed.

    A move is one at both ends: where the record leaves, and where it comes to as it is then.
    """
    before, after = change.before, change.after
    if not change.record.type.staged:
        return
    if before is None and after is not None:
        # What is brought back from the trash was not made by whoever does that.
        yield "delete" if change.op in _DONE_BACK else "create", after
    elif before is not None and after is None:
        yield "delete", before
    elif before and after and (before.pipeline, before.stage) != (after.pipeline, after.stage):
        yield "move", before
        yield "move", after
    elif before and change.differences():
        yield "update", before


def _of_record(name: str) -> Callable[[Record], Value | None]:
    return lambda record: record.get(name)


def _refused(told: str, action: str, record: Record, users: Sequence[User], context: Context) -> Refusal:
    """Return the refusal: the role, what it may not do where, and who may."""
    configuration = context.configuration
    role = configuration.role_of(context.by)
    permissions = context.limits.get(record.pipeline, ())
    # Two places are told apart by more than their stage: a pipeline may be another one, too.
    where = f'at "{record.stage}" of pipeline "{record.pipeline}"'
    conditions = [each.where for each in permissions if _names(each, action, record) and each.where]
    only = f" but where {' or '.join(dict.fromkeys(conditions))}" if conditions else ""
    message = f'{told}: role "{role}" may not {action} {record.type.table} {where}{only}'
    hint = f"{_told(users)} may"
    detail: dict[str, object] = {
        "message": f'access of pipeline "{record.pipeline}", {permissions[0].place}' if permissions else "",
        "role": role,
        "action": action,
        "stage": record.stage,
    }
    return Refusal(record, message, hint=hint, details=(detail,), code=NO_ACCESS)


def _names(permission: Permission, action: str, record: Record) -> bool:
    return action in permission.actions and (not permission.stages or record.stage in permission.stages)


def _told(users: Sequence[User]) -> str:
    named = [f"{each.id} ({each.role})" if each.role else each.id for each in users[:MOST_NAMED]]
    more = len(users) - len(named)
    return ", ".join(named) + (f" and {more} more" if more > 0 else "") if users else "nobody of users:"
