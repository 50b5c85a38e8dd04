"""What an import would make of a file: how it is read, and what in it the configuration does not know."""

from __future__ import annotations

import os
import re
import shlex
from collections import Counter
from collections.abc import Iterator, Sequence
from pathlib import Path

import msgspec

from crmctl.config.files import PROFILES_FOLDER
from crmctl.importer.opening import open_recognised
from crmctl.importer.row import ImportRow
from crmctl.importer.row_parser import RowParser
from crmctl.importer.source import Source
from crmctl.importer.table import ReadOptions
from crmctl.model.records import RecordType, record_type
from crmctl.text import close_names
from crmctl.workspace.import_reading import (
    NO_PROFILE,
    ReadColumn,
    Reading,
    Readings,
    targets_of,
)
from crmctl.workspace.import_request import ImportRequest, check_request
from crmctl.workspace.import_summary import Summary
from crmctl.workspace.import_troubles import REFUSED, Trouble, Troubles
from crmctl.workspace.importing import import_sources
from crmctl.workspace.outcome import WriteOptions
from crmctl.workspace.profiles import named_profile
from crmctl.workspace.workspace import Workspace

_MOST_REASONS = 20


class UnknownColumn(msgspec.Struct, frozen=True):
    """A column that is no field, and the name that comes close to it."""

    column: str
    close: str | None


class Survey(msgspec.Struct, frozen=True):
    """What an import would make of a file. `refusals` are further reasons for which rows are rejected, by number.

    `guessed` tells that nothing shows what its records are.
    """

    file: str
    format: str
    encoding: str
    delimiter: str
    profile: str | None
    record: RecordType
    columns: tuple[ReadColumn, ...]
    passed: tuple[str, ...]
    unknown_columns: tuple[UnknownColumn, ...]
    troubles: tuple[Trouble, ...]
    refusals: tuple[tuple[str, int], ...]
    summary: Summary
    next: str = ""
    guessed: bool = False

    @property
    def importable(self) -> bool:
        """Whether the import would go through as it is."""
        return not self.unknown_columns and not self.summary.rejected


class Asked(msgspec.Struct, frozen=True):
    """A file to be looked at, and how it is to be read where that is said by hand."""

    file: str
    record: str = ""
    read: ReadOptions = ReadOptions()
    maps: tuple[str, ...] = ()
    decimal: str = ""
    date_format: str = ""
    serial_dates: bool = False
    profile: str = ""

    def request(self, workspace: Workspace, kind: RecordType) -> ImportRequest:
        """Return the import that is asked about. Raises WrongUse for options that mean nothing."""
        found = ImportRequest(
            kind,
            (self.file,),
            self.read,
            maps=self.maps,
            decimal=self.decimal,
            date_format=self.date_format,
            serial_dates=self.serial_dates,
            profile=self.profile,
        )
        check_request(workspace, found, partial=False)
        return found

    @property
    def options(self) -> str:
        """How it is to be read, as it is typed."""
        read = self.read
        given = {
            "profile": self.profile,
            "format": read.format,
            "encoding": read.encoding,
            "delimiter": read.delimiter,
            "decimal": self.decimal,
            "date-format": self.date_format,
            "sheet": read.sheet,
            "skip-rows": str(read.skip_rows or ""),
        }
        said = [f" --{option} {shlex.quote(value)}" for option, value in given.items() if value]
        said += [f" --map {shlex.quote(pair)}" for pair in self.maps]
        return "".join(said) + (" --excel-serial-dates" if self.serial_dates else "")


def survey(workspace: Workspace, asked: Asked) -> Survey:
    """Look at a file. Raises Refused and WrongUse for one that cannot be read at all, and NotFound."""
    with Source(asked.file) as source:
        kind, guessed = record_meant(workspace, asked, source)
        request = asked.request(workspace, kind)
        reading, unknown = read_leniently(workspace, request, source)
        troubles = Troubles(reading)
        for row in parsed(reading, kind):
            troubles.take(row)
        summary = import_sources(
            workspace,
            msgspec.structs.replace(request, ignore_unknown=True),
            [source],
            WriteOptions(dry_run=True),
        )
    found = _found(asked, reading, unknown, summary, troubles.all())
    return msgspec.structs.replace(found, next=_next(workspace, asked, found), guessed=guessed)


