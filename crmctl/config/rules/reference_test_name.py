"""A test names a pipeline, stage, field, user, task template, result, rule or report that is not there.

Such a test would fail, or pass, for a reason that it is not about. Pipelines and stages may be named by
id, title or alias; `refused` lists fields, or one of the rules duplicate, not_allowed, already_converted,
not_found and no_next_step. Fields that crmctl writes by itself are given only where an import may bring them along:
created_at, closed_at and the like.
"""

from collections.abc import Collection, Iterable, Iterator

from crmctl.config.document import Fault, Node
from crmctl.config.process_tests import (
    conversion,
    created_records,
    given_records,
    part,
    pipeline_meant,
    subject,
    tests_of,
    verbs,
)
from crmctl.config.project import Project
from crmctl.config.rule import Rule
from crmctl.config.words import suggestion
from crmctl.model.configuration import Configuration
from crmctl.model.field import Field
from crmctl.model.pipeline import Pipeline
from crmctl.model.process_test import REFUSED_BY, Verb
from crmctl.model.records import RecordType
from crmctl.model.standard_fields import KEPT_FROM_IMPORT
from crmctl.model.tasks import DONE
from crmctl.rules.audit import RULES
from crmctl.rules.convert import TARGETS

RULE = Rule("reference-test-name")


def check(project: Project) -> Iterator[Fault]:
    """Yield the names that mean nothing in the workspace."""
    found = project.configuration
    if found is None or not project.whole:
        return
    for test in tests_of(project):
        yield from _user(test, found)
        for kind, record in given_records(test):
            if kind is not RecordType.TASK or _knows_tasks(project):
                yield from _given(record, kind, found)
        for verb, argument in verbs(test):
            if verb is not Verb.COMPLETE or _knows_tasks(project):
                yield from _done(test, verb, argument, found)
            yield from _result(verb, argument, project)
        yield from _expected(test, project, found)


def _unknown(node: Node, told: str, known: Iterable[str], *, at_key: bool = False) -> Fault:
    return Fault(node, f'{told} "{node.value}"', suggestion(str(node.value), known), at_key)


def _user(test: Node, found: Configuration) -> Iterator[Fault]:
    user = test.get("user")
    if user and found.users and found.known_user(user.value) is None:
        yield _unknown(user, "there is no user", (each.id for each in found.users))


def _given(record: Node, kind: RecordType, found: Configuration) -> Iterator[Fault]:
    if kind is RecordType.LEAD and found.mode == "deals":
        yield Fault(record, "this workspace has no leads (mode: deals)", at_key=True)
        return
    named, pipeline = _filled(record, "pipeline"), None
    if kind.staged:
        pipeline = pipeline_meant(named, kind, found)
        yield from _pipeline(named, kind, found)
        if named is None and pipeline is None:
            ids = ", ".join(each.id for each in found.pipelines_of(kind))
            yield Fault(
                record, f"which {kind.value} pipeline is meant?", f"add pipeline: one of {ids}", at_key=True
            )
        yield from _stage(_filled(record, "stage"), pipeline)
    fields = found.fields_of(kind, pipeline.id if pipeline else "")
    for name in _keys(record):
        field = fields.get(name.value)
        if field is None:
            yield _no_field(name, kind.table, fields)
        elif field.computed and field.name not in KEPT_FROM_IMPORT:
            yield Fault(name, f'"{name.value}" cannot be given: crmctl writes it by itself', at_key=True)


def _filled(record: Node, key: str) -> Node | None:
    found = record.get(key)
    return None if found is None or found.value is None else found


def _keys(node: Node | None) -> Iterator[Node]:
    for name in node.value if node else ():
        value = node.get(name) if node else None
        if value:
            yield value.key()


def _no_field(name: Node, owners: str, fields: Iterable[str]) -> Fault:
    return Fault(name, f'{owners} have no field "{name.value}"', suggestion(name.value, fields), at_key=True)


def _pipeline(named: Node | None, kind: RecordType, found: Configuration) -> Iterator[Fault]:
    if named and pipeline_meant(named, kind, found) is None:
        known = [each.id for each in found.pipelines_of(kind)]
        yield _unknown(named, f"there is no {kind.value} pipeline", known)


def _stage(named: Node | None, pipeline: Pipeline | None) -> Iterator[Fault]:
    if named and pipeline and pipeline.choices.get(str(named.value)) is None:
        known = (stage.id for stage in pipeline.stages)
        yield _unknown(named, f'pipeline "{pipeline.id}" has no stage', known)


