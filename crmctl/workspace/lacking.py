"""What records lack that an undo brings back as they were."""

from collections.abc import Sequence

from crmctl.model.change import Change
from crmctl.rules.context import Context
from crmctl.rules.gate import missing_fields

MOST_NOTED = 10
"""Records that are named one by one."""


def lacking_notes(changes: Sequence[Change], context: Context) -> list[str]:
    """Return a note for each state brought back that the present configuration would refuse, or one for many."""
    after = [each.after for each in changes if each.after]
    lacking = [(record, missing) for record in after if (missing := missing_fields(record, context))]
    if len(lacking) > MOST_NOTED:
        ids = ", ".join(record.id for record, _ in lacking[:MOST_NOTED])
        return [
            f"{len(lacking):,} records lack what the configuration now requires ({ids} and"
            f" {len(lacking) - MOST_NOTED:,} more): crmctl validate --data"
        ]
    return [
        f"{record.label} lacks what the configuration now requires: {', '.join(each.name for each in missing)}"
        for record, missing in lacking
    ]
