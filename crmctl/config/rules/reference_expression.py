"""A condition (`when`, `where`) cannot be read, or asks for a field or a value that does not exist.

The language is that of `crmctl filter`; `crmctl help filters` describes it.

    require: [{field: address, when: 'delivery == curier'}]    # wrong: the list has "courier"
"""

from collections.abc import Iterator

from crmctl.config.document import Fault, Node
from crmctl.config.project import Project, records_of
from crmctl.config.rule import Rule
from crmctl.model.records import RecordType

RULE = Rule("reference-expression")


def check(project: Project) -> Iterator[Fault]:
    """Yield the conditions that do not hold water."""
    for kind, pipeline, entry in project.requirements():
        if when := entry.get("when"):
            yield from _judged(project, when, kind, pipeline)
    for document in project.pipelines:
        for permission in document.top.each("access"):
            if where := permission.get("where"):
                yield from _judged(project, where, *records_of(document))
    for _, view in project.workspace.top.pairs("views") if project.workspace else ():
        if where := view.get("where"):
            yield from _judged(project, where, RecordType(view.text("record")))


def _judged(project: Project, condition: Node, kind: RecordType, pipeline: str = "") -> Iterator[Fault]:
    from crmctl.query import QueryError, Scope, bind, parse

    try:
        expression = parse(condition.value)
        # A pipeline file checked alone does not know the workspace's fields.
        if project.configuration and project.whole and project.fields(kind) is not None:
            bind(expression, Scope(project.configuration, kind, project.conventions, pipeline))
    except QueryError as error:
        yield Fault(condition, f"{error.message} in: {condition.value}", error.hint or "")
