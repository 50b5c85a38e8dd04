"""The upkeep fields of a record that a change leaves: who wrote it, when, and how often it was written."""

from msgspec import structs

from crmctl.model.change import Change
from crmctl.model.records import Record, Value
from crmctl.rules.context import Context


def stamped(change: Change, record: Record, context: Context) -> Change:
    """Return a change with the stamps of the record that it leaves; a new one may bring some along."""
    kept = record.values if change.before is None else {}
    stamps: dict[str, Value] = {
        "updated_at": kept.get("updated_at") or context.at,
        "updated_by": kept.get("updated_by") or context.by,
        "revision": record.revision + 1,
    }
    if change.before is None and change.op != "restore":
        stamps["created_at"] = kept.get("created_at") or context.at
        stamps["created_by"] = kept.get("created_by") or context.by
        stamps["revision"] = kept.get("revision") or 1
    return structs.replace(change, after=Record({**record.values, **stamps}))
