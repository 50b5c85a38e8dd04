"""Cohorts: which records a report is about, by what happened to them in its period."""

from collections.abc import Sequence
from enum import StrEnum

import msgspec

from crmctl.model.pipeline import Pipeline
from crmctl.reports.journey import Journey
from crmctl.reports.standing import over_now


class Event(StrEnum):
    """What puts a record into a cohort."""

    CREATED = "created"
    ENTERED = "entered"
    CLOSED = "closed"


class Cohort(msgspec.Struct, frozen=True):
    """Records to which an event happened from `start` on and before `end`, moments in their kept form.

    An empty end of the period leaves it open there. `stage` is the id of the stage that was entered.
    A record is `closed` when it came to the won or lost stage it is on: one that was reopened is not. One of which
    it is not known when it closed belongs only to a cohort that takes the `undated`: where nobody asks for the date.
    """

    event: Event
    stage: str = ""
    start: str = ""
    end: str = ""
    undated: bool = False

    def members(self, journeys: Sequence[Journey], pipeline: Pipeline | None = None) -> list[Journey]:
        """Return the journeys that belong to the cohort; `pipeline` is theirs, if they have one."""
        return [journey for journey in journeys if self._has(journey, pipeline)]

    def _has(self, journey: Journey, pipeline: Pipeline | None) -> bool:
        if self.event is Event.CREATED:
            return self._within(journey.created)
        if self.event is Event.CLOSED:
            if journey.closed is None:
                return self.undated and pipeline is not None and over_now(journey, pipeline)
            return self._within(journey.closed)
        visits = zip(journey.stages, journey.entered, strict=True)
        return any(stage == self.stage and self._within(at) for stage, at in visits)

    def _within(self, moment: str) -> bool:
        return self.start <= moment and (not self.end or moment < self.end)
