"""`import`: files of records, all or nothing by default, one commit, undone as one run."""

from collections.abc import Iterator, Sequence
from contextlib import ExitStack, contextmanager
from datetime import datetime

import msgspec

from crmctl.dates import stored_moment
from crmctl.errors import CrmError
from crmctl.importer.formats import open_table
from crmctl.importer.mapping import ColumnMap, map_columns, read_pairs
from crmctl.importer.rejects import Fault, Reject, reject, write_rejects
from crmctl.importer.row import ImportRow
from crmctl.importer.row_parser import RowParser
from crmctl.importer.source import Source
from crmctl.importer.table import Table
from crmctl.importer.vcard_rejects import Cards, is_card_file, write_rejected_cards
from crmctl.model.records import RecordType, Value, number_of, type_of
from crmctl.text import first_of
from crmctl.workspace.import_request import (
    ImportRequest,
    check_rejects,
    check_request,
    import_conventions,
    most_rejects,
)
from crmctl.workspace.import_row import Importer, Verdict
from crmctl.workspace.import_summary import Planned, Summary
from crmctl.workspace.lookalike import address_fields, doubt
from crmctl.workspace.outcome import WriteOptions
from crmctl.workspace.putting_aside import put_aside
from crmctl.workspace.rejects_file import rejects_file
from crmctl.workspace.transaction import Transaction, transaction, until_settled
from crmctl.workspace.workspace import Settings, Workspace

_DELIMITERS = {";": "semicolons", "\t": "tabs", "|": "bars"}
_PROGRESS_EVERY = 500  # rows between two looks at how far the work has come
_ACTIONS = {"created": "create", "updated": "update", "skipped": "skip", "rejected": "reject"}


class _File(msgspec.Struct, frozen=True):
    """A file that was read: its rows, and what the rejects file needs to look like it."""

    source: Source
    table: Table
    rows: list[ImportRow]
    columns: ColumnMap
    notes: tuple[str, ...]

    def reject(self, row: ImportRow, verdict: Verdict) -> Reject:
        """Return a row of the file as rejected, each fault at the cell it is about."""
        return reject(row, [self._at_cell(row, fault) for fault in verdict.faults], self.source.name)

    def _at_cell(self, row: ImportRow, fault: Fault) -> Fault:
        at = self.columns.place(fault.field)
        if at is None:
            return fault
        return msgspec.structs.replace(fault, column=self.columns.header[at], value=row.cells[at])


def import_records(workspace: Workspace, asked: ImportRequest, options: WriteOptions) -> Summary:
    """Import the files. Raises Refused for files that cannot be read, and what `import_sources` raises."""
    check_request(workspace, asked, partial=options.partial)
    with ExitStack() as open_files:
        sources = [open_files.enter_context(Source(name)) for name in asked.files]
        return import_sources(workspace, asked, sources, options)


@until_settled
def import_sources(
    workspace: Workspace, asked: ImportRequest, sources: Sequence[Source], options: WriteOptions
) -> Summary:
    """Import what was opened. Reading comes before the lock; matching and gates are decided on the state under it.

    Raises Refused for files that cannot be read or that changed meanwhile, WrongUse for columns and options.
    """
    files = [_read(workspace, asked, source) for source in sources]
    check_rejects(asked, [(file.source, file.table) for file in files])
    with transaction(workspace, options, keep=False) as tx:
        tx.begin_run("import", record=asked.kind.value, files=asked.files)
        _reserve_ids(tx, asked.kind, files)
        tally = _Tally(address_fields(workspace.configuration, asked.kind), workspace.now)
        importer = Importer(tx, asked.kind, asked.choices)
        _take_rows(files, importer, tally, workspace.settings)
        for file in files:
            file.source.verify()
        summary = _finish(tx, asked, files, tally)
    if not summary.written:
        return summary
    summary = msgspec.structs.replace(summary, notes=(*summary.notes, *importer.notes))
    if asked.move_to is None or options.dry_run:
        return summary
    return msgspec.structs.replace(summary, moved=put_aside(sources, asked.move_to))