def _done(test: Node, verb: Verb, argument: Node, found: Configuration) -> Iterator[Fault]:
    when, about = part(test, "when"), subject(test)
    if about is None:
        return
    kind, record = about
    targets = [RecordType.TASK, kind] if verb is Verb.COMPLETE else [kind]
    named = when.get("pipeline")
    if verb is Verb.CONVERT:
        to, below, stage = conversion(argument)
        targets = [each for each in TARGETS if each.value in to.value]
        named = below or named
        yield from _pipeline(named, RecordType.DEAL, found)
        yield from _stage(stage, pipeline_meant(named, RecordType.DEAL, found))
    elif kind.staged and verb is not Verb.COMPLETE:
        yield from _pipeline(named, kind, found)
        place = named or (_filled(record, "pipeline") if record else None)
        if verb is Verb.MOVE:
            yield from _stage(argument, pipeline_meant(place, kind, found))
    written = argument if verb is Verb.UPDATE else when.get("set")
    for name in _keys(written):
        yield from _settable(name, kind, targets, found)


def _result(verb: Verb, argument: Node, project: Project) -> Iterator[Fault]:
    known = [DONE.id, *(name for name, _ in project.tasks.top.pairs("results"))] if project.tasks else []
    if verb is Verb.COMPLETE and project.tasks and argument.value not in known:
        yield _unknown(argument, "there is no result", known)


def _settable(
    name: Node, kind: RecordType, targets: Collection[RecordType], found: Configuration
) -> Iterator[Fault]:
    """Yield a field that neither the record has nor what it becomes; `contact.city` names one of those."""
    head, dot, rest = name.value.partition(".")
    owners = [RecordType(head)] if dot else [*targets, kind]
    field = rest if dot else head
    if any(field in found.fields_of(owner) for owner in owners):
        return
    known = {each for owner in owners for each in found.fields_of(owner)}
    told = " and ".join(dict.fromkeys(owner.table for owner in owners))
    yield Fault(name, f'{told} have no field "{field}"', suggestion(field, known), at_key=True)


def _expected(test: Node, project: Project, found: Configuration) -> Iterator[Fault]:
    expect, about = part(test, "expect"), subject(test)
    yield from _refusals(expect, found)
    yield from _templates(test, project)
    if about:
        yield from _about_record(expect, about[0], found)
    created = expect.get("created")
    for kind, values in created_records(created) if created else ():
        fields = found.fields_of(kind)
        for name in _keys(values):
            if name.value not in fields:
                yield _no_field(name, kind.table, fields)
    for name in expect.each("findings"):
        if name.value not in RULES:
            yield _unknown(name, "validate --data has no rule", RULES)
    report = expect.get("report")
    if report:
        yield from _report(report)


def _report(report: Node) -> Iterator[Fault]:
    # Most tests expect no report, and what the reports are need not be known for the others.
    from crmctl.reports.asked import needed_by, options_of, reports

    wanted = report.get("name")
    if wanted is None or wanted.value not in reports():
        if wanted:
            yield _unknown(wanted, "there is no report", reports())
        return
    known, given = options_of(str(wanted.value)), dict(report.pairs("options"))
    for name in needed_by(str(wanted.value)):
        if name not in given:
            yield Fault(wanted, f'report "{wanted.value}" needs the option "{name}"')
    for name, value in given.items():
        if name not in known:
            told = f'report "{wanted.value}" has no option "{name}"'
            yield Fault(value, told, suggestion(name, known), at_key=True)
        elif known[name] and value.value not in known[name]:
            yield _unknown(value, f"{name} cannot be", known[name])


def _about_record(expect: Node, kind: RecordType, found: Configuration) -> Iterator[Fault]:
    fields: dict[str, Field] = found.fields_of(kind)
    stage = expect.get("stage")
    if stage:
        known = [each.id for pipeline in found.pipelines_of(kind) for each in pipeline.stages]
        if stage.value not in known:
            yield _unknown(stage, f"{kind.table} have no stage", known)
    for name in _keys(expect.get("fields")):
        if name.value not in fields:
            yield _no_field(name, kind.table, fields)


def _refusals(expect: Node, found: Configuration) -> Iterator[Fault]:
    known = {name for kind in RecordType for name in found.fields_of(kind)}
    for name in expect.each("refused"):
        if name.value.rpartition(".")[2] not in known and name.value not in REFUSED_BY:
            yield _unknown(name, "there is no field and no rule", {*known, *REFUSED_BY})


def _templates(test: Node, project: Project) -> Iterator[Fault]:
    known = [name for name, _ in project.tasks.top.pairs("templates")] if project.tasks else []
    following = part(test, "when").get("next")
    if _knows_tasks(project):
        for name in part(test, "expect").each("tasks"):
            if name.value not in known:
                yield _unknown(name, "there is no task template", known)
        if following and following.value.partition(":")[0] not in known:
            yield _unknown(following, "there is no task template", known)


def _knows_tasks(project: Project) -> bool:
    """Tell whether the file of tasks is here, or none is named: else nobody can say what it has."""
    return project.tasks is not None or not (project.workspace and project.workspace.top.get("tasks"))
