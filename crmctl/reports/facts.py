"""What a report can learn of a workspace. Nothing is read before it is asked for."""

from __future__ import annotations

from collections.abc import Collection, Iterable, Mapping, Sequence
from datetime import date
from typing import TYPE_CHECKING, Protocol

import msgspec

from crmctl.model.pipeline import Pipeline
from crmctl.model.records import RecordType, Value
from crmctl.reports.attribute import Attribute
from crmctl.reports.cohort import Cohort, Event
from crmctl.reports.division import Division
from crmctl.reports.journey import Journey

if TYPE_CHECKING:
    from crmctl.reports.people import People
    from crmctl.reports.shift import Pipelines, Shifts
    from crmctl.reports.spend import Spend


class Window(msgspec.Struct, frozen=True):
    """A period from `start` on and before `end`, moments in their kept form; an empty one is open there."""

    start: str = ""
    end: str = ""

    def has(self, moment: str) -> bool:
        """Tell whether something that happened at a moment happened in it."""
        return self.start <= moment and (not self.end or moment < self.end)

    @property
    def all_time(self) -> bool:
        """Whether it is open at both ends: then nothing asks when anything happened."""
        return not (self.start or self.end)


class Population(msgspec.Struct, frozen=True):
    """The records of one pipeline that a report is about, and how many were left out, by why (`filter`, `cohort`).

    `by` is what they are grouped by, if they are: each has its group then.
    """

    pipeline: Pipeline
    journeys: Sequence[Journey]
    by: Division | None = None
    cohort: Cohort | None = None
    left_out: Mapping[str, int] = {}


class Records(msgspec.Struct, frozen=True):
    """The records of a type without pipelines that a report is about: journeys that have no stages.

    One is `closed` if it is a task that is over. The rest is as in a population.
    """

    kind: RecordType
    journeys: Sequence[Journey]
    by: Division | None = None
    cohort: Cohort | None = None
    left_out: Mapping[str, int] = {}


class Facts(Protocol):
    """A workspace at one moment, as a report sees it; what was asked of the report is in it.

    `--pipeline --cohort --where --by --in --amount` have had their effect on the populations.
    """

    @property
    def now(self) -> str:
        """The moment that the report is true of, in its kept form."""

    @property
    def window(self) -> Window:
        """The period asked for; all time without one."""

    @property
    def mode(self) -> str:
        """`leads` where enquiries are leads, `deals` where they are deals."""

    def option(self, name: str) -> str:
        """Return what the report's own option was given; empty for a flag that was not, `yes` for one that was."""

    def day(self, moment: str) -> date:
        """Return the local day of a moment in its kept form."""

    def is_over(self, moment: str) -> bool:
        """Tell whether a moment in its kept form is over: midnight is meant as its day, and over when that is."""

    def show(self, kind: RecordType, field: str, value: Value | None) -> str:
        """Return a field's value as people read it: a list's title, a user's name; `(none)` for none."""

    def populations(
        self,
        event: Event | None,
        fields: Sequence[str] = (),
        *,
        kinds: Sequence[RecordType] = (),
        history: bool = True,
        amount: str = "",
    ) -> list[Population]:
        """Return the records of each pipeline asked for, or of all pipelines of some types of records.

        `event` is what puts a record into the report where the user names no cohort, in the period if there is one;
        without an event all are in. `fields` are read into `Journey.values`. Without `history` a record is where it
        is now: nothing is known of the stages it went through. `amount` names another money field that is to count as
        their amount, of the first of the kinds. Raises NotFound, WrongUse.
        """

    def records(
        self,
        kind: RecordType,
        fields: Sequence[str] = (),
        *,
        event: Event | None = None,
        asked: bool = True,
        amount: str = "",
    ) -> Records:
        """Return the records of a type that has no pipelines; `amount` names the money field that is their amount.

        What was asked of the report narrows and groups these, unless they are not those that were `asked` for, but
        looked at beside. Raises WrongUse.
        """

    def attribute(self, kind: RecordType, name: str, option: str) -> Attribute:
        """Return the field of a type of records that was named, by an option. Raises WrongUse."""

    def unnarrowed(self) -> list[Population]:
        """Return all records of the same pipelines, with their histories, whatever filter or cohort was asked for."""

    def local(self, moment: str) -> str:
        """Return a moment in its kept form as programs are told it, with the offset of the workspace."""

    def stretch(self, since: str, until: str) -> Window:
        """Return the time from the start of what one text means to the end of another, or to now; else the period.

        Raises WrongUse where neither `since` nor a period says where it begins.
        """

    def shifts(self, window: Window) -> list[Shifts]:
        """Return the records of each pipeline that anything happened to in some time. Raises NotFound, WrongUse."""

    @property
    def pipelines(self) -> Pipelines:
        """Every pipeline by its id."""

    def every(self, kind: RecordType, fields: Sequence[str] = ()) -> list[Population]:
        """Return all records of a type, as they are now, in the pipelines of it that are named or else in all.

        No filter, cohort or period narrows these: they are what others led to.
        """

    def deals_of_leads(self) -> Mapping[str, Sequence[str]]:
        """Return the ids of the deals that came of each lead by conversion, in whatever pipeline."""

    def people(self) -> People:
        """Return who enquired and who bought, whatever was asked for."""

    def spend(self) -> Sequence[Spend] | None:
        """Return what advertising cost on the days of the period; nothing where no file tells it.

        Raises NotFound, NotConfigured, WrongUse.
        """

    def sourced(self, kind: RecordType, *, alone: bool = False) -> list[Population]:
        """Return leads created in the period, or deals, with the values that say what came of which source.

        `values` has `source` and, of a deal without one, `origin_lead`; of a lead `converted`: whether a deal came of
        it; of a deal `created` and `closed`: whether it was in the period, or belongs to the cohort that was named.
        Unless each is to be `alone`, those alike in these, in stage and in group may be one journey with their number
        and nothing else; deals won in the period never are. Raises NotFound, WrongUse.
        """

    def values(self, kind: RecordType, ids: Collection[str], field: str) -> Mapping[str, Value]:
        """Return what some records of a type hold in a field, by id; those that hold nothing are not in it.

        No filter, cohort or period narrows them.
        """

    def first_sources(self) -> Mapping[str, str | None]:
        """Return the source of the first enquiry of the client of every deal, by its id."""


def division_of(found: Iterable[Population | Records]) -> Division | None:
    """Return what all that was found is divided by, if it is; of records of several types, some may not be."""
    return next((each.by for each in found if each.by), None)


def window_of(facts: Facts, found: Iterable[Population | Records]) -> Window:
    """Return the period that cuts what happened to records: none where it has gone into a cohort of theirs.

    What was `found` was asked for without an event: it has a cohort where the user named one.
    """
    return Window() if any(each.cohort for each in found) else facts.window
