"""Where records came from, whatever a report was asked for."""

from __future__ import annotations

from collections.abc import Collection, Mapping
from typing import TYPE_CHECKING

from crmctl.model.records import RecordType, Value
from crmctl.reports.first_enquiry import Enquired, first_sources
from crmctl.reports.journey import text_of
from crmctl.storage.interface import Reader, Row, column

if TYPE_CHECKING:
    from crmctl.workspace.reporting.clients import Clients


def values_of(reader: Reader, kind: RecordType, ids: Collection[str], field: str) -> Mapping[str, Value]:
    """Return what some records of a type hold in a field, by id."""
    get = column(field)
    rows = (row for row in reader.scan(kind, ("id", field)) if row.f_id in ids)
    return {row.f_id: value for row in rows if (value := get(row)) is not None}


def first_sources_of(clients: Clients) -> Mapping[str, str | None]:
    """Return the source of the first enquiry of the client of every deal."""
    enquiries = [_enquired(row, clients) for row in clients.leads]
    enquiries += [_enquired(row, clients, row.f_previous_deal) for row in clients.deals]
    return first_sources(enquiries, clients.companies)


def _enquired(row: Row, clients: Clients, previous: str | None = None) -> Enquired:
    person = clients.person(row.f_id)
    return Enquired(row.f_id, row.f_created_at or "", text_of(row.f_source), person, previous)
