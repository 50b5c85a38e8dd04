"""Who goes on referring to records that an undo takes away."""

from collections.abc import Collection

from crmctl.model.configuration import Configuration
from crmctl.storage.interface import Reader
from crmctl.text import first_of
from crmctl.workspace.leave import Leave
from crmctl.workspace.referrers import Referrers


def left_notes(
    gone: Collection[str], reader: Reader, configuration: Configuration, leave: Leave
) -> list[str]:
    """Return a note on each record that is gone and still referred to; whom one may not see is not told of."""
    if not gone:
        return []
    referrers = Referrers(reader, configuration, gone)
    told = []
    for record_id in gone:
        there = [record for one in referrers.of(record_id) if (record := reader.get(one))]
        left = [record.id for record in there if leave.to_see(record) is None]
        if left:
            told.append(left_note(record_id, left))
    return first_of(told, "records that others refer to")


def left_note(gone: str, left: list[str]) -> str:
    """Return `1 record refers to C-1: D-1`."""
    refer = "record refers" if len(left) == 1 else "records refer"
    return f"{len(left):,} {refer} to {gone}: {', '.join(left[:5])}{', ...' * (len(left) > 5)}"
