"""Who enquired and who bought: whether an enquiry is of a new client, and which deal made somebody a customer."""

from bisect import bisect_left
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
    """A deal that was won at a moment, if it is known when, with whom, and the company if it names one.

    `until` is when it was taken back, or won another time; empty for the win that stands.
    """

    deal: str
    at: str | None
    person: str
    company: str = ""
    until: str = ""

    @property
    def place(self) -> tuple[str, int]:
        """Where it stands in the order of time."""
        return self.at or _LATEST, number_of(self.deal)

    @property
    def clients(self) -> Collection[str]:
        """The person, and the company if there is one."""
        return {self.person, self.company} - {""}

    def stood(self, moment: str) -> bool:
        """Tell whether the deal was won just before a moment."""
        return self.at is not None and self.at < moment and (not self.until or moment <= self.until)


_LATEST = "~"
"""Later than any moment in its kept form: what was won at an unknown date was before nothing else."""


class People(msgspec.Struct, frozen=True):
    """Every enquiry and every win of a workspace, whatever a report was asked for, told by their clients.

    `first_wins` are the deals that each made a customer of somebody who had none won before, of those won now.
    `undated` are wins of which it is not known when they were: such a one is a first win only of somebody who has no
    other. `shared` are the numbers that too many have to tell who they are.
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
    every = list(wins)
    won, asked = _wins_of_circles(every, circles), _first_enquiries_of_circles(enquiries, circles)
    standings = {}
    for each in enquiries:
        if won(each):
            standings[each.id] = Standing.RETURNING
        else:
            earlier = asked(each.person) < each.place
            standings[each.id] = Standing.REPEATED if earlier else Standing.NEW
    undated = sum(not win.at for win in every)
    return People(standings, _first_wins(every, circles), undated, shared)


def _wins_of_circles(wins: Iterable[Win], circles: Circles) -> Callable[[Enquiry], bool]:
    """Return what tells whether a deal of an enquiry's person, or the companies, was won as it came in.

    The deals that came of the enquiry itself are passed over.
    """
    by_deal: dict[str, list[Win]] = {}
    began: dict[str, list[str]] = {}
    ended: dict[str, list[str]] = {}
    for win in wins:
        by_deal.setdefault(win.deal, []).append(win)
        for client in win.clients:
            if win.at:
                began.setdefault(client, []).append(win.at)
            if win.until:
                ended.setdefault(client, []).append(win.until)
    for moments in (*began.values(), *ended.values()):
        moments.sort()

    def standing(client: str, moment: str) -> int:
        return bisect_left(began.get(client, ()), moment) - bisect_left(ended.get(client, ()), moment)

    def won(enquiry: Enquiry) -> bool:
        own = [
            win
            for deal in (enquiry.id, *circles.became.get(enquiry.id, ()))
            for win in by_deal.get(deal, ())
            if win.stood(enquiry.created)
        ]
        return any(
            standing(client, enquiry.created) > sum(client in win.clients for win in own)
            for client in circles.of(enquiry.person)
        )

    return won


def _first_wins(wins: Iterable[Win], circles: Circles) -> set[str]:
    """Return the deals won now before which no deal won now was of the same person, or that person's companies."""
    first: dict[str, Win] = {}
    present = sorted((win for win in wins if not win.until), key=lambda win: win.place)
    for win in present:
        for client in win.clients:
            first.setdefault(client, win)
    return {
        win.deal
        for win in present
        if all(first[client].place >= win.place for client in circles.of(win.person) if client in first)
    }


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
