"""`list` and `filter`: which records, in which order, with which columns."""

from collections.abc import Callable, Mapping, Sequence
from itertools import chain
from shlex import quote
from typing import Any

import msgspec

from crmctl.errors import NotFound, WrongUse, wrong_use
from crmctl.model.configuration import View
from crmctl.model.field import Field
from crmctl.model.records import RecordType, Value, record_type
from crmctl.query.bind import bind
from crmctl.query.bound import Bound
from crmctl.query.evaluate import Getter
from crmctl.query.parser import parse
from crmctl.query.scope import Scope
from crmctl.storage.interface import Reader, column
from crmctl.text import comma_separated, name_key, names_hint, plural
from crmctl.workspace.presentation import Presenter
from crmctl.workspace.workspace import Workspace

BUILT_IN_VIEWS: dict[str, View] = {
    "new": View("deal", "created_at >= -7d", "-created_at", title="Новые"),
    "mine": View("deal", "owner = me", title="Мои"),
    "changed-today": View("deal", "updated_at = today", "-updated_at", title="Изменённые за сегодня"),
    "changed-yesterday": View("deal", "updated_at = yesterday", "-updated_at", title="Изменённые за вчера"),
    "changed-by-me": View("deal", "updated_by = me", "-updated_at", title="Изменённые мной"),
    "overdue": View("deal", "overdue", "close_date", title="Просроченные"),
    "no-next-step": View("deal", "idle", "created_at", title="Без следующего шага"),
}
"""Views every workspace has, for records of every type but where that makes no sense."""
BUILT_IN_OF: dict[tuple[RecordType, str], View] = {
    (RecordType.LEAD, "mine"): View("lead", "owner = me and open"),
    (RecordType.DEAL, "mine"): View("deal", "owner = me and open"),
    (RecordType.TASK, "mine"): View("task", "assignee = me and open", "due"),
    (RecordType.TASK, "overdue"): View("task", "overdue", "due"),
}
"""What a view means for records of a type, where that is not what it means for others."""
_FOR = {"overdue": (RecordType.DEAL, RecordType.TASK), "no-next-step": (RecordType.LEAD, RecordType.DEAL)}


class ListRequest(msgspec.Struct, frozen=True):
    """What is asked for, as it was typed. `fields` empty means the usual columns."""

    kind: RecordType
    where: str = ""
    view: str = ""
    pipeline: str = ""
    sort: str = ""
    fields: tuple[str, ...] = ()
    limit: int = 0
    offset: int = 0


class FoundRecords(msgspec.Struct, frozen=True):
    """The records found, as rows to be shown; `total` counts those beyond the limit too."""

    presenter: Presenter
    rows: list[Mapping[str, Value]]
    total: int
    notes: tuple[str, ...] = ()


def list_records(
    workspace: Workspace, asked: ListRequest, *, whole: bool = False, count: bool = False
) -> FoundRecords:
    """Return the records that pass, in order.

    `whole` is for output that shows every field, `count` for output of their number: then there are no rows.
    Raises WrongUse for an expression, a field or a value that means nothing, NotFound for a view.
    """
    workspace.configuration.check_kind(asked.kind)
    reader = workspace.read()
    asked = with_view(workspace, reader, asked)
    scope = scope_of(workspace, asked.kind, asked.pipeline)
    bound = bound_where(asked, scope, reader)
    presenter = Presenter(workspace, reader, asked.kind, asked.fields, asked.pipeline)
    order = sort_fields(asked.sort, scope)
    if count and bound is None:
        return FoundRecords(presenter, [], reader.count(asked.kind))
    needed = () if count else _needed(bound, order, presenter, whole=whole)
    enough = asked.offset + asked.limit if asked.limit and bound is None and not order else 0
    rows = reader.scan(asked.kind, needed, workspace.filter(bound, reader), first=enough)
    total = reader.count(asked.kind) if enough else len(rows)
    if count:
        return FoundRecords(presenter, [], total, _notes(bound))
    rows = sort_rows(rows, asked.sort, scope, column)
    rows = rows[asked.offset : asked.offset + asked.limit if asked.limit else None]
    found = _whole(reader, rows, asked.kind) if whole else _picked(rows, needed)
    return FoundRecords(presenter, found, total, _notes(bound))


