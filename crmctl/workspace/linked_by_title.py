"""The record that a row brings along by its title alone: a person is looked for at the company of the row."""

from collections.abc import Mapping

from crmctl.errors import Refused
from crmctl.importer.row import ImportRow
from crmctl.model.records import Record, RecordType
from crmctl.storage.interface import Reader
from crmctl.workspace.named_records import NamedRecords

Known = Mapping[RecordType, Record | None]
"""The records that a row brings along as far as they were looked for; nothing for one to be made."""


def by_title(
    kind: RecordType, title: str, company: str | None, named: NamedRecords, reader: Reader
) -> Record | None:
    """Return the one record with a title: of people one at a company, else one without any.

    Those at another are others of that name. Raises Refused for several.
    """
    ids = named.with_title(kind, title)
    if company is not None:
        held = {each: record.many("companies") for each in ids if (record := reader.get(each))}
        there = [each for each, companies in held.items() if company in companies]
        ids = there or [each for each, companies in held.items() if not companies]
    if len(ids) > 1:
        raise Refused(
            f'"{title}" is the title of several records: {", ".join(ids[:10])}',
            hint=f"name the one that is meant by a column {kind.value}.id or {kind.value}.external_id",
        ).at("title")
    return reader.get(ids[0]) if ids else None


def company_about(row: ImportRow, known: Known) -> str | None:
    """Return the company that a row is about: its id, empty for a new one; None for a row about none."""
    if RecordType.COMPANY in known:
        company = known[RecordType.COMPANY]
        return company.id if company else ""
    named = row.values.get("company")
    return str(named) if named else None
