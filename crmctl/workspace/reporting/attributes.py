"""The fields that a report divides records by, found by the names that people type."""

from crmctl.errors import wrong_use
from crmctl.model.field import Field
from crmctl.model.records import RecordType, Value, is_empty
from crmctl.query.scope import Scope
from crmctl.reports.attribute import OUTCOME, Attribute, outcome_of
from crmctl.storage.interface import Reader, column
from crmctl.workspace.listing import scope_of
from crmctl.workspace.workspace import Workspace


def attribute_of(workspace: Workspace, reader: Reader, kind: RecordType, name: str, option: str) -> Attribute:
    """Return the field that a name means: its own, `outcome`, or `contact.source` of whom it refers to.

    Raises WrongUse.
    """
    workspace.configuration.check_kind(kind)
    scope = scope_of(workspace, kind)
    if kind.staged and name == OUTCOME and OUTCOME not in scope.fields:
        return outcome_of(kind)
    pointer, dot, beyond = name.partition(".")
    with wrong_use(f"{option}: "):
        if not dot:
            return Attribute(kind, scope.field(name))
        return _beyond(reader, scope, scope.reference(pointer.strip()), beyond.strip())


def _beyond(reader: Reader, scope: Scope, via: Field, name: str) -> Attribute:
    field, kind = scope.beyond(via, name), RecordType(via.to)
    names = (field.name, field.paired) if field.paired else (field.name,)
    columns = [(each, column(each)) for each in names]
    values: dict[str, Value] = {}
    for row in reader.scan(kind, ("id", *names)):
        held = {each: value for each, get in columns if not is_empty(value := get(row))}
        whole = field.read(held)
        if whole is not None:
            values[row.f_id] = whole
    return Attribute(kind, field, via, values)
