"""Records that are over: how they ended, and how long it took."""

from collections.abc import Iterable, Sequence

from crmctl.model.pipeline import Outcome, Pipeline
from crmctl.reports.counting import closed_undated
from crmctl.reports.duration import days_between
from crmctl.reports.facts import Population, Window
from crmctl.reports.journey import Journey, size
from crmctl.reports.standing import outcome_now
from crmctl.reports.why import Why
from crmctl.text import plural


def ended(pipeline: Pipeline, journeys: Sequence[Journey], outcome: Outcome) -> list[Journey]:
    """Return the records that are on a stage of that outcome in the pipeline."""
    return [each for each in journeys if outcome_now(each, pipeline) is outcome]


def closed_in(window: Window, closed: str | None) -> bool:
    """Tell whether a record that is over came to be so in a period; `closed` is when, if that is known.

    Where no period asks, it counts whenever it was, and so without a date too.
    """
    return window.all_time or (closed is not None and window.has(closed))


def undated(window: Window, populations: Iterable[Population]) -> list[Journey]:
    """Return the records that are over and that a period leaves out, as nobody knows when they closed."""
    if window.all_time:
        return []
    return [each for one in populations for each in closed_undated(one.pipeline, one.journeys)]


def undated_noted(left_out: Iterable[Journey]) -> list[str]:
    """Return a note on records that a period left out for want of the date on which they closed."""
    count = size(left_out)
    return [f"{plural(count, 'record')} {Why.CLOSED_UNDATED.words} left out"] if count else []


def days_to_close(journeys: Iterable[Journey]) -> list[float]:
    """Return the days from creation to closing of closed records, but of those closed before they were created."""
    lasted = (days_between(each.created, each.closed) for each in journeys if each.closed)
    return [days for days in lasted if days >= 0]


def closed_backward(journeys: Iterable[Journey]) -> list[Journey]:
    """Return the records that were closed before they were created: dates that cannot be true."""
    return [each for each in journeys if each.closed is not None and each.closed < each.created]
