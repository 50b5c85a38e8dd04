"""What came of a test, held against what it expects: one function for each key of `expect`."""

from collections import Counter
from collections.abc import Callable, Iterator, Mapping, Sequence
from typing import Any

import msgspec

from crmctl.errors import BadValue
from crmctl.model.field import Field
from crmctl.model.process_result import Failure
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
    ProcessTest,
)
from crmctl.model.records import Record, RecordType
from crmctl.model.tasks import NOTICE
from crmctl.rules.audit import NEXT_STEP
from crmctl.workspace.auditing import audit_records
from crmctl.workspace.listing import bound_text, scope_of
from crmctl.workspace.process_tests.act import Acted
from crmctl.workspace.process_tests.compare_report import report_failures
from crmctl.workspace.workspace import Workspace


class Aftermath(msgspec.Struct, frozen=True):
    """What is there when a test has acted; `subject` is the record that it is about, where there is one."""

    workspace: Workspace
    acted: Acted
    subject: Record | None


def failures(test: ProcessTest, after: Aftermath) -> list[Failure]:
    """Return what is not as expected. After a refusal that nobody expected there is nothing else to compare."""
    refusals = [each for each in test.expect if isinstance(each, ExpectRefused)]
    refused = after.acted.refused
    if refused and not any(each.refused for each in refusals):
        place = refusals[0].place if refusals else test.when.place
        return [Failure(test.when.verb.value, place, "it to be done", f"a refusal: {refused.text}")]
    return [each for expected in test.expect for each in _BY_TYPE[type(expected)](expected, after)]


def _refused(expected: ExpectRefused, after: Aftermath) -> Iterator[Failure]:
    refused = after.acted.refused
    wanted = f"a refusal for {_listed(expected.names)}" if expected.names else "a refusal"
    if not expected.refused:
        return
    if refused is None:
        subject = after.subject
        where = f", {subject.label} is on {subject.stage}" if subject and subject.stage else ""
        yield Failure("refused", expected.place, wanted, f"none: it was done{where}")
    elif expected.names and not _same_names(expected.names, refused.names):
        yield Failure("refused", expected.place, wanted, f"one for {_listed(refused.names)}: {refused.text}")


def _same_names(wanted: Sequence[str], found: Sequence[str]) -> bool:
    """Tell whether both name the same fields; of `contact.city` the latter part will do."""
    short = {name: name.rpartition(".")[2] for name in found}
    known = all(name in short or name in short.values() for name in wanted)
    return known and all(name in wanted or short[name] in wanted for name in found)


def _stage(expected: ExpectStage, after: Aftermath) -> Iterator[Failure]:
    found = after.subject.stage if after.subject else ""
    if found != expected.stage:
        yield Failure("stage", expected.place, expected.stage, found or "no record on any stage")


def _tasks(expected: ExpectTasks, after: Aftermath) -> Iterator[Failure]:
    made = (each for each in after.acted.created if each.type is RecordType.TASK)
    found = [each.text("template") for each in made if each.text("type") != NOTICE]
    if Counter(found) != Counter(expected.templates):
        yield Failure("tasks", expected.place, _listed(expected.templates), _listed(found))


def _created(expected: ExpectCreated, after: Aftermath) -> Iterator[Failure]:
    # Tasks have a key of their own, and are among what was created only where that is said.
    named = RecordType.TASK in expected.kinds
    found = [each for each in after.acted.created if named or each.type is not RecordType.TASK]
    wanted = [kind.value for kind in expected.kinds]
    kinds = [record.type.value for record in found]
    # With fields, a type is named once, however many records there are of it.
    if set(wanted) != set(kinds) or not (expected.fields or sorted(wanted) == sorted(kinds)):
        yield Failure("created", expected.place, _listed(wanted), _listed(kinds))
        return
    for kind, fields in expected.fields.items():
        tried = [
            list(_unlike(fields, each, after, f"created.{kind}.")) for each in found if each.type is kind
        ]
        yield from min(tried, key=len)


def _fields(expected: ExpectFields, after: Aftermath) -> Iterator[Failure]:
    if after.subject is None:
        yield Failure("fields", expected.place, "a record", "none")
        return
    yield from _unlike(expected.fields, after.subject, after, "fields.")


def _unlike(fields: Sequence[FieldText], record: Record, after: Aftermath, prefix: str) -> Iterator[Failure]:
    """Yield the fields that hold something else: compared as the filter language compares values."""
    known = after.workspace.configuration.fields_of(record.type, record.pipeline)
    for each in fields:
        field = known.get(each.name)
        if field is None or not _holds(record, field, each.texts, after.workspace):
            wanted = _listed(filter(None, each.texts), "empty")
            shown = _shown(record, field, after.workspace) if field else ""
            yield Failure(prefix + each.name, each.place, wanted, shown or "empty")


def _holds(record: Record, field: Field, texts: Sequence[str], workspace: Workspace) -> bool:
    """Tell whether a record has a value; an amount without a currency is in that of the record."""
    conventions = workspace.conventions
    if field.type.numeric and (currency := record.text(field.paired)):
        conventions = msgspec.structs.replace(conventions, currency=currency)
    try:
        return field.equals(field.read(record.values), texts, conventions)
    except BadValue:
        return False  # such as a stage of another pipeline


def _shown(record: Record, field: Field, workspace: Workspace) -> str:
    value = field.read(record.values) if field.type.carries_pair else record.get(field.name)
    return field.show(value, workspace.conventions)


def _where(expected: ExpectWhere, after: Aftermath) -> Iterator[Failure]:
    subject, workspace = after.subject, after.workspace
    if subject is None:
        yield Failure("where", expected.place, expected.condition, "no record")
        return
    reader = workspace.read()
    bound = bound_text(expected.condition, scope_of(workspace, subject.type), reader)
    rows = reader.scan(subject.type, ("id",), workspace.filter(bound, reader))
    if not any(row.f_id == subject.id for row in rows):
        yield Failure(
            "where", expected.place, expected.condition, f"{subject.label}, which does not fulfil it"
        )


def _findings(expected: ExpectFindings, after: Aftermath) -> Iterator[Failure]:
    # Few tests are about what comes next: that there is nothing counts only where it is expected.
    named = NEXT_STEP in expected.rules
    found = [each for each in audit_records(after.workspace).findings if named or each.rule != NEXT_STEP]
    rules = dict.fromkeys(each.rule for each in found)
    if set(rules) != set(expected.rules):
        told = "".join(f"\n  {each.path}: {each.message} [{each.rule}]" for each in found)
        yield Failure("findings", expected.place, _listed(expected.rules), _listed(rules) + told)


def _report(expected: ExpectReport, after: Aftermath) -> Iterator[Failure]:
    yield from report_failures(expected, after.workspace)


def _listed(names: Any, none: str = "none") -> str:
    return ", ".join(names) or none


_BY_TYPE: Mapping[type[Expectation], Callable[[Any, Aftermath], Iterator[Failure]]] = {
    ExpectRefused: _refused,
    ExpectStage: _stage,
    ExpectTasks: _tasks,
    ExpectCreated: _created,
    ExpectFields: _fields,
    ExpectWhere: _where,
    ExpectFindings: _findings,
    ExpectReport: _report,
}
