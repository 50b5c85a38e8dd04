"""`import`: files of records, all or nothing by default, one commit, undone as one run."""

from collections.abc import Iterator, Sequence
from contextlib import ExitStack, contextmanager

import msgspec

from crmctl.errors import CrmError
from crmctl.importer.deal_lines import joined
from crmctl.importer.formats import open_table
from crmctl.importer.mapping import map_columns, read_pairs
from crmctl.importer.rejects import write_rejects
from crmctl.importer.row_parser import RowParser
from crmctl.importer.source import Source
from crmctl.importer.targets import LINKED, Targets
from crmctl.model.records import RecordType, number_of, type_of
from crmctl.text import first_of
from crmctl.workspace.import_request import (
    ImportRequest,
    check_rejects,
    check_request,
    import_conventions,
    most_rejects,
)
from crmctl.workspace.import_row import Importer
from crmctl.workspace.import_summary import Summary
from crmctl.workspace.import_tally import ImportFile, Tally
from crmctl.workspace.lookalike import address_fields
from crmctl.workspace.outcome import WriteOptions
from crmctl.workspace.putting_aside import put_aside
from crmctl.workspace.rejects_file import rejects_file
from crmctl.workspace.transaction import Transaction, transaction, until_settled
from crmctl.workspace.workspace import Settings, Workspace

_DELIMITERS = {";": "semicolons", "\t": "tabs", "|": "bars"}
_PROGRESS_EVERY = 500  # rows between two looks at how far the work has come


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
        tally = Tally(address_fields(workspace.configuration, asked.kind), workspace.now, files)
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


def _reserve_ids(tx: Transaction, kind: RecordType, files: Sequence[ImportFile]) -> None:
    """Keep the ids that rows name from those that name none, also where the former are rejected."""
    named = (row.id for file in files for row in file.rows if row.id and type_of(row.id) is kind)
    if last := max(named, key=number_of, default=""):
        tx.writer.reserve_id(last)


def _read(workspace: Workspace, asked: ImportRequest, source: Source) -> ImportFile:
    """Read a file's rows. Raises Refused, WrongUse."""
    configuration = workspace.configuration
    fields = configuration.fields_of(asked.kind, "")
    linked = {kind: configuration.fields_of(kind) for kind in LINKED.get(asked.kind, ())}
    table = open_table(source, asked.read)
    pairs = read_pairs(asked.maps)
    with _naming(source if len(asked.files) > 1 else None):
        known = Targets(fields, linked)
        columns = map_columns(table.header, known, pairs, ignore_unknown=asked.ignore_unknown)
    parser = RowParser(columns, fields, asked.kind, import_conventions(workspace, asked), linked)
    rows = [parser.parse(raw) for raw in table.rows]
    rows = joined(rows) if columns.items else rows
    notes = first_of(
        [f"{source.name}: {warning}" for row in rows for warning in row.warnings],
        f"such rows in {source.name}",
    )
    if columns.passed:
        notes.insert(0, f"{source.name}: columns passed over: {', '.join(columns.passed)}")
    if table.delimiter not in ("", ",") and not asked.read.delimiter:
        notes.insert(
            0, f"{source.name}: read with {_DELIMITERS.get(table.delimiter, table.delimiter)} between cells"
        )
    return ImportFile(source, table, rows, columns, tuple(notes))


@contextmanager
def _naming(source: Source | None) -> Iterator[None]:
    """Name the file in an error about its columns, where there are several."""
    try:
        yield
    except CrmError as error:
        if source:
            error.message = f"{source.name}: {error.message}"
        raise


def _take_rows(files: Sequence[ImportFile], importer: Importer, tally: Tally, settings: Settings) -> None:
    """Decide on every row, and let go of it: a hundred thousand of them are most of what is in memory."""
    total, tell = sum(len(file.rows) for file in files), settings.on_progress
    done = 0
    for file in files:
        importer.begin_file(file.columns)
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


def _finish(tx: Transaction, asked: ImportRequest, files: Sequence[ImportFile], tally: Tally) -> Summary:
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
        linked=tally.linked,
        notes=(*(note for file in files for note in file.notes), *tally.notes),
        dry_run=tx.options.dry_run,
    )


def _commit(
    tx: Transaction, asked: ImportRequest, files: Sequence[ImportFile], tally: Tally, *, written: bool
) -> tuple[str, str]:
    """Write the rejects, and commit where that is to be; returns the run and the file of rejects, if there are any."""
    dry_run, rejected, first = tx.options.dry_run, tally.rejected, files[0].table
    if tx.run:
        hashes = tuple(file.source.digest for file in files)
        tx.recording.run = msgspec.structs.replace(tx.run, hashes=hashes, rows=tally.rows, **tally.counts)

    def write(path: str) -> None:
        write_rejects(path, first.header, rejected, delimiter=first.delimiter)

    file = rejects_file(asked.rejects, asked.files, dry_run=dry_run)
    with file.around(rejected, write, commits=written):
        outcome = tx.commit() if written else None
    kept = bool(rejected) and (written or not file.over)
    return outcome.run if outcome and not dry_run else "", file.path if kept else ""