def with_view(workspace: Workspace, reader: Reader, asked: ListRequest) -> ListRequest:
    """Return the request with a view's filter, order and columns below its own. Raises NotFound."""
    if not asked.view:
        return asked
    views = known_views(workspace, reader)
    name = view_named(asked.view, views)
    if name is None:
        raise NotFound(f'no view "{asked.view}"', hint=names_hint(asked.view, views, "views"))
    view = views[name]
    suiting = _FOR.get(name, tuple(RecordType)) if view is BUILT_IN_VIEWS.get(name) else ()
    if record_type(view.record) is not asked.kind and asked.kind not in suiting:
        kinds = suiting or (record_type(view.record),)
        told = f'view "{asked.view}" is of {" and ".join(each.value for each in kinds)} records'
        raise WrongUse(told, hint=f"crmctl list {kinds[0].table} --view {quote(name)}")
    if view is BUILT_IN_VIEWS.get(name):
        view = BUILT_IN_OF.get((asked.kind, name), view)
    where = f"({view.where}) and ({asked.where})" if view.where and asked.where else view.where or asked.where
    return msgspec.structs.replace(
        asked, where=where, sort=asked.sort or view.sort, fields=asked.fields or view.fields
    )


def known_views(workspace: Workspace, reader: Reader) -> dict[str, View]:
    """Return the built-in views, those kept in the store, and those of the configuration, which win."""
    found: dict[str, tuple[str, View]] = {}
    for views in (BUILT_IN_VIEWS, kept_views(reader), workspace.configuration.views):
        found |= {name_key(name): (name, view) for name, view in views.items()}
    return dict(found.values())


def kept_views(reader: Reader) -> dict[str, View]:
    """Return the views that are kept in the store."""
    return {name: msgspec.convert(view, View) for name, view in (reader.document("views") or {}).items()}


def view_named(text: str, views: Mapping[str, View]) -> str | None:
    """Return the name of the view meant by its name or else its title, in whatever case; nothing for none."""
    key = name_key(text)
    named = (name for name in views if name_key(name) == key)
    titled = (name for name, view in views.items() if view.title and name_key(view.title) == key)
    return next(chain(named, titled), None)


def scope_of(workspace: Workspace, kind: RecordType, pipeline: str = "") -> Scope:
    """Return what an expression over a record type may name.

    Raises NotFound for a pipeline that is not there, WrongUse for any where records have none.
    """
    if pipeline and not kind.staged:
        raise WrongUse(f"{kind.value} records have no pipelines", hint="leave out --pipeline")
    chosen = workspace.configuration.pipeline(pipeline, kind).id if pipeline else ""
    # In an expression the point is the decimal mark, as `10.5k` shows.
    conventions = msgspec.structs.replace(workspace.conventions, decimal_mark=".")
    return Scope(workspace.configuration, kind, conventions, chosen)


def bound_where(asked: ListRequest, scope: Scope, reader: Reader) -> Bound | None:
    """Return the request's filter, its pipeline included, or nothing where every record passes."""
    text = where_text(asked, scope)
    return bound_text(text, scope, reader) if text else None


def where_text(asked: ListRequest, scope: Scope) -> str:
    """Return the request's filter as text, its pipeline included; empty where every record passes."""
    parts = [f"({asked.where})" if scope.pipeline else asked.where] if asked.where else []
    parts += [f"pipeline = {scope.pipeline}"] if scope.pipeline else []
    return " and ".join(parts)


def bound_text(text: str, scope: Scope, reader: Reader) -> Bound:
    """Return a bound expression. What the configuration dropped is known while records still hold it.

    That is said of stages, users, and types, templates and results of tasks. Raises WrongUse.
    """
    expression = parse(text)
    try:
        return bind(expression, scope)
    except WrongUse:
        # Only a name that is not known is worth a look at what the records hold.
        from crmctl.workspace.gone_values import gone_values

        archived = _archived(scope, reader)
        held = gone_values(scope.kind, scope.fields.values(), reader)
        if not archived and not held:
            raise
        gone = {name: tuple(values) for name, values in held.items()}
        return bind(expression, msgspec.structs.replace(scope, archived=archived, gone=gone))


