"""A gate requires a field that nobody can fill.

Computed fields (created_at, closed_at, origin_lead, revision, ...) are written by crmctl alone: a
record that lacks one could never pass.
"""

from collections.abc import Iterator

from crmctl.config.document import Fault
from crmctl.config.project import Project
from crmctl.config.rule import Rule
from crmctl.model.standard_fields import STANDARD_FIELDS

RULE = Rule("reference-unfillable-field", needed=False)


def check(project: Project) -> Iterator[Fault]:
    """Yield the required fields that are computed."""
    for kind, _, entry in project.requirements():
        name = entry.named("field")
        if name.value in {field.name for field in STANDARD_FIELDS.get(kind, ()) if field.computed}:
            yield Fault(name, f'nobody can fill "{name.value}": crmctl writes it by itself')
