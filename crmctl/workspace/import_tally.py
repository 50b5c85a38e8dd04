"""What became of the rows of an import: counted, and the rejected and the planned ones kept."""

from collections.abc import Sequence
from datetime import datetime

import msgspec

from crmctl.dates import stored_moment
from crmctl.importer.column_map import ColumnMap
from crmctl.importer.rejects import Fault, Reject, reject
from crmctl.importer.row import ImportRow
from crmctl.importer.source import Source
from crmctl.importer.table import Table
from crmctl.model.import_profile import LINKED, ImportProfile
from crmctl.model.records import RecordType, Value, Values
from crmctl.text import first_of
from crmctl.workspace.import_known import KnownRows
from crmctl.workspace.import_summary import Planned
from crmctl.workspace.import_verdict import Verdict
from crmctl.workspace.lookalike import doubt

_ACTIONS = {"created": "create", "updated": "update", "skipped": "skip", "rejected": "reject"}


class ImportFile(msgspec.Struct, frozen=True):
    """A file that was read: its rows, and what the rejects file needs to look like it."""

    source: Source
    table: Table
    rows: list[ImportRow]
    columns: ColumnMap
    notes: tuple[str, ...]
    profile: ImportProfile | None = None

    def reject(self, row: ImportRow, verdict: Verdict) -> Reject:
        """Return a row of the file as rejected, each fault at the cell it is about."""
        return reject(row, [self._at_cell(row, fault) for fault in verdict.faults], self.source.name)

    def _at_cell(self, row: ImportRow, fault: Fault) -> Fault:
        at = self.columns.place(fault.field)
        if at is None or at >= len(row.cells):
            return fault
        return msgspec.structs.replace(fault, column=self.columns.header[at], value=row.cells[at])


class Tally:
    """What became of the rows; of those that went in, only their number is kept, and what is odd about them."""

    def __init__(
        self, kind: RecordType, addresses: tuple[str, ...], now: datetime, files: Sequence[ImportFile]
    ) -> None:
        self._addresses = addresses
        self._now = stored_moment(now)
        self._ahead = 0
        self._mixed: dict[str, None] = {}
        self.counts = dict.fromkeys(("created", "updated", "unchanged", "skipped", "rejected"), 0)
        self.rejected: list[Reject] = []
        self.plan: list[Planned] = []
        self.linked = {
            kind: {"created": 0, "updated": 0}
            for kind in (*LINKED[RecordType.DEAL], RecordType.PRODUCT)
            if any(kind in file.columns.brings for file in files)
        }
        self._brought: set[str] = set()
        self._doubtful_phones = 0
        self._known_rows = KnownRows(kind, several_files=len(files) > 1)

    @property
    def rows(self) -> int:
        """How many rows there were."""
        return sum(self.counts.values())

    def plan_row(self, file: ImportFile, row: ImportRow, verdict: Verdict) -> None:
        """Take down what a row would become."""
        reasons = file.reject(row, verdict).reasons
        named = verdict.record_id or row.id or None
        action = _ACTIONS.get(verdict.kind, verdict.kind)
        matched = verdict.known.fields if verdict.known else ()
        self.plan.append(
            Planned(
                file.source.name, row.line, action, named, verdict.changes, reasons, verdict.links, matched
            )
        )

    def take(self, file: ImportFile, row: ImportRow, verdict: Verdict) -> None:
        """Count a row of a file."""
        self.counts[verdict.kind] += 1
        if verdict.known:
            self._known_rows.take(file.source.name, row, verdict.kind, verdict.known)
        if verdict.kind == "rejected":
            self.rejected.append(file.reject(row, verdict))
        elif verdict.kind in ("created", "updated"):
            if verdict.links:
                self._count_links(row, verdict)
            # What is still to be created is in no report of now.
            created = row.kept.get("created_at")
            self._ahead += created is not None and str(created) > self._now
            self._look_at(row.values)

    def _count_links(self, row: ImportRow, verdict: Verdict) -> None:
        for link in verdict.links:
            if link.action != "unchanged":
                if link.id in self._brought:
                    continue
                self._brought.add(link.id)
                # Not only those that the columns bring: a known contact comes to the company that its deal brings.
                counts = self.linked.setdefault(link.record, {"created": 0, "updated": 0})
                counts[f"{link.action}d"] += 1
                if link.record in row.linked:
                    self._look_at(row.linked[link.record].values)

    def _look_at(self, values: Values) -> None:
        """Take down what is odd about values that went in."""
        for number in _many(values.get("phone")):
            self._doubtful_phones += number[:1] != "+"
        for name in self._addresses:
            for address in _many(values.get(name)):
                if told := doubt(address):
                    self._mixed[told] = None

    @property
    def notes(self) -> tuple[str, ...]:
        """What is worth knowing about the rows that went in."""
        return (
            *self._known_rows.notes,
            *_phone_note(self._doubtful_phones),
            *_future_note(self._ahead),
            *first_of(list(self._mixed), "such addresses"),
        )


def _many(value: Value | None) -> Sequence[str]:
    if isinstance(value, list):
        return value
    return (str(value),) if value else ()


def _future_note(count: int) -> tuple[str, ...]:
    told = "record is" if count == 1 else "records are"
    return (f"{count:,} {told} dated in the future: --as-of does not know them until then",) if count else ()


def _phone_note(count: int) -> tuple[str, ...]:
    if not count:
        return ()
    told = "phone is no valid number" if count == 1 else "phones are no valid numbers"
    return (f"{count:,} {told}: kept as typed, and never a reason to match",)
