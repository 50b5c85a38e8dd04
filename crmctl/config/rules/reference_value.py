"""A value in the configuration is one that its field would refuse.

`default`, `example`, `min` and `max` of a field, the values that actions set, the category of a task
template where `categories:` is declared, and the values that `duplicates:` ignores are read as if they had
been typed; so are the length of `max_age` and the day on which the reporting year begins. Only numbers,
amounts, dates and times have a least and a most, and a boolean has one value.

    visits: {type: integer, min: 1, default: none}    # wrong: "none" is no number
"""

from collections.abc import Callable, Iterator

import msgspec

from crmctl import dates
from crmctl.config.compile_field import own_field
from crmctl.config.document import Fault, Node
from crmctl.config.project import OwnField, Project, records_of
from crmctl.config.rule import Rule
from crmctl.config.words import as_texts, name_of
from crmctl.errors import BadValue
from crmctl.model.field import Field
from crmctl.model.field_types.pattern import compiled
from crmctl.model.records import RecordType
from crmctl.typed import as_text

RULE = Rule("reference-value")

_ORDERED = frozenset({"money", "number", "integer", "date", "datetime"})


def check(project: Project) -> Iterator[Fault]:
    """Yield the values that cannot be read as what they stand for."""
    for own in project.own_fields():
        yield from _declared(project, own)
    for document, action in project.actions():
        fields = project.fields(*records_of(document)) or {}
        for name, value in action.pairs("set"):
            if name in fields and value.value is not None:
                yield from _tried(value, fields[name].parse, as_texts(value.value), project.conventions)
    for _, stage in project.stages():
        if age := stage.get("max_age"):
            yield from _tried(age, dates.read_duration, age.value)
    yield from _categories(project)
    if project.workspace:
        yield from _ignored(project, project.workspace.top)
        yield from _year(project, project.workspace.top)


def _tried(node: Node, read: Callable[..., object], *arguments: object) -> Iterator[Fault]:
    try:
        read(*arguments)
    except BadValue as error:
        yield Fault(node, f"{name_of(node)} is refused: {error.reason}", error.hint or "")


def _declared(project: Project, own: OwnField) -> Iterator[Fault]:
    """Check a field's bounds by themselves, then its default and its example against them."""
    yield from _meaningless(own.node)
    field = own_field(own.name, own.node.value, project.words)
    if field.kind not in _ORDERED:
        field = msgspec.structs.replace(field, min="", max="")
    bare = msgspec.structs.replace(field, pattern="", min="", max="")
    relations = (("min", ">="), ("max", "<=")) if field.kind in _ORDERED else ()
    bounds = [(own.node.get(key), relation) for key, relation in relations]
    wrong = [
        fault
        for node, relation in bounds
        if node
        for fault in _tried(
            node, bare.type.comparison, relation, as_text(node.value), bare, project.conventions
        )
    ]
    yield from wrong
    if not wrong:
        yield from _in_order(project, own.node, bare, field)
    sound = msgspec.structs.replace(field, min="", max="") if wrong else field
    for key in ("default", "example"):
        if node := own.node.get(key):
            yield from _tried(node, _usable(sound).parse, as_texts(node.value), project.conventions)


def _meaningless(node: Node) -> Iterator[Fault]:
    """Yield what a field of its type cannot have."""
    kind = node.text("type")
    for key in ("min", "max"):
        if kind not in _ORDERED and (bound := node.get(key)):
            hint = "pattern: '^.{3,5}$' bounds the length of text" if "text" in kind else ""
            yield Fault(bound, f'a field of type "{kind}" has no "{key}"', hint, at_key=True)
    if kind == "boolean" and (many := node.get("multiple")) and many.value:
        yield Fault(many, 'a field of type "boolean" has one value, not several', at_key=True)


def _in_order(project: Project, node: Node, bare: Field, field: Field) -> Iterator[Fault]:
    largest = node.get("max")
    if largest and field.min:
        above = bare.type.comparison(">=", field.min, bare, project.conventions)
        if not above(bare.type.parse(field.max, bare, project.conventions)):
            yield Fault(largest, f'"max" is less than "min", which is {field.min}')


def _usable(field: Field) -> Field:
    """Return the field without a pattern that cannot be run, which is another rule's to tell."""
    try:
        compiled(field.pattern)
    except BadValue:
        return msgspec.structs.replace(field, pattern="")
    return field


def _ignored(project: Project, top: Node) -> Iterator[Fault]:
    rules = top.get("duplicates")
    known = {name: field for kind in RecordType for name, field in (project.fields(kind) or {}).items()}
    for name, values in rules.pairs("ignore") if rules else ():
        for value in values.items() if name in known else ():
            yield from _tried(value, known[name].parse, as_texts(value.value), project.conventions)


def _categories(project: Project) -> Iterator[Fault]:
    book, top = project.task_book, project.tasks.top if project.tasks else None
    for _, template in top.pairs("templates") if top else ():
        category = template.get("category")
        if book and book.categories and category:
            yield from _tried(category, book.categories.find, category.value)


def _year(project: Project, top: Node) -> Iterator[Fault]:
    reports = top.get("reports")
    start = reports.get("year_starts") if reports else None
    if start:
        # A year without 29 February: the reporting year must begin in every one.
        yield from _tried(start, dates.read_date, f"2001-{start.value}", project.now, "UTC")
