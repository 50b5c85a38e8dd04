"""What an import would make of a file: how it is read, and what in it the configuration does not know."""

from __future__ import annotations

import re
from collections.abc import Iterator, Sequence

import msgspec

from crmctl.importer.opening import open_recognised
from crmctl.importer.row import ImportRow
from crmctl.importer.row_parser import RowParser
from crmctl.importer.source import Source
from crmctl.importer.table import ReadOptions
from crmctl.model.field import Field
from crmctl.model.records import RecordType
from crmctl.text import close_names
from crmctl.workspace.import_reading import NO_PROFILE, Reading, Readings, targets_of
from crmctl.workspace.import_request import ImportRequest
from crmctl.workspace.import_summary import Summary
from crmctl.workspace.importing import import_sources
from crmctl.workspace.outcome import WriteOptions
from crmctl.workspace.workspace import Workspace

_KNOWN_BY_NAME = frozenset({"stage", "list", "user", "currency"})
_DATES = frozenset({"date", "datetime"})
_FIGURES = re.compile(r"(\d{1,2})[./-](\d{1,2})[./-]\d{2,4}\b.*", re.DOTALL)
_MOST_VALUES = 10_000


class ReadColumn(msgspec.Struct, frozen=True):
    """A column and the field that it is read for; without one it is passed over."""

    column: str
    field: str | None


class UnknownColumn(msgspec.Struct, frozen=True):
    """A column that is no field, and the name that comes close to it."""

    column: str
    close: str | None


class Trouble(msgspec.Struct, frozen=True):
    """A value that rows are rejected for: `kind` is `unknown`, `two_readings` or `refused`."""

    kind: str
    column: str
    field: str
    value: str
    count: int
    line: int
    reason: str
    hint: str


class Survey(msgspec.Struct, frozen=True):
    """What an import would make of a file. `refusals` are further reasons for which rows are rejected, by number."""

    file: str
    format: str
    encoding: str
    delimiter: str
    profile: str | None
    record: RecordType
    columns: tuple[ReadColumn, ...]
    unknown_columns: tuple[UnknownColumn, ...]
    troubles: tuple[Trouble, ...]
    refusals: tuple[tuple[str, int], ...]
    summary: Summary
    next: str

    @property
    def importable(self) -> bool:
        """Whether the import would go through as it is."""
        return not self.unknown_columns and not self.summary.rejected


class Asked(msgspec.Struct, frozen=True):
    """A file to be looked at, and how it is to be read where that is said by hand."""

    file: str
    record: str = ""
    profile: str = ""
    read: ReadOptions = ReadOptions()


def survey(workspace: Workspace, asked: Asked) -> Survey:
    """Look at a file. Raises Refused and WrongUse for one that cannot be read at all, and NotFound."""
    with Source(asked.file) as source:
        kind = record_meant(workspace, asked, source)
        request = ImportRequest(kind, (asked.file,), asked.read, profile=asked.profile)
        reading, unknown = read_leniently(workspace, request, source)
        rows = parsed(reading, targets_of(workspace.configuration, kind).fields, kind)
        troubles = tuple(found_troubles(rows, reading, workspace))
        summary = import_sources(
            workspace,
            msgspec.structs.replace(request, ignore_unknown=True),
            [source],
            WriteOptions(dry_run=True),
        )
    refusals = tuple(_refusals(summary, troubles))
    columns = tuple(_columns(reading))
    return Survey(
        file=asked.file,
        format=reading.table.format,
        encoding=reading.table.encoding,
        delimiter=reading.table.delimiter,
        profile=reading.profile.name if reading.profile else None,
        record=kind,
        columns=columns,
        unknown_columns=unknown,
        troubles=troubles,
        refusals=refusals,
        summary=summary,
        next=_next(asked, kind, unknown, troubles, summary),
    )


def record_meant(workspace: Workspace, asked: Asked, source: Source) -> RecordType:
    """Return the type of a file's records: as named, else by its profile, else the one that knows most columns."""
    from crmctl.model.records import record_type

    if asked.record:
        return record_type(asked.record)
    request = ImportRequest(RecordType.LEAD, (asked.file,), asked.read)
    readings = Readings(workspace, request)
    if asked.profile and asked.profile != NO_PROFILE:
        return readings.profile_named(asked.profile).record
    opened = open_recognised(source, asked.read, None, readings.signatures)
    if opened.found.signature and asked.profile != NO_PROFILE:
        return opened.found.signature.record
    kinds = [kind for kind in RecordType if workspace.configuration.keeps(kind)]
    return max(kinds, key=lambda kind: _matches(workspace, kind, opened.table.header))


def _matches(workspace: Workspace, kind: RecordType, header: Sequence[str]) -> int:
    targets = targets_of(workspace.configuration, kind)
    return sum(targets.find(name) is not None for name in header if name)


def read_leniently(
    workspace: Workspace, request: ImportRequest, source: Source
) -> tuple[Reading, tuple[UnknownColumn, ...]]:
    """Open a file whatever columns it has; returns those that are not known, too."""
    readings = Readings(workspace, msgspec.structs.replace(request, ignore_unknown=True))
    reading = readings.read(source)
    unread = reading.unread(readings.targets)
    names = list(readings.targets.names())
    return reading, tuple(
        UnknownColumn(name, next(iter(close_names(name, names, most=1)), None)) for name in unread
    )


def parsed(reading: Reading, fields: dict[str, Field], kind: RecordType) -> Iterator[ImportRow]:
    """Yield the rows of a file as an import reads them."""
    parser = RowParser(reading.columns, fields, kind, reading.conventions)
    return map(parser.parse, reading.rows())


def found_troubles(rows: Iterator[ImportRow], reading: Reading, workspace: Workspace) -> list[Trouble]:
    return []
