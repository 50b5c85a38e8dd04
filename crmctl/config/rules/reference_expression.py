"""A condition (`when`, `where`) cannot be read, or asks for a field or a value that does not exist.

The language is that of `crmctl filter`; `crmctl help filters` describes it.

    require: [{field: address, when: 'delivery == curier'}]    # wrong: the list has "courier"
"""

from collections.abc import Iterator

from crmctl.config.document import Fault, Node
from crmctl.config.project import Project
from crmctl.config.rule import Rule
from crmctl.model.records import RecordType

RULE = Rule("reference-expression")


def check(project: Project) -> Iterator[Fault]:
    """Yield the conditions that do not hold water."""
    for document in project.pipelines:
        top = document.top
        for condition in _in_pipeline(top):
            yield from _judged(project, condition, RecordType(top.text("record")), top.text("pipeline"))
    if project.workspace is None:
        return
    top = project.workspace.top
    for _, view in top.pairs("views"):
        if where := view.get("where"):
            yield from _judged(project, where, RecordType(view.text("record")))
    required = top.get("require")
    for kind in required.value if required else ():
        for entry in required.each(kind) if required else ():
            if when := entry.get("when"):
                yield from _judged(project, when, RecordType(kind))


def _in_pipeline(top: Node) -> Iterator[Node]:
    for stage in top.each("stages"):
        for key in ("require", "require_to_leave"):
            for entry in stage.each(key):
                if condition := entry.get("when"):
                    yield condition
    for permission in top.each("access"):
        if condition := permission.get("where"):
            yield condition


def _judged(project: Project, condition: Node, kind: RecordType, pipeline: str = "") -> Iterator[Fault]:
    from crmctl.query import QueryError, Scope, bind, parse

    try:
        expression = parse(condition.value)
        # A pipeline file checked alone does not know the workspace's fields.
        if project.configuration and project.whole and project.fields(kind) is not None:
            bind(expression, Scope(project.configuration, kind, project.conventions, pipeline))
    except QueryError as error:
        yield Fault(condition, f"{error.message} in: {condition.value}", error.hint or "")
