"""The ids that cards carry: whose they are. Cards are handed on, and an id alone means a record of any workspace."""

import msgspec

from crmctl.importer.row import ImportRow
from crmctl.model.records import Record, RecordType
from crmctl.storage.interface import Reader


def own_ids(reader: Reader, kind: RecordType, rows: list[ImportRow]) -> None:
    """Take the ids out of rows that are cards of other workspaces.

    A card is one of this workspace where the record of its id was created when the card says. An id that was never
    given out is kept where there are no records yet, so that what one workspace exports fills another.
    """
    empty = reader.count(kind) == 0
    for at, row in enumerate(rows):
        if row.id and not _is_own(reader, row, empty=empty):
            rows[at] = msgspec.structs.replace(row, id="", revision=None)


def _is_own(reader: Reader, row: ImportRow, *, empty: bool) -> bool:
    record: Record | None = reader.get(row.id) or reader.trashed(row.id)
    if record is None:
        return empty and not reader.was_given(row.id)
    return record.get("created_at") == row.kept.get("created_at")
