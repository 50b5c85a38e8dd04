"""Where records that are to be merged differ, field by field, as people read them."""

from crmctl.model.field import Field
from crmctl.model.records import Record
from crmctl.rules.united import differ, mergeable
from crmctl.workspace.merge import MergedGroup
from crmctl.workspace.workspace import Workspace

_PLACES = ("title", "pipeline", "stage")


def differing(group: MergedGroup, workspace: Workspace) -> tuple[list[str], list[list[str]]]:
    """Return the ids of the records, the one that stays first, and a row for each field in which they differ.

    A row has the field, the value of each record, and the one that the merge gives.
    """
    winner = group.winner
    fields = workspace.configuration.fields_of(winner.type, winner.pipeline)
    shown = [*(fields[name] for name in _PLACES if name in fields), *mergeable(fields)]
    records = (winner, *group.losers)
    rows = [
        [field.title or field.name, *(_text(field, each, workspace) for each in (*records, group.after))]
        for field in shown
        if differ(field, [each.get(field.name) for each in records])
    ]
    return [each.id for each in records], rows


def _text(field: Field, record: Record, workspace: Workspace) -> str:
    value = field.read(record.values) if field.name != "stage" else record.get("stage")
    return field.display(value, workspace.conventions)
