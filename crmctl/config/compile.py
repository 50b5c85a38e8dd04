"""The configuration out of documents that have passed their schemas.

It is also what the rules look names up in, so it copes with references that lead nowhere: those are
findings.
"""

from collections.abc import Mapping, Sequence
from datetime import UTC, datetime

from crmctl.config.compile_field import Vocabulary, own_field, standard_fields, value_list
from crmctl.config.compile_pipeline import requirements
from crmctl.config.compile_tasks import compile_tasks, with_choices
from crmctl.config.document import Document, Json, Node
from crmctl.config.files import USUAL_DATABASE
from crmctl.errors import BadValue
from crmctl.model.configuration import Configuration, MatchRules, User, View, choices_of
from crmctl.model.field import Conventions, Field
from crmctl.model.pipeline import Pipeline, Requirement
from crmctl.model.records import RecordType
from crmctl.model.tasks import TaskBook
from crmctl.typed import as_text

_ANY_TIME = datetime(2000, 1, 1, tzinfo=UTC)


def compile_configuration(
    workspace: Document, pipelines: Sequence[Pipeline], words: Vocabulary, tasks: Document | None
) -> Configuration:
    """Return the configuration of a workspace; `words` is its vocabulary."""
    top, raw = workspace.top, workspace.data
    users = tuple(_user(user) for user in raw.get("users", ()))
    fields = {kind.value: _fields(top, kind, words) for kind in RecordType}
    book = compile_tasks(tasks, words) if tasks else TaskBook()
    fields[RecordType.TASK] = tuple(with_choices(fields[RecordType.TASK], book))
    reports = raw.get("reports", {})
    return Configuration(
        name=top.text("name"),
        currency=top.text("currency"),
        mode=top.text("mode") or "leads",
        timezone=top.text("timezone") or "UTC",
        phone_region=top.text("phone_region"),
        database=top.text("database") or USUAL_DATABASE,
        fields=fields,
        pipelines=tuple(pipelines),
        users=users,
        lists=dict(words.lists),
        default=dict(raw.get("default", {})),
        require=_require(top),
        convert={target: dict(fields) for target, fields in raw.get("convert", {}).items()},
        match=_match(top, fields),
        views={name: _view(view) for name, view in raw.get("views", {}).items()},
        rates=_rates(raw.get("rates")),
        spend=top.text("spend"),
        year_starts=reports.get("year_starts", "01-01"),
        week_starts=reports.get("week_starts", "monday"),
        tasks=top.text("tasks"),
        task_book=book,
    )


def vocabulary(workspace: Document) -> Vocabulary:
    """Return what the fields of a workspace choose from."""
    lists = {name: value_list(name, entries.value) for name, entries in workspace.top.pairs("lists")}
    return Vocabulary(lists, choices_of([_user(user) for user in workspace.data.get("users", ())]))


def _user(raw: Json) -> User:
    return User(
        raw["id"],
        raw.get("name", ""),
        raw.get("email", ""),
        raw.get("role", ""),
        raw.get("team", ""),
        tuple(raw.get("aliases", ())),
    )


def _fields(top: Node, kind: RecordType, words: Vocabulary) -> tuple[Field, ...]:
    own = top.get("fields")
    declared = own.pairs(kind.value) if own else ()
    return (*standard_fields(kind, words), *(own_field(name, raw.value, words) for name, raw in declared))


def _require(top: Node) -> dict[str, tuple[Requirement, ...]]:
    found = top.get("require")
    return {kind: requirements(found, kind) for kind in found.value} if found else {}


def _match(top: Node, fields: Mapping[str, Sequence[Field]]) -> MatchRules:
    raw = top.value.get("duplicates", {})
    rules = {kind: tuple(map(tuple, names)) for kind, names in raw.items() if kind != "ignore"}
    known = {field.name: field for own in reversed([*fields.values()]) for field in own}
    conventions = Conventions(_ANY_TIME, currency=top.text("currency"), phone_region=top.text("phone_region"))
    ignored = {
        name: tuple(_kept(known.get(name), as_text(value), conventions) for value in values)
        for name, values in raw.get("ignore", {}).items()
    }
    return MatchRules(rules, ignored)


def _kept(field: Field | None, text: str, conventions: Conventions) -> str:
    """Return a value as records keep it, or as it is written where no field takes it."""
    try:
        return str(field.type.parse(text, field, conventions)) if field else text
    except BadValue:
        return text


def _view(raw: Json) -> View:
    return View(
        raw["record"],
        raw.get("where", ""),
        raw.get("sort", ""),
        tuple(raw.get("fields", ())),
        raw.get("title", ""),
    )


def _rates(raw: Json) -> dict[str, str] | str | None:
    return {code: as_text(rate) for code, rate in raw.items()} if isinstance(raw, dict) else raw
