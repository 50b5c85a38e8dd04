"""`export --profile`: records in the layout of another program, with what is linked to them."""

from collections.abc import Sequence

import msgspec

from crmctl.config.profiles import load_profiles
from crmctl.errors import NotFound, WrongUse
from crmctl.exporter.layout import Source, layout_rows
from crmctl.exporter.sheet import Sheet, SheetOptions
from crmctl.model.field import Field
from crmctl.model.import_profile import ImportProfile
from crmctl.model.records import Record, RecordType, Value
from crmctl.storage.interface import Reader
from crmctl.text import names_hint
from crmctl.workspace.profiles import faulty, named_profile
from crmctl.workspace.workspace import Workspace

_FORMATS = ("csv", "tsv", "xlsx")
_LINKS = {
    RecordType.CONTACT: {"company": ("companies", RecordType.COMPANY)},
    RecordType.DEAL: {"contact": ("contact", RecordType.CONTACT), "company": ("company", RecordType.COMPANY)},
}
"""The field that leads to what a profile calls `company.FIELD` or `contact.FIELD`, by the type of record."""


def export_profile(workspace: Workspace, name: str, kind: RecordType, format_name: str) -> ImportProfile:
    """Return the profile of a name, or of the name with the type behind it: `outlook` is `outlook-contacts`.

    Raises NotFound, and WrongUse for one of another type, one that says nothing of writing, and another format.
    """
    if format_name not in _FORMATS:
        raise WrongUse(f"--profile writes columns, which {format_name} has none of", hint="-o csv")
    profiles = load_profiles(workspace.folder)
    writable = [each for each in profiles.names() if (found := profiles.get(each)) and found.export]
    try:
        found = profiles.get(f"{name}-{kind.table}") or named_profile(name, profiles, workspace.folder)
    except NotFound:
        if profiles.faults:
            raise faulty(profiles.faults) from None
        raise NotFound(f'no profile "{name}" for {kind.table}', hint=names_hint(name, writable)) from None
    if found.record is not kind:
        raise WrongUse(f"profile {found.name} is for {found.record.table}", hint=_of_kind(writable, kind))
    if found.export is None:
        told = f"profile {found.name} says how files are read, and nothing of how they are written"
        raise WrongUse(told, hint=_of_kind(writable, kind))
    return found


def _of_kind(names: Sequence[str], kind: RecordType) -> str | None:
    suiting = [name for name in names if name.endswith(f"-{kind.table}")]
    return f"for {kind.table}: {', '.join(suiting)}" if suiting else None


def layout_options(profile: ImportProfile, options: SheetOptions) -> SheetOptions:
    """Return how the file is written: as the options say, else as the layout does."""
    assert profile.export is not None
    delimiter = options.delimiter or profile.export.delimiter
    return msgspec.structs.replace(options, delimiter=delimiter, bom=options.bom or profile.export.bom)


def layout_sheet(
    workspace: Workspace, reader: Reader, profile: ImportProfile, records: Sequence[Record]
) -> Sheet:
    """Return the records as the layout has them."""
    assert profile.export is not None
    named = {name for each in profile.export.columns for name in (each.field, each.instead) if name}
    sources = {name: source for name in named if (source := _source(workspace, reader, profile.record, name))}
    rows = layout_rows(profile, sources, records, workspace.conventions)
    return Sheet([each.column for each in profile.export.columns], rows, profile.record.value)


def _source(workspace: Workspace, reader: Reader, kind: RecordType, name: str) -> Source | None:
    """Return where the values of a column come from, nothing where the workspace has no such field."""
    head, dot, far = name.partition(".")
    fields = workspace.configuration.fields_of(kind)
    if not dot:
        return _own(fields[name]) if name in fields else None
    link = _LINKS.get(kind, {}).get(head)
    field = workspace.configuration.fields_of(link[1]).get(far) if link else None
    return _linked(workspace, reader, link[0], field) if link and field else None


def _own(field: Field) -> Source:
    # A stage is told by its pipeline, an amount has its currency in a column of its own.
    if field.kind == "stage":
        return Source(field, lambda record: field.read(record.values))
    return Source(field, lambda record: record.get(field.name))


def _linked(workspace: Workspace, reader: Reader, link: str, field: Field) -> Source:
    """Return what takes a field of the first record that a record names."""
    lookup = workspace.context(reader).lookups.reference

    def get(record: Record) -> Value | None:
        held = record.get(link)
        first = next(iter(held), None) if isinstance(held, list) else held
        return lookup(str(first), field.name) if first else None

    return Source(field, get)
