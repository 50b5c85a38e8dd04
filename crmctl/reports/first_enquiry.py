"""Where clients came from: the source of the first enquiry of each."""

from collections.abc import Callable, Collection, Iterable, Mapping
from functools import cache

from crmctl.model.records import RecordType, number_of, type_of
from crmctl.reports.people import Enquiry


class SourcedEnquiry(Enquiry, frozen=True, gc=False):
    """A lead or a deal with its source, and the deal that it follows on."""

    source: str | None
    previous: str | None = None

    @property
    def is_deal(self) -> bool:
        """Whether it is a deal."""
        return type_of(self.id) is RecordType.DEAL

    @property
    def place_among_all(self) -> tuple[str, bool, int]:
        """Where it stands among leads and deals: a lead before the deal made of it in the same second."""
        return self.created, self.is_deal, number_of(self.id)


def first_sources(
    enquiries: Iterable[SourcedEnquiry], companies: Mapping[str, Collection[str]]
) -> dict[str, str | None]:
    """Return by the id of every deal the source of the first enquiry of its client.

    That is the first of its person or of anybody of that person's `companies`, or of the client of the deal before.
    """
    every = sorted(enquiries, key=lambda each: each.place_among_all)
    of_client = _first_of_clients(every, companies)
    found: dict[str, SourcedEnquiry] = {}
    for each in every:
        if each.is_deal:
            known = [of_client(each.person), *([found[each.previous]] if each.previous in found else [])]
            found[each.id] = min(known, key=lambda one: one.place_among_all)
    return {deal: each.source for deal, each in found.items()}


def _first_of_clients(
    in_time: Iterable[SourcedEnquiry], companies: Mapping[str, Collection[str]]
) -> Callable[[str], SourcedEnquiry]:
    """Return what gives the first enquiry of a person or of anybody else of the companies, of those in time's order.

    A person may be of thousands of companies: these are gone through once for each person.
    """
    first: dict[str, SourcedEnquiry] = {}
    for each in in_time:
        first.setdefault(each.person, each)
    of_companies: dict[str, SourcedEnquiry] = {}
    for person, each in first.items():
        for company in companies.get(person, ()):
            of_companies.setdefault(company, each)

    def of(person: str) -> SourcedEnquiry:
        known = [first[person], *(of_companies[each] for each in companies.get(person, ()))]
        return min(known, key=lambda one: one.place_among_all)

    return cache(of)
