"""Records that are over: how they ended, and how long it took."""

from collections.abc import Iterable, Sequence

from crmctl.model.pipeline import Outcome, Pipeline
from crmctl.reports.duration import days_between
from crmctl.reports.journey import Journey


def ended(pipeline: Pipeline, journeys: Sequence[Journey], outcome: Outcome) -> list[Journey]:
    """Return the records that are on a stage of that outcome in the pipeline."""
    return [each for each in journeys if not each.transferred and pipeline.outcome_of(each.stage) is outcome]


def days_to_close(journeys: Iterable[Journey]) -> list[float]:
    """Return the days from creation to closing of closed records, but of those closed before they were created."""
    lasted = (days_between(each.created, each.closed) for each in journeys if each.closed)
    return [days for days in lasted if days >= 0]


def closed_backward(journeys: Iterable[Journey]) -> list[Journey]:
    """Return the records that were closed before they were created: dates that cannot be true."""
    return [each for each in journeys if each.closed is not None and each.closed < each.created]