def _reserve_ids(tx: Transaction, kind: RecordType, files: Sequence[_File]) -> None:
    """Keep the ids that rows name from those that name none, also where the former are rejected."""
    named = (row.id for file in files for row in file.rows if row.id and type_of(row.id) is kind)
    if last := max(named, key=number_of, default=""):
        tx.writer.reserve_id(last)


def _read(workspace: Workspace, asked: ImportRequest, source: Source) -> _File:
    """Read a file's rows. Raises Refused, WrongUse."""
    configuration = workspace.configuration
    fields = configuration.fields_of(asked.kind, "")
    table = open_table(source, msgspec.structs.replace(asked.read, record=asked.kind.value))
    pairs = read_pairs(asked.maps)
    loose = asked.ignore_unknown or table.filled is not None
    with _naming(source if len(asked.files) > 1 else None):
        columns = map_columns(table.header, fields, pairs, ignore_unknown=loose)
    parser = RowParser(columns, fields, asked.kind, import_conventions(workspace, asked))
    rows = [parser.parse(raw) for raw in table.rows]
    notes = first_of(
        [f"{source.name}: {warning}" for row in rows for warning in row.warnings],
        f"such rows in {source.name}",
    )
    notes += [f"{source.name}: {note}" for note in table.notes]
    if passed := [name for name in columns.passed if table.filled is None or name in table.filled]:
        notes.insert(0, f"{source.name}: columns passed over: {', '.join(passed)}")
    if table.delimiter not in ("", ",") and not asked.read.delimiter:
        notes.insert(
            0, f"{source.name}: read with {_DELIMITERS.get(table.delimiter, table.delimiter)} between cells"
        )
    return _File(source, table, rows, columns, tuple(notes))


@contextmanager
def _naming(source: Source | None) -> Iterator[None]:
    """Name the file in an error about its columns, where there are several."""
    try:
        yield
    except CrmError as error:
        if source:
            error.message = f"{source.name}: {error.message}"
        raise


class _Tally:
    """What became of the rows; of those that went in, only their number is kept, and what is odd about them."""

    def __init__(self, addresses: tuple[str, ...], now: datetime) -> None:
        self._addresses = addresses
        self._now = stored_moment(now)
        self._ahead = 0
        self._mixed: dict[str, None] = {}
        self.counts = dict.fromkeys(("created", "updated", "unchanged", "skipped", "rejected"), 0)
        self.rejected: list[Reject] = []
        self.plan: list[Planned] = []
        self._doubtful_phones = 0

    @property
    def rows(self) -> int:
        """How many rows there were."""
        return sum(self.counts.values())

    def plan_row(self, file: _File, row: ImportRow, verdict: Verdict) -> None:
        """Take down what a row would become."""
        reasons = file.reject(row, verdict).reasons
        named = verdict.record_id or row.id or None
        action = _ACTIONS.get(verdict.kind, verdict.kind)
        self.plan.append(Planned(file.source.name, row.line, action, named, verdict.changes, reasons))

    def take(self, file: _File, row: ImportRow, verdict: Verdict) -> None:
        """Count a row of a file."""
        self.counts[verdict.kind] += 1
        if verdict.kind == "rejected":
            self.rejected.append(file.reject(row, verdict))
        elif verdict.kind in ("created", "updated"):
            # What is still to be created is in no report of now.
            self._ahead += row.kept != {} and str(row.kept.get("created_at", "")) > self._now
            phones = row.values.get("phone")
            if phones:
                self._doubtful_phones += sum(not number.startswith("+") for number in _many(phones))
            for name in self._addresses:
                for address in _many(row.values.get(name, [])):
                    if told := doubt(address):
                        self._mixed[told] = None

    @property
    def notes(self) -> tuple[str, ...]:
        """What is worth knowing about the rows that went in."""
        return (
            *_phone_note(self._doubtful_phones),
            *_future_note(self._ahead),
            *first_of(list(self._mixed), "such addresses"),
        )


