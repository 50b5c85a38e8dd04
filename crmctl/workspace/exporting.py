"""`export`: records to a file, in the form that an import reads back."""

from collections.abc import Iterable, Mapping, Sequence

import msgspec

from crmctl.errors import WrongUse, wrong_use
from crmctl.exporter.export import record_sheet, write_export, write_page
from crmctl.exporter.formats import PAGES, export_format
from crmctl.exporter.sheet import COMPANY_NAMES, Sheet, SheetOptions
from crmctl.model.field import Field
from crmctl.model.import_profile import ImportProfile
from crmctl.model.records import Record, Value
from crmctl.query.evaluate import Getter
from crmctl.rules.context import Context
from crmctl.storage.interface import Reader
from crmctl.workspace.listing import ListRequest, bound_where, scope_of, sort_rows, with_view
from crmctl.workspace.outcome import as_error
from crmctl.workspace.own_files import check_target
from crmctl.workspace.workspace import Workspace


class ExportRequest(msgspec.Struct, frozen=True):
    """An export as it was typed; `target` is a file or `-`."""

    which: ListRequest
    target: str = "-"
    format: str = ""
    options: SheetOptions = SheetOptions()
    profile: str = ""


class Exported(msgspec.Struct, frozen=True):
    """How many records were written, and how many were left out because they may be viewed, but not exported."""

    count: int
    left_out: int = 0


def export_records(workspace: Workspace, asked: ExportRequest) -> Exported:
    """Write the records. Raises WrongUse, NotFound, Refused where none may go, and what writing a file raises."""
    workspace.configuration.check_kind(asked.which.kind)
    if asked.target != "-":
        check_target(workspace, asked.target)
    format_name = export_format(asked.target, asked.format)
    profile = _profile(workspace, asked, format_name)
    reader = workspace.read()
    which = with_view(workspace, reader, asked.which)
    scope = scope_of(workspace, which.kind, which.pipeline)
    bound = bound_where(which, scope, reader)
    records: Iterable[Record] = reader.records(which.kind)
    if bound is not None:
        passes = bound.predicate(column_of_record, workspace.context(reader).lookups)
        records = (record for record in records if passes(record))
    every = list(records)
    allowed = _allowed(every, workspace.context(reader))
    found = sort_rows(allowed, which.sort, scope, column_of_record)
    if format_name in PAGES:
        from crmctl.workspace.export_page import record_page

        write_page(asked.target, record_page(workspace, reader, which, found, format_name))
    elif profile:
        from crmctl.workspace.export_layout import layout_options, layout_sheet

        sheet = layout_sheet(workspace, reader, profile, found)
        write_export(asked.target, format_name, sheet, layout_options(profile, asked.options))
    else:
        sheet = _sheet(workspace, reader, which, found, format_name)
        write_export(asked.target, format_name, sheet, asked.options)
    return Exported(len(found), len(every) - len(found))


def _profile(workspace: Workspace, asked: ExportRequest, format_name: str) -> ImportProfile | None:
    """Return the profile whose layout is wanted, if one is. Raises WrongUse, NotFound."""
    if not asked.profile:
        return None
    if asked.which.fields:
        raise WrongUse("--profile has its own columns", hint="leave out --fields or --profile")
    from crmctl.workspace.export_layout import export_profile

    return export_profile(workspace, asked.profile, asked.which.kind, format_name)


def _sheet(
    workspace: Workspace, reader: Reader, which: ListRequest, records: Sequence[Record], format_name: str
) -> Sheet:
    fields = _fields(workspace, which, records)
    if format_name == "vcard" and any(field.name == "id" for field in fields):
        # By it a card is known as one of this workspace when it comes back.
        fields = list(
            {field.name: field for field in (*fields, _field(workspace, which, "created_at"))}.values()
        )
    sheet = record_sheet(format_name, fields, records, workspace.conventions)
    sheet = msgspec.structs.replace(sheet, record=which.kind.value)
    if format_name != "vcard" or all(field.name != "companies" for field in fields):
        return sheet
    # A card names a person's companies: what it is read into has no ids of ours.
    title = workspace.context(reader).lookups.reference
    named = ([str(title(each, "title") or "") for each in record.many("companies")] for record in records)
    rows = ([*row, names] for row, names in zip(sheet.rows, named, strict=True))
    return msgspec.structs.replace(sheet, header=[*sheet.header, COMPANY_NAMES], rows=rows)


def _allowed(records: list[Record], context: Context) -> list[Record]:
    """Return the records that may leave the workspace. Raises Refused where there are some, and none may."""
    if not context.limits or not records:
        return records
    from crmctl.rules.access import Access

    access = Access(context)
    allowed = [record for record in records if access.may("export", record)]
    if not allowed:
        raise as_error(access.denied("export", records[0]))
    return allowed


def column_of_record(name: str) -> Getter:
    """Return the function that takes a field's value out of a whole record."""
    return lambda record: record.get(name)


def _fields(workspace: Workspace, which: ListRequest, records: Sequence[Record]) -> list[Field]:
    """Return the fields that are the columns: those named, else all that are kept.

    Fields that only records still have, because the configuration dropped them, go along as text.
    """
    known: Mapping[str, Field] = workspace.configuration.fields_of(which.kind)
    if which.fields:
        with wrong_use("--fields: "):
            return [_field(workspace, which, name) for name in which.fields]
    kept = [field for field in known.values() if field.name != "contacts"]
    dropped = dict.fromkeys(name for record in records for name in record.values if name not in known)
    return [*kept, *(Field(name, "text", multiple=_many(name, records)) for name in dropped)]


def _field(workspace: Workspace, which: ListRequest, name: str) -> Field:
    return workspace.configuration.field(which.kind, name)


def _many(name: str, records: Iterable[Record]) -> bool:
    values: Iterable[Value | None] = (record.get(name) for record in records)
    return any(isinstance(value, list) for value in values)
