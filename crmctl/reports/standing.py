"""Where records stood at a moment: open, or not there yet, or over."""

from bisect import bisect_left

from crmctl.model.pipeline import Outcome, Pipeline
from crmctl.reports.journey import Journey


def open_before(journey: Journey, pipeline: Pipeline, moment: str) -> bool:
    """Tell whether a record was on an open stage of the pipeline just before a moment in its kept form.

    One that came closed was open from its creation until then, if it is known when that was.
    """
    if not journey.stages:
        return journey.closed is not None and journey.created < moment <= journey.closed
    last = bisect_left(journey.entered, moment) - 1
    if last < 0:
        return False
    left = journey.left[last]
    here = not left or moment <= left
    return here and pipeline.outcome_of(journey.stages[last]) is Outcome.OPEN


def outcome_now(journey: Journey, pipeline: Pipeline) -> Outcome | None:
    """Return what a record's stage means now; nothing for one that has gone on to another pipeline."""
    return None if journey.transferred else pipeline.outcome_of(journey.stage)


def open_now(journey: Journey, pipeline: Pipeline) -> bool:
    """Tell whether a record is on an open stage of the pipeline."""
    return outcome_now(journey, pipeline) is Outcome.OPEN


def over_now(journey: Journey, pipeline: Pipeline) -> bool:
    """Tell whether a record is on a won or lost stage of the pipeline."""
    return outcome_now(journey, pipeline) in (Outcome.WON, Outcome.LOST)
