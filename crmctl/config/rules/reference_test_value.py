"""A test gives or expects a value that its field would refuse, or asks for a time or a condition that cannot be read.

Values under `given`, `fields` and `created` are read as if they had been typed at the time of the test.
What is set under `when` is not judged here: to see it refused may be what the test is for.

    given: {deal: {visit_date: 2026-02-30}}    # wrong: there is no such day
"""

from collections.abc import Callable, Iterator
from datetime import datetime

import msgspec

from crmctl.config.document import Fault, Json, Node
from crmctl.config.process_tests import created_records, given_records, part, subject, tests_of
from crmctl.config.project import Project
from crmctl.config.rule import Rule
from crmctl.config.words import name_of
from crmctl.dates import read_moment
from crmctl.errors import BadValue
from crmctl.model.field import Conventions, Field
from crmctl.model.records import RecordType
from crmctl.rules.assignment import STAGED
from crmctl.typed import typed_texts

RULE = Rule("reference-test-value")


def check(project: Project) -> Iterator[Fault]:
    """Yield the values, times and conditions that mean nothing."""
    if project.configuration is None or not project.whole:
        return
    for test in tests_of(project):
        conventions = project.conventions
        if now := test.get("now"):
            wrong = list(_tried(now, _moment, now.value, conventions))
            yield from wrong
            if not wrong:
                conventions = msgspec.structs.replace(conventions, now=_moment(now.value, conventions))
        for kind, record in given_records(test):
            yield from _given(record, kind, project, conventions)
        yield from _expected(test, project, conventions)


def _given(node: Node, kind: RecordType, project: Project, conventions: Conventions) -> Iterator[Fault]:
    """Yield what is wrong with given values; their pipelines and stages are names, of which another rule tells."""
    own = {name: value for name, value in node.value.items() if name not in STAGED}
    yield from _fields(Node(node.document, node.keys, own), kind, project, conventions)


def _moment(text: str, conventions: Conventions) -> datetime:
    return read_moment(text, conventions.now, conventions.timezone)


def _parsed(value: Json, field: Field, conventions: Conventions) -> None:
    field.parse(list(typed_texts(value)), conventions)


def _tried(node: Node, read: Callable[..., object], *arguments: object) -> Iterator[Fault]:
    try:
        read(*arguments)
    except BadValue as error:
        yield Fault(node, f"{name_of(node)} is refused: {error.reason}", error.hint or "")


def _fields(node: Node, kind: RecordType, project: Project, conventions: Conventions) -> Iterator[Fault]:
    fields = project.fields(kind) or {}
    for name in node.value:
        value, field = node.get(name), fields.get(name)
        if value is not None and field is not None:
            yield from _tried(value, _parsed, value.value, field, conventions)


def _expected(test: Node, project: Project, conventions: Conventions) -> Iterator[Fault]:
    expect, about = part(test, "expect"), subject(test)
    created = expect.get("created")
    for kind, values in created_records(created) if created else ():
        if values:
            yield from _fields(values, kind, project, conventions)
    if about is None:
        return
    kind, _ = about
    if fields := expect.get("fields"):
        yield from _fields(fields, kind, project, conventions)
    if where := expect.get("where"):
        yield from _condition(where, kind, project, conventions)


def _condition(where: Node, kind: RecordType, project: Project, conventions: Conventions) -> Iterator[Fault]:
    from crmctl.query import QueryError, Scope, bind, parse

    if project.configuration is None or project.fields(kind) is None:
        return
    try:
        bind(parse(where.value), Scope(project.configuration, kind, conventions))
    except QueryError as error:
        yield Fault(where, f"{error.message} in: {where.value}", error.hint or "")