def _archived(scope: Scope, reader: Reader) -> tuple[tuple[str, str], ...]:
    """Return pipeline and stage of records whose stage the configuration no longer has."""
    if not scope.kind.staged:
        return ()
    held = {(row.f_pipeline, row.f_stage) for row in reader.scan(scope.kind, ("pipeline", "stage"))}
    known = {(each.id, stage.id) for each in scope.configuration.pipelines for stage in each.stages}
    return tuple(sorted(held - known))


Columns = Callable[[str], Getter]
"""Gives the function that takes a field's value out of a row."""


def sort_rows(rows: list[Any], sort: str, scope: Scope, columns: Columns) -> list[Any]:
    """Sort by `field,-field`, empty values last either way. Raises WrongUse for what is no field."""
    for field, falling in reversed(sort_fields(sort, scope)):
        read = _reading(field, columns)
        filled = [row for row in rows if read(row) is not None]
        empty = [row for row in rows if read(row) is None]
        try:
            filled = sorted(filled, key=_sort_key(field, read), reverse=falling)
        except (TypeError, ValueError, ArithmeticError):
            filled = sorted(filled, key=_mixed_key(field, read), reverse=falling)
        rows = filled + empty
    return rows


def sort_fields(sort: str, scope: Scope) -> list[tuple[Field, bool]]:
    """Return each field to sort by, and whether it falls. Raises WrongUse."""
    found = []
    for part in comma_separated(sort):
        with wrong_use("--sort: "):
            field = scope.configuration.field(scope.kind, part.lstrip("+-"), scope.pipeline)
        found.append((field, part.startswith("-")))
    return found


def _reading(field: Field, columns: Columns) -> Getter:
    """Return the function that takes a field's whole value out of a row."""
    own = columns(field.name)
    if not field.paired:
        return own
    pair = columns(field.paired)

    def whole(row: Any) -> Value | None:
        value = own(row)
        return None if value is None else f"{value} {pair(row) or ''}"

    return whole


def _sort_key(field: Field, read: Getter) -> Callable[[Any], Any]:
    def key(row: Any) -> Any:
        value = read(row)
        assert value is not None
        if isinstance(value, list):
            return [field.type.sort_key(one, field) for one in value]
        return field.type.sort_key(value, field)

    return key


def _mixed_key(field: Field, read: Getter) -> Callable[[Any], Any]:
    """Return what sorts values too where some were kept before the field had its type: each among its like."""
    of_type = _sort_key(field, read)

    def key(row: Any) -> Any:
        try:
            found = of_type(row)
        except (TypeError, ValueError, ArithmeticError):
            return "unlike", str(read(row))
        return (type(found).__name__ if isinstance(found, str | list | tuple) else "", found)

    return key


def _needed(
    bound: Bound | None, order: list[tuple[Field, bool]], presenter: Presenter, *, whole: bool
) -> tuple[str, ...]:
    names = ["id"]
    names += bound.fields if bound else ()
    for field, _ in order:
        names += [field.name, field.paired] if field.paired else [field.name]
    if not whole:
        names += presenter.stored_fields
    return tuple(dict.fromkeys(names))


def _picked(rows: list[Any], names: Sequence[str]) -> list[Mapping[str, Value]]:
    columns = [(name, column(name)) for name in names]
    return [{name: value for name, get in columns if (value := get(row)) is not None} for row in rows]


def _whole(reader: Reader, rows: list[Any], kind: RecordType) -> list[Mapping[str, Value]]:
    """Return whole records: one by one where few are wanted, in one go where many are."""
    if len(rows) * 20 < reader.count(kind):
        records = (reader.get(row.f_id) for row in rows)
        return [record.values for record in records if record]
    by_id = {record.id: record.values for record in reader.records(kind)}
    return [by_id[row.f_id] for row in rows]


def _notes(bound: Bound | None) -> tuple[str, ...]:
    passed = bound.passed_over if bound else 0
    if not passed:
        return ()
    return (f"{plural(passed, 'record')} in other currencies passed over",)
