"""An own field has the name of another field of the same records.

Own fields share one namespace with the standard ones of their record type. Two pipelines, or two
results of tasks, may both declare a field of their own, but then of the same type: reports and filters
read it across them.
"""

from collections.abc import Iterator

from crmctl.config.document import Fault
from crmctl.config.project import OwnField, Project
from crmctl.config.rule import Rule
from crmctl.model.records import RecordType
from crmctl.model.standard_fields import STANDARD_FIELDS

RULE = Rule("reference-field-collision")


def check(project: Project) -> Iterator[Fault]:
    """Yield the fields whose name is taken."""
    first: dict[tuple[RecordType, str], OwnField] = {}
    for field in project.own_fields():
        if field.name in {standard.name for standard in STANDARD_FIELDS.get(field.record, ())}:
            yield _fault(field, f"is a standard field of {field.record.table}")
            continue
        known = first.setdefault((field.record, field.name), field)
        where = f"{known.node.document.path}:{known.node.line(at_key=True)}"
        if known is field:
            continue
        if not known.owner:
            yield _fault(field, f"is already declared for all {field.record.table} in {where}")
        elif known.node.text("type") != field.node.text("type"):
            yield _fault(field, f"is declared with the type {known.node.text('type')} in {where}")


def _fault(field: OwnField, reason: str) -> Fault:
    return Fault(field.node, f'field "{field.name}" {reason}', "give it another name", at_key=True)
