"""Tests of the process as the program runs them, out of documents against which no rule has anything."""

from collections.abc import Callable

from msgspec.structs import replace

from crmctl.config.document import Document, Node
from crmctl.config.process_tests import conversion, created_records, given_records, part, verbs
from crmctl.model.place import Place
from crmctl.model.process_test import (
    Expectation,
    ExpectCreated,
    ExpectFields,
    ExpectFindings,
    ExpectRefused,
    ExpectReport,
    ExpectStage,
    ExpectTasks,
    ExpectWhere,
    FieldText,
    GivenRecord,
    ProcessTest,
    Texts,
    Verb,
    When,
)
from crmctl.model.records import RecordType
from crmctl.typed import typed_texts


def compile_process_tests(document: Document) -> tuple[ProcessTest, ...]:
    """Return the tests of a file."""
    return tuple(_test(node) for node in document.top.each("tests"))


def _test(node: Node) -> ProcessTest:
    expect = part(node, "expect")
    return ProcessTest(
        node.text("name"),
        _key_place(node),
        _when(node),
        tuple(_EXPECTATIONS[key](found) for key in expect.value if (found := expect.get(key))),
        tuple(GivenRecord(kind, _fields(record), _key_place(record)) for kind, record in given_records(node)),
        node.text("user"),
        node.text("now"),
    )


def _key_place(node: Node) -> Place:
    return Place(node.document.path, *node.document.mark(node.keys, at_key=True))


def _fields(node: Node) -> tuple[FieldText, ...]:
    found = ((name, node.get(name)) for name in node.value)
    return tuple(
        FieldText(name, typed_texts(value.value), _key_place(value))
        for name, value in found
        if value is not None
    )


def _texts(node: Node | None) -> Texts:
    return {field.name: field.texts for field in _fields(node)} if node else {}


def _when(test: Node) -> When:
    when = part(test, "when")
    ((verb, argument),) = verbs(test)
    along = When(
        verb,
        _key_place(argument),
        pipeline=when.text("pipeline"),
        reason=when.text("reason"),
        next=when.text("next"),
        no_next=bool(when.value.get("no_next")),
        fields=_texts(when.get("set")),
    )
    return _VERBS[verb](along, argument)


def _converted(along: When, argument: Node) -> When:
    to, pipeline, stage = conversion(argument)
    return replace(
        along,
        to=tuple(to.value),
        pipeline=pipeline.value if pipeline else along.pipeline,
        stage=stage.value if stage else "",
    )


def _imported(along: When, argument: Node) -> When:
    rows = tuple(dict(row.value) for row in argument.each("rows"))
    return replace(along, kind=RecordType(argument.text("record")), rows=rows)


_VERBS: dict[Verb, Callable[[When, Node], When]] = {
    Verb.MOVE: lambda along, argument: replace(along, stage=argument.value),
    Verb.CREATE: lambda along, argument: replace(along, kind=RecordType(argument.value)),
    Verb.UPDATE: lambda along, argument: replace(along, fields=_texts(argument)),
    Verb.CONVERT: _converted,
    Verb.REJECT: lambda along, argument: replace(along, reason=argument.value),
    Verb.IMPORT: _imported,
    Verb.COMPLETE: lambda along, argument: replace(along, result=argument.value),
}
"""What the argument of each verb adds to what goes along with any."""


def _refused(node: Node) -> Expectation:
    if isinstance(node.value, bool):
        return ExpectRefused(_key_place(node), node.value)
    return ExpectRefused(_key_place(node), refused=True, names=tuple(node.value))


def _created(node: Node) -> Expectation:
    found = list(created_records(node))
    by_kind = {kind: _fields(values) for kind, values in found if values}
    return ExpectCreated(_key_place(node), tuple(kind for kind, _ in found), by_kind)


def _report(node: Node) -> Expectation:
    rows = tuple(row.value for row in node.each("rows"))
    options = {name: _typed(value.value) for name, value in node.pairs("options")}
    return ExpectReport(_key_place(node), node.text("name"), options, rows, node.value.get("totals", {}))


def _typed(value: object) -> str:
    """Return an option's value as it would be typed."""
    if isinstance(value, bool):
        return "yes" if value else ""
    return ",".join(map(str, value)) if isinstance(value, list) else str(value)


_EXPECTATIONS: dict[str, Callable[[Node], Expectation]] = {
    "refused": _refused,
    "stage": lambda node: ExpectStage(_key_place(node), node.value),
    "tasks": lambda node: ExpectTasks(_key_place(node), tuple(node.value)),
    "created": _created,
    "fields": lambda node: ExpectFields(_key_place(node), _fields(node)),
    "where": lambda node: ExpectWhere(_key_place(node), node.value),
    "findings": lambda node: ExpectFindings(_key_place(node), tuple(node.value)),
    "report": _report,
}
"""How each key of `expect` is read."""
