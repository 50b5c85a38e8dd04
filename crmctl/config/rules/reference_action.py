"""An action cannot be carried out on these records.

Only leads are converted. Fields that crmctl writes by itself (id, revision, closed_at, ...) cannot be
set.
"""

from collections.abc import Iterator

from crmctl.config.document import Fault
from crmctl.config.project import Project, records_of
from crmctl.config.rule import Rule
from crmctl.model.records import RecordType
from crmctl.model.standard_fields import STANDARD_FIELDS

RULE = Rule("reference-action")


def check(project: Project) -> Iterator[Fault]:
    """Yield the actions that their records do not allow."""
    for document, action in project.actions():
        kind, _ = records_of(document)
        conversion = action.get("convert")
        if conversion and kind is not RecordType.LEAD:
            yield Fault(conversion, "only leads are converted", at_key=True)
        computed = {field.name for field in STANDARD_FIELDS[kind] if field.computed}
        for name, value in action.pairs("set"):
            if name in computed:
                yield Fault(value, f'"{name}" cannot be set: crmctl writes it by itself', at_key=True)
