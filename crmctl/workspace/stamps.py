"""The upkeep fields of a record that a change leaves: who wrote it, when, and how often it was written."""

from msgspec import structs

from crmctl.model.change import Change
from crmctl.model.records import Record, Value
from crmctl.rules.context import Context


def stamped(change: Change, record: Record, context: Context) -> Change:
    """Return a change with the stamps of the record that it leaves; a new one may bring some along."""
    values: dict[str, Value] = dict(record.values)
    new, kept = change.before is None, values.get
    values["updated_at"] = (new and kept("updated_at")) or context.at
    values["updated_by"] = (new and kept("updated_by")) or context.by
    if new and change.op != "restore":
        values["created_at"] = kept("created_at") or context.at
        values["created_by"] = kept("created_by") or context.by
        values["revision"] = kept("revision") or 1
    else:
        values["revision"] = record.revision + 1
    return structs.replace(change, after=Record(values))