def _many(value: Value) -> list[str]:
    return value if isinstance(value, list) else [str(value)]


def _take_rows(files: Sequence[_File], importer: Importer, tally: _Tally, settings: Settings) -> None:
    """Decide on every row, and let go of it: a hundred thousand of them are most of what is in memory."""
    total, tell = sum(len(file.rows) for file in files), settings.on_progress
    done = 0
    for file in files:
        importer.begin_file(updates_known=file.table.format == "vcard")
        file.rows.reverse()
        while file.rows:
            row = file.rows.pop()
            verdict = importer.take(row)
            tally.take(file, row, verdict)
            if importer.dry_run:
                tally.plan_row(file, row, verdict)
            done += 1
            if tell and done % _PROGRESS_EVERY == 0:
                tell(done, total, "importing")
    if tell:
        tell(total, total, "importing")


def _finish(tx: Transaction, asked: ImportRequest, files: Sequence[_File], tally: _Tally) -> Summary:
    """Write the rejects, commit or not, and count."""
    rejected, counts, partial = tally.rejected, tally.counts, tx.options.partial
    written = not rejected or (partial and len(rejected) <= most_rejects(asked.max_rejects, tally.rows))
    run, rejects = _commit(tx, asked, files, tally, written=written)
    return Summary(
        kind=asked.kind,
        run=run,
        files=asked.files,
        rows=tally.rows,
        created=counts["created"],
        updated=counts["updated"],
        unchanged=counts["unchanged"],
        skipped=counts["skipped"],
        rejected=tuple(rejected),
        rejects=rejects,
        written=written,
        most=asked.max_rejects if partial and not written else "",
        changes=tx.changes,
        plan=tuple(tally.plan),
        notes=(*(note for file in files for note in file.notes), *tally.notes),
        dry_run=tx.options.dry_run,
    )


def _commit(
    tx: Transaction, asked: ImportRequest, files: Sequence[_File], tally: _Tally, *, written: bool
) -> tuple[str, str]:
    """Write the rejects, and commit where that is to be; returns the run and the file of rejects, if there are any."""
    dry_run, rejected, first = tx.options.dry_run, tally.rejected, files[0].table
    if tx.run:
        hashes = tuple(file.source.digest for file in files)
        tx.recording.run = msgspec.structs.replace(tx.run, hashes=hashes, rows=tally.rows, **tally.counts)

    def write(path: str) -> None:
        if first.format == "vcard" and is_card_file(path):
            cards = {file.source.name: Cards(file.source, file.table.encoding) for file in files}
            write_rejected_cards(path, cards, rejected)
            return
        header, rows = _filled_columns(files, rejected)
        write_rejects(path, header, rows, delimiter=first.delimiter)

    file = rejects_file(asked.rejects, asked.files, dry_run=dry_run)
    with file.around(rejected, write, commits=written):
        outcome = tx.commit() if written else None
    kept = bool(rejected) and (written or not file.over)
    return outcome.run if outcome and not dry_run else "", file.path if kept else ""


def _filled_columns(files: Sequence[_File], rejected: list[Reject]) -> tuple[Sequence[str], list[Reject]]:
    """Return the columns for a file of rejects: of those that a reader made the ones that are used."""
    first = files[0]
    if first.table.filled is None:
        return first.table.header, rejected
    filled = {name for file in files for name in file.table.filled or ()} - {*first.columns.passed}
    places = [at for at, name in enumerate(first.table.header) if name in filled]
    rows = [msgspec.structs.replace(row, cells=[row.cells[at] for at in places]) for row in rejected]
    return [first.table.header[at] for at in places], rows


def _future_note(count: int) -> tuple[str, ...]:
    told = "record is" if count == 1 else "records are"
    return (f"{count:,} {told} dated in the future: --as-of does not know them until then",) if count else ()


def _phone_note(count: int) -> tuple[str, ...]:
    if not count:
        return ()
    told = "phone is no valid number" if count == 1 else "phones are no valid numbers"
    return (f"{count:,} {told}: kept as typed, and never a reason to match",)