def _found(
    asked: Asked,
    reading: Reading,
    unknown: tuple[UnknownColumn, ...],
    summary: Summary,
    troubles: tuple[Trouble, ...],
) -> Survey:
    read = {each.column for each in reading.pairs()}
    return Survey(
        file=asked.file,
        format=reading.table.format,
        encoding=reading.table.encoding,
        delimiter=reading.table.delimiter,
        profile=reading.profile.name if reading.profile else None,
        record=summary.kind,
        columns=tuple(reading.pairs()),
        passed=tuple(name for name in reading.table.header if name and name not in read),
        unknown_columns=unknown,
        troubles=troubles,
        refusals=tuple(_refusals(summary, troubles)),
        summary=summary,
    )


def record_meant(workspace: Workspace, asked: Asked, source: Source) -> tuple[RecordType, bool]:
    """Return the type of a file's records, and whether it is but a guess.

    It is the one that is named, else that of the profile, else the one that knows most columns: which shows something
    where no other knows as many, and the most of them are known at all.
    """
    if asked.record:
        return record_type(asked.record), False
    request = ImportRequest(RecordType.LEAD, (asked.file,), asked.read)
    readings = Readings(workspace, request, lenient=True)
    if asked.profile and asked.profile != NO_PROFILE:
        return named_profile(asked.profile, readings.profiles, workspace.folder).record, False
    opened = open_recognised(source, asked.read, None, readings.signatures)
    if opened.found.signature and asked.profile != NO_PROFILE:
        return opened.found.signature.record, False
    kinds = [kind for kind in RecordType if workspace.configuration.keeps(kind)]
    matches = {kind: _matches(workspace, kind, opened.table.header) for kind in kinds}
    best = max(kinds, key=lambda kind: matches[kind])
    alone = [*matches.values()].count(matches[best]) == 1
    return best, not alone or matches[best] * 2 < sum(map(bool, opened.table.header))


def _matches(workspace: Workspace, kind: RecordType, header: Sequence[str]) -> int:
    targets = targets_of(workspace.configuration, kind)
    return sum(targets.find(name) is not None for name in header if name)


def read_leniently(
    workspace: Workspace, request: ImportRequest, source: Source
) -> tuple[Reading, tuple[UnknownColumn, ...]]:
    """Open a file whatever columns it has; returns those that are not known, too."""
    readings = Readings(workspace, msgspec.structs.replace(request, ignore_unknown=True), lenient=True)
    reading = readings.read(source)
    names = list(reading.targets.names())
    return reading, tuple(
        UnknownColumn(name, next(iter(close_names(name, names, most=1)), None)) for name in reading.unknown()
    )


def parsed(reading: Reading, kind: RecordType) -> Iterator[ImportRow]:
    """Yield the rows of a file as an import reads them."""
    targets = reading.targets
    parser = RowParser(reading.columns, targets.fields, kind, reading.conventions, targets.linked)
    return parser.rows(reading.rows())


def _refusals(summary: Summary, troubles: Sequence[Trouble]) -> Iterator[tuple[str, int]]:
    """Yield the reasons for which rows are rejected beside the values that are named already."""
    cells = {(each.column, each.value) for each in troubles if each.column}
    counted = Counter(
        fault.reason
        for row in summary.rejected
        for fault in row.faults
        if not fault.in_reading and (fault.column, fault.value) not in cells
    )
    yield from counted.most_common(_MOST_REASONS)


def _next(workspace: Workspace, asked: Asked, found: Survey) -> str:
    """Return the command to go on with."""
    file, said = shlex.quote(asked.file), asked.options
    command = f"crmctl import {found.record.table} {file}{said}"
    unclear = any(each.kind != REFUSED or each.formed for each in found.troubles)
    if unclear or (found.unknown_columns and found.summary.rejected):
        folder = os.path.relpath(workspace.folder / PROFILES_FOLDER)
        made = "" if Path(folder).is_dir() else f"mkdir -p {shlex.quote(folder)} && "
        target = shlex.quote(f"{folder}/{profile_name(asked.file)}.yaml")
        kind = f" --type {found.record.table}" if asked.record else ""
        return f"{made}crmctl profile suggest {file}{kind}{said} > {target}"
    if found.unknown_columns:
        command += " --ignore-unknown"
    return f"{command} --partial --rejects rejects.csv" if found.summary.rejected else command


def profile_name(file: str) -> str:
    """Return a name for the profile of a file, made of the file's."""
    stem = re.sub(r"[^\w]+", "-", Path(file).stem.lower()).strip("-_")
    return stem if stem and stem != NO_PROFILE and not stem[0].isdigit() else f"file-{stem}".rstrip("-")
