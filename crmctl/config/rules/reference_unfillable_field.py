"""A gate requires a field that nobody can fill.

Computed fields (created_at, closed_at, origin_lead, revision, ...) are written by crmctl alone: a
record that lacks one could never pass.
"""

from collections.abc import Iterator

from crmctl.config.document import Fault, Node
from crmctl.config.project import Project
from crmctl.config.rule import Rule
from crmctl.model.records import RecordType
from crmctl.model.standard_fields import STANDARD_FIELDS

RULE = Rule("reference-unfillable-field", needed=False)


def check(project: Project) -> Iterator[Fault]:
    """Yield the required fields that are computed."""
    for document, stage in project.stages():
        for key in ("require", "require_to_leave"):
            yield from _computed(stage, key, RecordType(document.top.text("record")))
    required = project.workspace.top.get("require") if project.workspace else None
    for kind in required.value if required else ():
        if required:
            yield from _computed(required, kind, RecordType(kind))


def _computed(owner: Node, key: str, kind: RecordType) -> Iterator[Fault]:
    computed = {field.name for field in STANDARD_FIELDS.get(kind, ()) if field.computed}
    for entry in owner.each(key):
        name = entry.named("field")
        if name.value in computed:
            yield Fault(name, f'nobody can fill "{name.value}": crmctl writes it by itself')
