"""What became of records in a stretch of time: `diff`."""

from collections.abc import Sequence
from datetime import datetime, timedelta

from crmctl.dates import stored_moment
from crmctl.errors import BadValue, WrongUse
from crmctl.model.pipeline import Pipeline
from crmctl.periods import BEGINNING, Calendar, read_period
from crmctl.reports.facts import Window
from crmctl.reports.shift import Shifts
from crmctl.workspace.reporting.amounts import CountedAmounts
from crmctl.workspace.reporting.division import division_of
from crmctl.workspace.reporting.journeys import one_by_one
from crmctl.workspace.reporting.part import Gathered, Part, Wanted, parts_of
from crmctl.workspace.reporting.scope import ReportScope, window_of
from crmctl.workspace.reporting.seen import seen_at
from crmctl.workspace.reporting.shifting import Shifting
from crmctl.workspace.workspace import Workspace

_SECOND = timedelta(seconds=1)


def stretch(workspace: Workspace, scope: ReportScope, since: str, until: str) -> Window:
    """Return the time from `since` until now or the end of `until`, or else the period. Raises WrongUse."""
    if scope.period and not scope.cohort:
        if since or until:
            raise WrongUse("--since and --until say the same as --period", hint="leave out --period")
        start, end = window_of(workspace, scope)
    elif since:
        start, end = _span(workspace, "since", since)[0], _span(workspace, "until", until)[1] if until else ""
    else:
        raise WrongUse("--since is missing", hint="crmctl diff --since -7d, or --period last-week")
    beyond = stored_moment(workspace.now + _SECOND)
    if start >= beyond:
        raise WrongUse(
            f'--since "{since or scope.period}" is still to come', hint="-7d, this-week, 2026-11-16"
        )
    end = min(end or beyond, beyond)
    if end <= start:
        raise WrongUse(f'--until "{until}" is before --since "{since}"')
    return Window(start if start > stored_moment(BEGINNING) else "", end)


def _span(workspace: Workspace, option: str, text: str) -> tuple[str, str]:
    configuration = workspace.configuration
    calendar = Calendar(configuration.timezone, configuration.year_starts, configuration.week_starts)
    try:
        if ".." in text:
            raise BadValue("is a period, not a moment", hint=f"--period {text}")
        span = read_period(text, workspace.now, calendar)
    except BadValue as error:
        raise WrongUse(f'--{option} "{text}": {error.reason}', hint=error.hint) from None
    return stored_moment(span.start), stored_moment(span.end)


def shifts_in(
    workspace: Workspace, scope: ReportScope, pipelines: Sequence[Pipeline], window: Window
) -> list[tuple[Gathered, Shifts]]:
    """Return the records of each pipeline to which anything happened, as a report counts and as it sees them.

    A record that went from one of the pipelines to another is told of where it went. Raises WrongUse.
    """
    # History is looked through from its end.
    reader = workspace.present()
    parts = parts_of(workspace, reader, scope, Wanted(pipelines, None))
    # A state has all that happened in its second: what is in the window came after the one before it.
    start, end = _second_before(window.start), _second_before(window.end)
    seen = seen_at(reader, {part.pipeline.record for part in parts}, start, end)
    amounts = CountedAmounts(workspace, reader, scope)
    members = _members(workspace, scope, parts, amounts)
    asked = {part.pipeline.id for part in parts}
    found = []
    for part in parts:
        own = [each for each in seen if each.of(asked) == part.pipeline.id]
        kept = [each for each in own if members is None or each.id in members]
        shifting = Shifting(workspace, reader, part, amounts)
        shifts = shifting.of(kept, start)
        counted = [shift.counted for shift in shifts]
        gathered = Gathered(part, counted, shifting.filtered, len(own) - len(kept))
        by = division_of(workspace, part.pipeline, part.by)
        found.append((gathered, Shifts(part.pipeline, shifts, by)))
    return found


def _second_before(moment: str) -> str:
    """Return the end of what was before a moment; empty before all time, when there was nothing."""
    return stored_moment(datetime.fromisoformat(moment) - _SECOND) if moment else ""


def _members(
    workspace: Workspace, scope: ReportScope, parts: Sequence[Part], amounts: CountedAmounts
) -> set[str] | None:
    """Return the records of the cohort that is asked for, if one is."""
    if not scope.cohort:
        return None
    gathered = one_by_one(workspace, workspace.read(), parts, amounts, history=False)
    return {journey.id for each in gathered for journey in each.journeys}
