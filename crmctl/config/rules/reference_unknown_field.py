"""A field is named that these records do not have.

A gate on such a field could never be passed, a column of it never be shown. Fields are the standard
ones of the record type, those under `fields:` in crmctl.yaml and, for a pipeline's records, those under
`fields:` in its file.

    stages:
      - {stage: shipping, require: [waybil]}    # wrong: the field is called waybill
"""

from collections.abc import Iterable, Iterator

from crmctl.config.document import Fault, Node
from crmctl.config.project import Project, records_of
from crmctl.config.rule import Rule
from crmctl.config.words import suggestion
from crmctl.model.field import Field
from crmctl.model.records import RecordType
from crmctl.text import name_key

RULE = Rule("reference-unknown-field")


def check(project: Project) -> Iterator[Fault]:
    """Yield the names that no field has."""
    for kind, pipeline, entry in project.requirements():
        # A field of all records may be declared in a pipeline file that is missing here.
        if pipeline or project.whole:
            yield from _missing(project, entry.named("field"), kind, pipeline)
    for document, action in project.actions():
        kind, pipeline = records_of(document)
        for _, value in action.pairs("set"):
            yield from _missing(project, value.key(), kind, pipeline, at_key=True)
    if project.workspace and project.whole:
        yield from _workspace(project, project.workspace.top)
    if project.tasks:
        yield from _tasks(project, project.tasks.top)


def _missing(
    project: Project, name: Node, kind: RecordType, pipeline: str = "", *, at_key: bool = False
) -> Iterator[Fault]:
    fields = project.fields(kind, pipeline)
    if fields is not None and name.value not in fields:
        yield _fault(name, kind.table, fields, at_key=at_key)


def _fault(name: Node, owners: str, fields: Iterable[str], *, at_key: bool = False) -> Fault:
    hint = suggestion(name.value, fields) or "declare it under fields:"
    return Fault(name, f'{owners} have no field "{name.value}"', hint, at_key)


def _workspace(project: Project, top: Node) -> Iterator[Fault]:
    rules, converted = top.get("duplicates"), top.get("convert")
    for kind in RecordType:
        for rule in rules.each(kind.value) if rules else ():
            for name in rule.items():
                yield from _missing(project, name, kind)
        for _, name in converted.pairs(kind.value) if converted else ():
            yield from _missing(project, name.key(), RecordType.LEAD, at_key=True)
            yield from _missing(project, name, kind)
    for _, values in rules.pairs("ignore") if rules else ():
        yield from _ignored(project, values.key())
    for _, view in top.pairs("views"):
        yield from _view(project, view)


def _ignored(project: Project, name: Node) -> Iterator[Fault]:
    known = {field for kind in RecordType for field in project.fields(kind) or ()}
    if name.value not in known:
        yield _fault(name, "records", known, at_key=True)


def _view(project: Project, view: Node) -> Iterator[Fault]:
    kind = RecordType(view.text("record"))
    fields = project.fields(kind)
    if fields is None:
        return
    for name in view.each("fields"):
        if not _is_column(project, name.value, fields):
            yield _fault(name, kind.table, fields)
    sort = view.get("sort")
    for part in sort.value.split(",") if sort else ():
        word = part.strip().removeprefix("-")
        if sort and not _is_column(project, word, fields):
            yield Fault(sort, f'{kind.table} have no field "{word}"', suggestion(word, fields))


def _is_column(project: Project, name: str, fields: dict[str, Field]) -> bool:
    """Tell whether a name is a field, by id, title or alias, or one of a record it refers to."""
    first, dot, second = name.partition(".")
    if not dot:
        return name in fields or any(name_key(name) in _names(field) for field in fields.values())
    via = fields.get(first)
    beyond = project.fields(RecordType(via.to)) if via and via.to else None
    return beyond is not None and second in beyond


def _names(field: Field) -> list[str]:
    return [name_key(name) for name in (field.title, *field.aliases) if name]


def _tasks(project: Project, top: Node) -> Iterator[Fault]:
    """Yield what tasks are asked for beyond their fields, those of their kind, and those of the result."""
    standard = project.fields(RecordType.TASK)
    if standard is None:
        return
    by_kind = {kind: {name for name, _ in raw.pairs("fields")} for kind, raw in top.pairs("types")}
    for group in ("types", "templates", "results"):
        for _, owner in top.pairs(group):
            own = {name for name, _ in owner.pairs("fields")}
            kinds = [owner.text("type")] if group == "templates" else by_kind
            known = own.union(standard, *(by_kind.get(kind, set()) for kind in kinds))
            for entry in owner.each("require"):
                if entry.named("field").value not in known:
                    yield _fault(entry.named("field"), "tasks", known)
