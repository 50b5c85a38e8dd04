"""A pipeline is named that does not exist, or that is for other records.

`default: {lead: ..., deal: ...}` names a pipeline of leads and one of deals; a conversion names one of
deals.
"""

from collections.abc import Iterator

from crmctl.config.document import Fault, Node
from crmctl.config.project import Project
from crmctl.config.rule import Rule
from crmctl.config.words import suggestion
from crmctl.model.configuration import Configuration
from crmctl.model.records import RecordType

RULE = Rule("reference-unknown-pipeline")


def check(project: Project) -> Iterator[Fault]:
    """Yield the names that no pipeline of the record type has."""
    found = project.configuration
    if found is None or not project.whole:
        return
    default = project.workspace.top.get("default") if project.workspace else None
    for kind in (RecordType.LEAD, RecordType.DEAL):
        yield from _checked(found, default.get(kind.value) if default else None, kind)
    for _, action in project.actions():
        yield from _converted(found, action)
    for _, result in project.tasks.top.pairs("results") if project.tasks else ():
        yield from _converted(found, result)


def _converted(found: Configuration, node: Node) -> Iterator[Fault]:
    conversion = node.get("convert")
    yield from _checked(found, conversion.get("pipeline") if conversion else None, RecordType.DEAL)


def _checked(found: Configuration, name: Node | None, kind: RecordType) -> Iterator[Fault]:
    known = [pipeline.id for pipeline in found.pipelines_of(kind)]
    if name is None or name.value in known:
        return
    other = found.pipeline_by_id(name.value)
    reason = f"is for {other.record.table}" if other else "does not exist"
    yield Fault(name, f'pipeline "{name.value}" {reason}', suggestion(name.value, known))
