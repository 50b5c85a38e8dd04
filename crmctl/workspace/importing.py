"""`import`: files of records, all or nothing by default, one commit, undone as one run."""

from collections.abc import Iterator, Sequence
from contextlib import ExitStack
from enum import StrEnum

import msgspec

from crmctl.errors import Refused, WrongUse
from crmctl.importer.formats import open_table
from crmctl.importer.mapping import map_columns, read_pairs
from crmctl.importer.rejects import Reject, reject, write_rejects
from crmctl.importer.row import ImportRow
from crmctl.importer.row_parser import RowParser
from crmctl.importer.source import Source
from crmctl.importer.table import ReadOptions, Table
from crmctl.model.change import Change
from crmctl.model.field import Conventions
from crmctl.model.records import RecordType
from crmctl.rules.assignment import Assignment
from crmctl.workspace.import_row import Choices, Importer, Verdict
from crmctl.workspace.outcome import WriteOptions
from crmctl.workspace.transaction import Transaction, transaction
from crmctl.workspace.workspace import Workspace


class OnDuplicate(StrEnum):
    """What to do with a row whose record is known. Empty: update where the row has its id, else skip."""

    USUAL = ""
    SKIP = "skip"
    UPDATE = "update"
    FILL = "fill"
    ERROR = "error"
    CREATE = "create"


class ImportRequest(msgspec.Struct, frozen=True):
    """An import as it was typed."""

    kind: RecordType
    files: tuple[str, ...]
    read: ReadOptions = ReadOptions()
    maps: tuple[str, ...] = ()
    ignore_unknown: bool = False
    key: tuple[str, ...] = ()
    on_duplicate: OnDuplicate = OnDuplicate.USUAL
    assignments: tuple[Assignment, ...] = ()
    pipeline: str = ""
    stage: str = ""
    owner: str = ""
    decimal: str = ""
    date_format: str = ""
    rejects: str = ""
    max_rejects: str = ""


class Summary(msgspec.Struct, frozen=True):
    """What an import came to.

    `written` is false where rejected rows kept everything from being written; `most` is the `--max-rejects`
    that they then went beyond.
    """

    run: str
    files: tuple[str, ...]
    rows: int
    created: int
    updated: int
    unchanged: int
    skipped: int
    rejected: tuple[Reject, ...]
    rejects: str
    written: bool
    most: str = ""
    changes: tuple[Change, ...] = ()
    notes: tuple[str, ...] = ()
    dry_run: bool = False

    def counts(self) -> dict[str, object]:
        """Return it as JSON shows it."""
        done = self.written or self.dry_run
        return {
            "run": self.run or None,
            "files": self.files,
            "rows": self.rows,
            "created": self.created if done else 0,
            "updated": self.updated if done else 0,
            "unchanged": self.unchanged,
            "skipped": self.skipped,
            "rejected": len(self.rejected),
            "rejects": self.rejects or None,
        }


class _File(msgspec.Struct, frozen=True):
    """A file that was read: its rows, and what the rejects file needs to look like it."""

    source: Source
    table: Table
    rows: list[ImportRow]
    notes: tuple[str, ...]


def import_records(workspace: Workspace, asked: ImportRequest, options: WriteOptions) -> Summary:
    """Import the files. Reading comes before the lock; matching and gates are decided on the state under it.

    Raises Refused for files that cannot be read or that changed meanwhile, WrongUse for columns and options.
    """
    workspace.configuration.check_kind(asked.kind)
    with ExitStack() as open_files:
        files = [_read(workspace, asked, open_files.enter_context(Source(name))) for name in asked.files]
        with transaction(workspace, options) as tx:
            importer = Importer(tx, asked.kind, _choices(asked))
            verdicts = list(_verdicts(files, importer))
            for file in files:
                file.source.verify()
            return _finish(tx, asked, files, verdicts)


def _choices(asked: ImportRequest) -> Choices:
    return Choices(
        key=asked.key,
        on_duplicate=asked.on_duplicate.value,
        assignments=asked.assignments,
        pipeline=asked.pipeline,
        stage=asked.stage,
        owner=asked.owner,
    )


