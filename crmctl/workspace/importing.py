"""`import`: files of records, all or nothing by default, one commit, undone as one run."""

from collections.abc import Sequence
from contextlib import ExitStack
from pathlib import Path

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
from crmctl.model.records import RecordType, Value
from crmctl.text import plural
from crmctl.workspace.import_row import Choices, Importer, Verdict
from crmctl.workspace.outcome import WriteOptions
from crmctl.workspace.transaction import Transaction, transaction
from crmctl.workspace.workspace import Settings, Workspace

_DELIMITERS = {";": "semicolons", "\t": "tabs", "|": "bars"}
_MOST_NOTES = 5


class ImportRequest(msgspec.Struct, frozen=True):
    """An import as it was typed."""

    kind: RecordType
    files: tuple[str, ...]
    read: ReadOptions = ReadOptions()
    choices: Choices = Choices()
    maps: tuple[str, ...] = ()
    ignore_unknown: bool = False
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
        _check_rejects(asked, files)
        with transaction(workspace, options, keep=False) as tx:
            tx.begin_run("import", record=asked.kind.value, files=asked.files)
            tally = _take_rows(files, Importer(tx, asked.kind, asked.choices), workspace.settings)
            for file in files:
                file.source.verify()
            return _finish(tx, asked, files, tally)


def _check_rejects(asked: ImportRequest, files: Sequence[_File]) -> None:
    """Raise WrongUse where rejected rows of unlike files would share one file."""
    for file in files[1:]:
        if asked.rejects and file.table.header != files[0].table.header:
            raise WrongUse(
                f"{file.source.name} has other columns than {files[0].source.name}: "
                "one rejects file cannot hold rows of both",
                hint="import them one by one",
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
    if len(notes) > _MOST_NOTES:
        more = len(notes) - _MOST_NOTES
        notes = [*notes[:_MOST_NOTES], f"{source.name}: and {more:,} more such rows"]
    if columns.passed:
        notes.insert(0, f"{source.name}: columns passed over: {', '.join(columns.passed)}")
    if table.delimiter not in ("", ",") and not asked.read.delimiter:
        notes.insert(
            0, f"{source.name}: read with {_DELIMITERS.get(table.delimiter, table.delimiter)} between cells"
        )
    return _File(source, table, rows, tuple(notes))


def _conventions(workspace: Workspace, asked: ImportRequest) -> Conventions:
    mark = {"": None, ".": ".", ",": ",", "point": ".", "comma": ","}.get(asked.decimal, "")
    if mark == "":
        raise WrongUse(f'--decimal "{asked.decimal}" is neither a point nor a comma')
    return msgspec.structs.replace(
        workspace.conventions, decimal_mark=mark, date_format=asked.date_format or None
    )


class _Tally:
    """What became of the rows; of those that went in, only their number is kept."""

    def __init__(self) -> None:
        self.counts = dict.fromkeys(("created", "updated", "unchanged", "skipped", "rejected"), 0)
        self.rejected: list[Reject] = []
        self.doubtful_phones = 0

    @property
    def rows(self) -> int:
        """How many rows there were."""
        return sum(self.counts.values())

    def take(self, row: ImportRow, verdict: Verdict) -> None:
        """Count a row."""
        self.counts[verdict.kind] += 1
        if verdict.kind == "rejected":
            self.rejected.append(reject(row, *verdict.reasons))
        elif verdict.kind in ("created", "updated"):
            phones = row.values.get("phone", [])
            self.doubtful_phones += sum(not number.startswith("+") for number in _many(phones))


def _many(value: Value) -> list[str]:
    return value if isinstance(value, list) else [str(value)]


PROGRESS_EVERY = 500
"""Rows between two looks at how far the work has come."""


def _take_rows(files: Sequence[_File], importer: Importer, settings: Settings) -> _Tally:
    """Decide on every row, and let go of it: a hundred thousand of them are most of what is in memory."""
    tally, total, tell = _Tally(), sum(len(file.rows) for file in files), settings.on_progress
    for file in files:
        importer.begin_file()
        file.rows.reverse()
        while file.rows:
            row = file.rows.pop()
            tally.take(row, importer.take(row))
            if tell and tally.rows % PROGRESS_EVERY == 0:
                tell(tally.rows, total, "importing")
    if tell:
        tell(total, total, "importing")
    return tally


def _finish(tx: Transaction, asked: ImportRequest, files: Sequence[_File], tally: _Tally) -> Summary:
    """Write the rejects, then commit or not, and count."""
    rejected, counts = tally.rejected, tally.counts
    written = not rejected or (tx.options.partial and len(rejected) <= _most(asked.max_rejects, tally.rows))
    if asked.rejects and not tx.options.dry_run and (rejected or Path(asked.rejects).exists()):
        # Also without rejects, where the file of an earlier run would be mended and imported once more.
        first = files[0]
        write_rejects(asked.rejects, first.table.header, rejected, delimiter=first.table.delimiter)
    if tx.run:
        hashes = tuple(file.source.digest for file in files)
        tx.run = msgspec.structs.replace(tx.run, hashes=hashes, rows=tally.rows, **counts)
    outcome = tx.commit() if written else None
    return Summary(
        run=outcome.run if outcome and not tx.options.dry_run else "",
        files=asked.files,
        rows=tally.rows,
        created=counts["created"],
        updated=counts["updated"],
        unchanged=counts["unchanged"],
        skipped=counts["skipped"],
        rejected=tuple(rejected),
        rejects=asked.rejects if rejected and not tx.options.dry_run else "",
        written=written,
        most=asked.max_rejects if tx.options.partial and not written else "",
        changes=tx.changes,
        notes=(*(note for file in files for note in file.notes), *_phone_note(tally.doubtful_phones)),
        dry_run=tx.options.dry_run,
    )


def _phone_note(count: int) -> tuple[str, ...]:
    if not count:
        return ()
    told = "phone is no valid number" if count == 1 else "phones are no valid numbers"
    return (f"{count:,} {told}: kept as typed, and never a reason to match",)


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
        f"{count:,} of {plural(summary.rows, 'row')} {'is' if count == 1 else 'are'} rejected"
        f"{_more_than(summary)}, nothing was written",
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
