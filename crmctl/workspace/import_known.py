"""Rows whose records are known: what was left as it is, and what went to a record of another outside id, is told."""

from crmctl.importer.row import ImportRow
from crmctl.model.records import Record, RecordType
from crmctl.rules.create import built_title
from crmctl.rules.duplicates import Match
from crmctl.text import MOST_NOTES, nfc, visible
from crmctl.workspace.import_verdict import Known
from crmctl.workspace.leave import Leave


def known_as(record: Record, row: ImportRow, match: Match, leave: Leave) -> Known:
    """Return how a row's record is known; who may not see it hears its id alone."""
    shown = leave.to_see(record) is None
    own = record.text("external_id") if shown and row.external_id else ""
    by_id = not {"id", "external_id"}.isdisjoint(match.fields)
    outside = "" if by_id or nfc(own) == nfc(row.external_id) else own
    return Known(record.label if shown else record.id, match.fields, outside)


class KnownRows:
    """Tells such rows: the first few one by one, of the others how many there are."""

    def __init__(self, kind: RecordType, *, several_files: bool) -> None:
        self._kind = kind
        self._several_files = several_files
        self._told: dict[str, list[str]] = {"skipped": [], "updated": []}
        self._counts = dict.fromkeys(self._told, 0)
        self._apart = False

    def take(self, file: str, row: ImportRow, what: str, known: Known) -> None:
        """Look at a row of a file whose record is known, and what became of it."""
        if what != "skipped" and not (what == "updated" and known.outside):
            return
        self._apart = self._apart or bool(known.outside)
        self._counts[what] += 1
        if self._counts[what] <= MOST_NOTES:
            self._told[what].append(f"{self._place(file, row)}: {_became(what, known)}")

    def _place(self, file: str, row: ImportRow) -> str:
        record = row.record_of(self._kind)
        title = record.title or built_title(record)
        named = f'line {row.line} "{visible(title)}"' if title else f"line {row.line}"
        return f"{file}: {named}" if self._several_files else named

    @property
    def notes(self) -> list[str]:
        """What is told of them, and how rows that mean others are kept apart."""
        found: list[str] = []
        for what, told in self._told.items():
            more = self._counts[what] - len(told)
            found += [*told, *([f"and {more:,} more rows {_MORE[what]}"] if more else [])]
        return [*found, "--key external_id keeps rows of other external ids apart"] if self._apart else found


_MORE = {
    "skipped": "whose records are known and left as they are",
    "updated": "written to records of other external ids",
}


def _became(what: str, known: Known) -> str:
    by = f"known by {', '.join(known.fields)}" if known.fields else "known from before"
    if what == "skipped":
        return f"{visible(known.label)} is {by} and is left as it is"
    return f"written to {visible(known.label)}, {by}, whose external_id is {visible(known.outside)}"
