"""A gate requires a field that nobody can fill.

Computed fields (created_at, closed_at, origin_lead, revision, ...) are written by crmctl alone: a
record that lacks one could never pass. The same holds for what types, templates and results of tasks require.
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
    for kind, entry in _required(project):
        name = entry.named("field")
        if name.value in {field.name for field in STANDARD_FIELDS.get(kind, ()) if field.computed}:
            yield Fault(name, f'nobody can fill "{name.value}": crmctl writes it by itself')


def _required(project: Project) -> Iterator[tuple[RecordType, Node]]:
    """Yield every entry of a gate with the type of the records that it asks."""
    yield from ((kind, entry) for kind, _, entry in project.requirements())
    for group in ("types", "templates", "results") if project.tasks else ():
        for _, owner in project.tasks.top.pairs(group) if project.tasks else ():
            yield from ((RecordType.TASK, entry) for entry in owner.each("require"))
