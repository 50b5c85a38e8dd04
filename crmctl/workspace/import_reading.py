"""How a file of an import is read: by a profile that is named or found, or by the names of its columns alone."""

from __future__ import annotations

from collections import Counter
from collections.abc import Iterator, Sequence
from contextlib import contextmanager
from functools import cached_property
from typing import TYPE_CHECKING

import msgspec

from crmctl.config.profiles import Profiles, load_profiles
from crmctl.errors import CrmError, WrongUse
from crmctl.importer import delimiter
from crmctl.importer.column_map import ColumnMap
from crmctl.importer.formats import open_table
from crmctl.importer.mapping import map_columns, read_pairs
from crmctl.importer.opening import Opened, open_by, open_recognised
from crmctl.importer.source import Source
from crmctl.importer.table import RawRow, Table, quoted
from crmctl.importer.targets import Targets
from crmctl.model.configuration import Configuration
from crmctl.model.field import Conventions
from crmctl.model.import_profile import LINKED, ImportProfile, Signature
from crmctl.model.records import RecordType
from crmctl.text import plural, shortened
from crmctl.workspace.import_request import ImportRequest, import_conventions
from crmctl.workspace.profiles import faulty, named_profile
from crmctl.workspace.workspace import Workspace

if TYPE_CHECKING:
    from crmctl.importer.layout import Layout

NO_PROFILE = "none"
"""What `--profile` says to read a file without one."""


class ReadColumn(msgspec.Struct, frozen=True):
    """A column and a field that it is read for."""

    column: str
    field: str


class Reading(msgspec.Struct, frozen=True):
    """A file on its way to rows of values; `blank` are columns passed over in which nothing has stood so far.

    `left` counts the rows that are not among those that the profile reads, by the column that says so.
    """

    source: Source
    table: Table
    columns: ColumnMap
    conventions: Conventions
    profile: ImportProfile | None
    layout: Layout | None
    told: tuple[str, ...]
    blank: set[int]
    left: Counter[str]
    targets: Targets

    def rows(self) -> Iterator[RawRow]:
        """Yield the rows of the file as they are to be read."""
        if self.layout is None:
            return self.table.rows
        return self.layout.rows(self._wanted(self.layout), self.blank)

    def _wanted(self, layout: Layout) -> Iterator[RawRow]:
        for row in self.table.rows:
            if column := layout.only and layout.passes_over(row):
                self.left[column] += 1
            else:
                yield row

    def pairs(self) -> list[ReadColumn]:
        """Return the columns of the file that are read, in their order, a line for each field that one is read for."""
        header, fields = self.table.header, dict[str, list[str]]()
        for column, field in self.columns.pairs():
            fields.setdefault(column, []).append(field)
        for made in self.layout.made if self.layout else ():
            for at in made.places:
                fields.setdefault(header[at], []).extend(fields.get(made.name, []))
        return [ReadColumn(name, field) for name in header for field in dict.fromkeys(fields.get(name, ()))]

    def origins(self, column: str) -> tuple[str, ...]:
        """Return the columns of the file that a column is made of, or itself."""
        made = next((each for each in self.layout.made if each.name == column), None) if self.layout else None
        return tuple(self.table.header[at] for at in made.places) if made else (column,)

    def unknown(self) -> list[str]:
        """Return the columns that are no field, and that no profile speaks of."""
        spoken = self.layout.targets if self.layout else {}
        return [name for name in self.columns.passed if name and name not in spoken]

    def notes(self) -> list[str]:
        """Return what is to be told of how it was read, once its rows were."""
        header, aside = self.columns.header, self.layout.aside if self.layout else frozenset()
        blank = {header[at] for at in self.blank}
        passed = [name for name in self.columns.passed if name not in aside and name not in blank]
        if self.table.filled is not None:
            passed = [name for name in passed if name in self.table.filled]
        left = [f"{plural(count, 'row')} passed over by {quoted(name)}" for name, count in self.left.items()]
        over = [f"columns passed over: {', '.join(map(shortened, passed))}"] if passed else []
        return [f"{self.source.name}: {each}" for each in (*self.told, *left, *over, *self.table.notes)]


