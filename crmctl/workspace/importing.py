"""`import`: files of records, all or nothing by default, one commit, undone as one run."""

from collections.abc import Sequence
from contextlib import ExitStack

import msgspec

from crmctl.file_formats import format_by_suffix
from crmctl.importer.deal_lines import joined
from crmctl.importer.rejects import Reject
from crmctl.importer.row_parser import RowParser
from crmctl.importer.source import Source
from crmctl.model.records import RecordType, number_of, type_of
from crmctl.text import first_of
from crmctl.workspace.card_ids import own_ids
from crmctl.workspace.import_profile_values import with_profiles
from crmctl.workspace.import_reading import Readings
from crmctl.workspace.import_request import (
    ImportRequest,
    check_rejects,
    check_request,
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
    readings = Readings(workspace, asked)
    files = [_read(readings, asked.kind, source) for source in sources]
    choices = with_profiles(asked.choices, [file.profile for file in files], readings.targets)
    check_rejects(asked, [(file.source, file.table) for file in files])
    with transaction(workspace, options, keep=False) as tx:
        tx.begin_run("import", record=asked.kind.value, files=asked.files)
        for file in files:
            if file.table.format == "vcard":
                own_ids(tx.writer, asked.kind, file.rows)
        _reserve_ids(tx, asked.kind, files)
        tally = Tally(asked.kind, address_fields(workspace.configuration, asked.kind), workspace.now, files)
        importer = Importer(tx, asked.kind, choices)
        _take_rows(files, importer, tally, workspace.settings)
        importer.keep_outside_ids()
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


def _read(readings: Readings, kind: RecordType, source: Source) -> ImportFile:
    """Read a file's rows. Raises Refused, WrongUse."""
    reading = readings.read(source)
    parser = RowParser(
        reading.columns, readings.targets.fields, kind, reading.conventions, readings.targets.linked
    )
    rows = list(parser.rows(reading.rows()))
    rows = joined(rows) if reading.columns.items else rows
    notes = first_of(
        [f"{source.name}: {warning}" for row in rows for warning in row.warnings],
        f"such rows in {source.name}",
    )
    told = (*reading.notes(), *notes)
    return ImportFile(source, reading.table, rows, reading.columns, told, reading.profile)


def _take_rows(files: Sequence[ImportFile], importer: Importer, tally: Tally, settings: Settings) -> None:
    """Decide on every row, and let go of it: a hundred thousand of them are most of what is in memory."""
    total, tell = sum(len(file.rows) for file in files), settings.on_progress
    done, planned = 0, importer.dry_run
    for file in files:
        importer.begin_file(file.columns, file.rows, updates_known=file.table.format == "vcard")
        file.rows.reverse()
        while file.rows:
            row = file.rows.pop()
            verdict = importer.take(row)
            tally.take(file, row, verdict)
            if planned:
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
        profiles = tuple(dict.fromkeys(file.profile.name for file in files if file.profile))
        tx.recording.run = msgspec.structs.replace(
            tx.run, hashes=hashes, rows=tally.rows, profiles=profiles, **tally.counts
        )

    def write(path: str) -> None:
        if first.format == format_by_suffix(path) == "vcard":
            from crmctl.importer.vcard_rejects import Cards, write_rejected_cards

            cards = {file.source.name: Cards(file.source, file.table.encoding) for file in files}
            write_rejected_cards(path, cards, rejected)
            return
        from crmctl.workspace.rejected_rows import write_rejected

        header, rows = _filled_columns(files, rejected)
        write_rejected(path, msgspec.structs.replace(first, header=tuple(header)), rows)

    file = rejects_file(asked.rejects, asked.files, dry_run=dry_run)
    with file.around(rejected, write, commits=written):
        outcome = tx.commit() if written else None
    kept = bool(rejected) and (written or not file.over)
    return outcome.run if outcome and not dry_run else "", file.path if kept else ""


def _filled_columns(
    files: Sequence[ImportFile], rejected: list[Reject]
) -> tuple[Sequence[str], list[Reject]]:
    """Return the columns for a file of rejects: of those that a reader made the ones that are used."""
    first = files[0]
    if first.table.filled is None:
        return first.table.header, rejected
    filled = {name for file in files for name in file.table.filled or ()} - {*first.columns.passed}
    places = [at for at, name in enumerate(first.table.header) if name in filled]
    rows = [msgspec.structs.replace(row, cells=[row.cells[at] for at in places]) for row in rejected]
    return [first.table.header[at] for at in places], rows
