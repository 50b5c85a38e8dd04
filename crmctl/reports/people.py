"""Who enquired and who bought: whether an enquiry is of a new client, and which deal made somebody a customer."""

from collections.abc import Callable, Collection, Iterable, Mapping, Sequence
from enum import StrEnum
from functools import cache

import msgspec

from crmctl.model.records import number_of
from crmctl.reports.why import Why
from crmctl.text import plural


class Standing(StrEnum):
    """What a client was when an enquiry came in."""

    NEW = "new"
    REPEATED = "repeated"
    RETURNING = "returning"


class Enquiry(msgspec.Struct, frozen=True, gc=False):
    """An enquiry, when it came in, and the person whose it is."""

    id: str
    created: str
    person: str

    @property
    def place(self) -> tuple[str, int]:
        """Where it stands in the order of time."""
        return self.created, number_of(self.id)


class Win(msgspec.Struct, frozen=True, gc=False):
    """A deal that was won at a moment, if it is known when, with whom, and the company if it names one."""

    deal: str
    at: str | None
    person: str
    company: str = ""

    @property
    def place(self) -> tuple[str, int]:
        """Where it stands in the order of time."""
        return self.at or _LATEST, number_of(self.deal)


_LATEST = "~"
"""Later than any moment in its kept form: what was won at an unknown date was before nothing else."""


class People(msgspec.Struct, frozen=True):
    """Every enquiry and every win of a workspace, whatever a report was asked for, told by their clients.

    `first_wins` are the deals that each made a customer of somebody who had none won before. `undated` are wins of
    which it is not known when they were: such a one is a first win only of somebody who has no other. `shared` are
    the numbers that too many have to tell who they are.
    """

    standings: Mapping[str, Standing]
    first_wins: Collection[str]
    undated: int = 0
    shared: Sequence[str] = ()

    def notes(self) -> list[str]:
        """Return what a reader should know of how they were told from one another."""
        notes = []
        if self.shared:
            named = ", ".join(self.shared[:3])
            many = plural(len(self.shared), "number is", "numbers are")
            notes.append(f"{many} on too many records to tell whose they are: {named}")
        if self.undated:
            notes.append(f"{plural(self.undated, 'won deal')} without a date made nobody an old client")
        return notes

    def left_out(self) -> dict[Why, int]:
        """Return how many wins do not count, by why."""
        return {Why.WON_UNDATED: self.undated}


class Circles(msgspec.Struct, frozen=True):
    """The `companies` that each person is of, and the deals that each enquiry `became`.

    Of both, an enquiry is an old client's: what its person did and what any company of that person did was before.
    """

    companies: Mapping[str, Collection[str]] = {}
    became: Mapping[str, Collection[str]] = {}

    def of(self, person: str) -> Sequence[str]:
        """Return a person and the companies of that person."""
        return (person, *self.companies.get(person, ()))


def people_among(
    enquiries: Sequence[Enquiry],
    wins: Iterable[Win],
    circles: Circles,
    *,
    shared: Sequence[str] = (),
) -> People:
    """Return what the people behind some enquiries and wins were, each at its moment: later ones never tell."""
    in_time = sorted(wins, key=lambda win: win.place)
    # Own deals are passed over: behind as many as an enquiry became is the first of another.
    most = max(map(len, circles.became.values()), default=0) + 2
    won = _first_wins_of_circles(in_time, circles, most)
    asked = _first_enquiries_of_circles(enquiries, circles)
    standings = {}
    for each in enquiries:
        own = (each.id, *circles.became.get(each.id, ()))
        first = next((win for win in won(each.person) if win.deal not in own), None)
        if first and first.at and first.at < each.created:
            standings[each.id] = Standing.RETURNING
        else:
            earlier = asked(each.person) < each.place
            standings[each.id] = Standing.REPEATED if earlier else Standing.NEW
    first_wins = {win.deal for win in in_time if won(win.person)[0] is win}
    return People(standings, first_wins, sum(not win.at for win in in_time), shared)


def _first_wins_of_circles(
    wins: Iterable[Win], circles: Circles, most: int
) -> Callable[[str], Sequence[Win]]:
    """Return what gives the first wins of a person and that person's companies, in the order of time."""
    by_client: dict[str, list[Win]] = {}
    for win in wins:
        for client in {win.person, win.company} - {""}:
            if len(found := by_client.setdefault(client, [])) < most:
                found.append(win)

    def of(person: str) -> Sequence[Win]:
        found = {win.deal: win for client in circles.of(person) for win in by_client.get(client, ())}
        return sorted(found.values(), key=lambda win: win.place)[:most]

    return cache(of)


def _first_enquiries_of_circles(
    enquiries: Iterable[Enquiry], circles: Circles
) -> Callable[[str], tuple[str, int]]:
    """Return what gives the place in time of the first enquiry of a person, or of anybody else of the companies."""
    first: dict[str, tuple[str, int]] = {}
    for each in enquiries:
        first[each.person] = min(first.get(each.person, each.place), each.place)
    of_companies: dict[str, tuple[str, int]] = {}
    for person, place in first.items():
        for company in circles.companies.get(person, ()):
            of_companies[company] = min(of_companies.get(company, place), place)

    def of(person: str) -> tuple[str, int]:
        return min([first[person], *(of_companies[each] for each in circles.companies.get(person, ()))])

    return cache(of)