class Readings:
    """Reads the files of one import. The profiles are loaded once, and only where a file may need one."""

    def __init__(self, workspace: Workspace, asked: ImportRequest, *, lenient: bool = False) -> None:
        """Prepare for an import; `lenient` leaves aside profiles of the workspace that have faults."""
        self._lenient = lenient
        self._workspace = workspace
        read = msgspec.structs.replace(asked.read, record=asked.kind.value)
        self._asked = msgspec.structs.replace(asked, read=read)
        self.targets = targets_of(workspace.configuration, asked.kind)

    @cached_property
    def profiles(self) -> Profiles:
        """The profiles there are. Raises NotConfigured where one of the workspace has faults."""
        found = load_profiles(self._workspace.folder)
        if found.faults and not self._lenient:
            raise faulty(found.faults)
        return found

    @cached_property
    def _named(self) -> ImportProfile | None:
        """The profile that was named, if one was."""
        name = self._asked.profile
        if name in ("", NO_PROFILE):
            return None
        found = named_profile(name, self.profiles, self._workspace.folder)
        if found.record is not self._asked.kind:
            raise WrongUse(
                f"profile {found.name} is for {found.record.table}",
                hint=f"crmctl import {found.record.table} {' '.join(self._asked.files)} --profile {name}",
            )
        return found

    def read(self, source: Source) -> Reading:
        """Open a file and find out what its columns are. Raises Refused, WrongUse, NotFound, NotConfigured."""
        asked, pairs = self._asked, read_pairs(self._asked.maps)
        opened, profile = self._opened(source)
        table, layout = opened.table, None
        if profile:
            from crmctl.importer.profile_layout import laid_out

            layout = laid_out(
                profile, table.header, self.targets, pairs, dates_declared=bool(asked.date_format)
            )
        with self._naming(source, opened):
            columns = map_columns(
                layout.names if layout else table.header,
                self.targets,
                pairs,
                presumed=layout.targets if layout else None,
                ignore_unknown=asked.ignore_unknown or table.filled is not None,
            )
        passed = {at for at, name in enumerate(table.header) if layout and name in columns.passed}
        told = tuple(_told(asked, opened, profile))
        conventions = import_conventions(self._workspace, asked, table, profile.decimal if profile else "")
        return Reading(
            source, table, columns, conventions, profile, layout, told, passed, Counter(), self.targets
        )

    def _opened(self, source: Source) -> tuple[Opened, ImportProfile | None]:
        asked = self._asked
        if asked.profile == NO_PROFILE:
            return Opened(open_table(source, asked.read)), None
        if self._named:
            return Opened(open_by(source, asked.read, self._named)), self._named
        opened = open_recognised(source, asked.read, asked.kind, self.signatures)
        found = opened.found.signature
        return opened, self.profiles.get(found.name) if found else None

    def signatures(self) -> Sequence[Signature]:
        """Return what the profiles are recognised by."""
        return self.profiles.signatures

    @contextmanager
    def _naming(self, source: Source, opened: Opened) -> Iterator[None]:
        """Name the file in an error about its columns, where there are several, and the type it may be of."""
        try:
            yield
        except CrmError as error:
            if len(self._asked.files) > 1:
                error.message = f"{source.name}: {error.message}"
            if elsewhere := _elsewhere(opened):
                error.hint = f"{elsewhere}: crmctl import {_kind(opened)} {source.name}"
            raise


def _told(asked: ImportRequest, opened: Opened, profile: ImportProfile | None) -> Iterator[str]:
    table = opened.table
    if profile:
        marked = table.encoding.startswith("utf-")
        yield f"read as {profile.name}" + ("" if marked or asked.read.encoding else f" in {table.encoding}")
        if table.delimiter == profile.delimiter:
            return
    if table.delimiter not in ("", ",") and not asked.read.delimiter:
        yield f"read with {delimiter.NAMES.get(table.delimiter, table.delimiter)} between cells"
    if not profile and (elsewhere := _elsewhere(opened)):
        yield f"{elsewhere} (crmctl import {_kind(opened)})"


def _elsewhere(opened: Opened) -> str:
    other = opened.found.elsewhere
    return f"its columns are those of {other.name}" if other and not opened.found.signature else ""


def _kind(opened: Opened) -> str:
    return opened.found.elsewhere.record.table if opened.found.elsewhere else ""


def targets_of(configuration: Configuration, kind: RecordType) -> Targets:
    """Return what the columns of a file of records of a type may be for."""
    linked = {other: configuration.fields_of(other) for other in LINKED.get(kind, ())}
    return Targets(configuration.fields_of(kind), linked)
