"""Which records are of one client, by their links and by the workspace's match rules."""

from collections.abc import Mapping, Sequence

from crmctl.model.configuration import Configuration
from crmctl.model.merging import FROM
from crmctl.model.records import RecordType
from crmctl.rules.carry import sources_of
from crmctl.rules.connected import Connected
from crmctl.rules.duplicates import scalars
from crmctl.storage.interface import Reader, Row, column
from crmctl.workspace.reporting.likenesses import Likenesses

_LINKS: dict[RecordType, tuple[str, ...]] = {
    RecordType.COMPANY: (),
    RecordType.CONTACT: ("companies", "origin_lead"),
    RecordType.LEAD: ("created_at", "converted_to", "source"),
    RecordType.DEAL: (
        *("pipeline", "stage", "created_at", "closed_at", "source"),
        *("contact", "company", "origin_lead", "previous_deal", FROM),
    ),
}
_MADE_OF_LEADS = (RecordType.CONTACT, RecordType.COMPANY)


class Clients:
    """The records of a workspace, those of one person connected; companies are not, for they are of many.

    So a record is of a person, who is of companies; each is called by one of its records.
    """

    def __init__(self, reader: Reader, configuration: Configuration) -> None:
        self._one = Connected[str]()
        self._belonging: list[tuple[str, str]] = []
        self._alike = {kind: Likenesses(kind, configuration) for kind in _LINKS}
        sources = {kind: self._sources(kind, configuration) for kind in _MADE_OF_LEADS}
        rows = {kind: self._read(kind, reader, sources) for kind in _LINKS}
        self.leads, self.deals = rows[RecordType.LEAD], rows[RecordType.DEAL]
        for alike in self._alike.values():
            for one, other in alike.pairs():
                self._one.join(one, other)
        for kind, names in sources.items():
            if rows[kind]:
                self._find(kind, names)
        self._link_leads()
        self._link_contacts(rows[RecordType.CONTACT])
        self._link_deals()
        self.companies: dict[str, set[str]] = {}
        for record_id, company in self._belonging:
            self.companies.setdefault(self.person(record_id), set()).add(self.company(company))

    @property
    def shared(self) -> list[str]:
        """The numbers that too many records have to tell whose they are, each with how many of a type have it."""
        contacts = self._alike[RecordType.CONTACT].index
        counts: dict[str, int] = {}
        for alike in self._alike.values():
            for (_, number), count in alike.index.shared.items():
                if not contacts.has_number(number):
                    counts[number] = max(counts.get(number, 0), count)
        return [f"{number} ({counts[number]:,})" for number in sorted(counts, key=lambda each: -counts[each])]

    def person(self, record_id: str) -> str:
        """Return the person that a record is of."""
        return self._one.root(record_id)

    def company(self, company_id: str | None) -> str:
        """Return the company that is called by an id; empty for none."""
        return self._one.root(company_id) if company_id else ""

    def _sources(self, kind: RecordType, configuration: Configuration) -> dict[str, str]:
        """Return by which field of a lead each field is filled that says whether two records of a type are one."""
        filled = sources_of(kind, configuration)
        return {name: filled[name] for name in self._alike[kind].fields if name in filled}

    def _read(
        self, kind: RecordType, reader: Reader, sources: Mapping[RecordType, Mapping[str, str]]
    ) -> list[Row]:
        alike = self._alike[kind]
        names = ["id", *_LINKS[kind], *alike.fields]
        if kind is RecordType.LEAD:
            names += [name for fields in sources.values() for name in fields.values()]
        rows = reader.scan(kind, tuple(dict.fromkeys(names)))
        for row in rows:
            alike.add(row)
        return rows

    def _find(self, kind: RecordType, sources: Mapping[str, str]) -> None:
        """Find the contact or the company that each lead means, by what a conversion of it would go by."""
        columns = [(name, column(source)) for name, source in sources.items()]
        known = self._alike[kind].known
        for row in self.leads:
            for found in known({name: get(row) for name, get in columns}):
                self._belong(row.f_id, found)

    def _link_leads(self) -> None:
        became = column("converted_to")
        for row in self.leads:
            for found in map(str, scalars(became(row))):
                self._belong(row.f_id, found)

    def _link_contacts(self, rows: Sequence[Row]) -> None:
        companies = column("companies")
        for row in rows:
            for found in (row.f_origin_lead, *map(str, scalars(companies(row)))):
                self._belong(row.f_id, found)

    def _link_deals(self) -> None:
        for row in self.deals:
            # One that names nobody is of whom the deal was before.
            person = row.f_contact or (None if row.f_origin_lead else row.f_previous_deal)
            for found in (row.f_origin_lead, person, row.f_company):
                self._belong(row.f_id, found)

    def _belong(self, record_id: str, to: str | None) -> None:
        """Connect a record with one of the same person, or note the company of that person."""
        if not to:
            return
        if to.startswith(RecordType.COMPANY.prefix):
            self._belonging.append((record_id, to))
        else:
            self._one.join(to, record_id)