def _read(workspace: Workspace, asked: ImportRequest, source: Source) -> _File:
    """Read a file's rows. Raises Refused, WrongUse."""
    configuration = workspace.configuration
    fields = configuration.fields_of(asked.kind, "")
    table = open_table(source, asked.read)
    columns = map_columns(table.header, fields, read_pairs(asked.maps), ignore_unknown=asked.ignore_unknown)
    parser = RowParser(columns, fields, asked.kind, _conventions(workspace, asked))
    rows = [parser.parse(raw) for raw in table.rows]
    notes = [f"{source.name}: {warning}" for row in rows for warning in row.warnings]
    if len(notes) > 5:
        notes = [*notes[:5], f"{source.name}: and {len(notes) - 5:,} more such rows"]
    if columns.passed:
        notes.insert(0, f"{source.name}: columns passed over: {', '.join(columns.passed)}")
    if table.delimiter not in ("", ",") and not asked.read.delimiter:
        notes.insert(
            0, f"{source.name}: read with {_DELIMITERS.get(table.delimiter, table.delimiter)} between cells"
        )
    return _File(source, table, rows, tuple(notes))


_DELIMITERS = {";": "semicolons", "\t": "tabs", "|": "bars"}


def _conventions(workspace: Workspace, asked: ImportRequest) -> Conventions:
    mark = {"": None, ".": ".", ",": ",", "point": ".", "comma": ","}.get(asked.decimal, "")
    if mark == "":
        raise WrongUse(f'--decimal "{asked.decimal}" is neither a point nor a comma')
    return msgspec.structs.replace(
        workspace.conventions, decimal_mark=mark, date_format=asked.date_format or None, shorthand=False
    )


def _verdicts(files: Sequence[_File], importer: Importer) -> Iterator[tuple[_File, ImportRow, Verdict]]:
    for file in files:
        importer.begin_file()
        for row in file.rows:
            yield file, row, importer.take(row)


def _finish(
    tx: Transaction,
    asked: ImportRequest,
    files: Sequence[_File],
    verdicts: Sequence[tuple[_File, ImportRow, Verdict]],
) -> Summary:
    """Write the rejects, then commit or not, and count."""
    rejected = [reject(row, *verdict.reasons) for _, row, verdict in verdicts if verdict.kind == "rejected"]
    written = not rejected or (
        tx.options.partial and len(rejected) <= _most(asked.max_rejects, len(verdicts))
    )
    if asked.rejects and rejected:
        first = files[0]
        write_rejects(asked.rejects, first.table.header, rejected, delimiter=first.table.delimiter)
    counts = dict.fromkeys(("created", "updated", "unchanged", "skipped", "rejected"), 0)
    for _, _, verdict in verdicts:
        counts[verdict.kind] += 1
    if written and tx.changed:
        tx.begin_run(
            "import",
            record=asked.kind.value,
            files=asked.files,
            hashes=tuple(file.source.digest for file in files),
            rows=len(verdicts),
            **counts,
        )
    outcome = tx.commit() if written else None
    return Summary(
        run=outcome.run if outcome and not tx.options.dry_run else "",
        files=asked.files,
        rows=len(verdicts),
        created=counts["created"],
        updated=counts["updated"],
        unchanged=counts["unchanged"],
        skipped=counts["skipped"],
        rejected=tuple(rejected),
        rejects=asked.rejects if rejected else "",
        written=written,
        most=asked.max_rejects if tx.options.partial and not written else "",
        changes=tx.changes if tx.options.dry_run else (),
        notes=tuple(note for file in files for note in file.notes),
        dry_run=tx.options.dry_run,
    )


def _most(text: str, rows: int) -> float:
    """Return how many rows may be rejected under `--partial`. Raises WrongUse."""
    if not text:
        return rows
    number, percent = text.strip().removesuffix("%"), text.strip().endswith("%")
    try:
        most = float(number)
    except ValueError:
        most = -1
    if not 0 <= most < 1e15:
        raise WrongUse(f'--max-rejects "{text}" is neither a number nor a percentage')
    return most * rows / 100 if percent else most


def rolled_back(summary: Summary) -> Refused:
    """Return the error of an import that rejected rows kept from being written."""
    count = len(summary.rejected)
    details = [
        {"message": f"line {each.line}: {reason}", "line": each.line}
        for each in summary.rejected[:20]
        for reason in each.reasons
    ]
    if count > 20:
        details.append({"message": f"and {count - 20:,} more", "line": 0})
    error = Refused(
        f"{count:,} of {summary.rows:,} rows are rejected{_more_than(summary)}, nothing was written",
        details=details,
        hint=_mending(summary),
    )
    error.code = "rejected_rows"
    return error


def _more_than(summary: Summary) -> str:
    return f", more than --max-rejects {summary.most} allows" if summary.most else ""


def _mending(summary: Summary) -> str:
    if summary.rejects:
        what = f"mend {summary.rejects} and import it"
    else:
        what = "--rejects FILE writes these to a file that can be mended"
    return what if summary.most else f"{what}; --partial imports the other rows"
