"""Changing fields: the gates the record stands behind go on to hold."""

from collections.abc import Mapping

from crmctl.model.change import Change
from crmctl.model.records import Record, Value
from crmctl.model.standard_fields import NAME_PARTS
from crmctl.rules.context import Context
from crmctl.rules.create import built_title
from crmctl.rules.decision import Refusal
from crmctl.rules.gate import newly_missing
from crmctl.rules.lines_sum import with_sum

_TITLED_BY = frozenset({*NAME_PARTS, "name", "company_name"})
"""Fields that a title which nobody typed is built from."""


def update(
    record: Record, values: Mapping[str, Value | None], context: Context, op: str = "update"
) -> Change | Refusal:
    """Decide on new values, None for an emptied field. A change of nothing has equal `before` and `after`."""
    after = with_sum(record, retitled(record, record.having(values), values), values)
    missing = newly_missing(record, after, context)
    if missing:
        told = "a required field would be empty" if len(missing) == 1 else "required fields would be empty"
        return Refusal(record, f"{record.label} cannot be changed: {told}", tuple(missing))
    return Change(op, record, after)


def retitled(before: Record, after: Record, values: Mapping[str, Value | None]) -> Record:
    """Return the changed record with a title that was built from the name following the name."""
    if "title" in values or not _TITLED_BY & values.keys() or before.title != built_title(before):
        return after
    return after.having({"title": built_title(after) or before.title})
