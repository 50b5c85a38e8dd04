"""Advertising spend as a report counts it: that of the days of its period, in its currency."""

from collections.abc import Iterator
from datetime import date, datetime, timedelta

import msgspec

from crmctl.config.spend import read_spend
from crmctl.dates import day_of
from crmctl.errors import BadValue, wrong_use
from crmctl.model.rates import Rates
from crmctl.reports.spend import Spend, within
from crmctl.workspace.reporting.rates import rates_of
from crmctl.workspace.reporting.scope import ReportScope, currency_of, period_of
from crmctl.workspace.workspace import Workspace


def spend_of(workspace: Workspace, scope: ReportScope) -> list[Spend]:
    """Return what was spent on the days of the period, by the file that the configuration names.

    Days to come are among them. In another currency each day counts at its own rate. Raises NotFound
    for the file, NotConfigured for what is in it, WrongUse for a rate that is missing.
    """
    spend = list(within(read_spend(workspace.folder, workspace.configuration), *_days(workspace, scope)))
    into = currency_of(workspace, scope)
    if not into:
        return spend
    rates = rates_of(workspace)
    return [part for line in spend for part in _converted(line, into, rates)]


def _days(workspace: Workspace, scope: ReportScope) -> tuple[date, date]:
    period, zone = period_of(workspace, scope), workspace.configuration.timezone
    since, until = date.min, date.max
    if period:
        since, until = _day(period.start, zone, date.min), _day(period.end - _MOMENT, zone, date.max)
    return since, until


_MOMENT = timedelta(seconds=1)


def _day(moment: datetime, zone: str, beyond: date) -> date:
    try:
        return day_of(moment, zone)
    except BadValue:
        return beyond


def _converted(line: Spend, into: str, rates: Rates) -> Iterator[Spend]:
    for part in (line.part(*days) for days in rates.steady(line.currency, into, line.since, line.until)):
        if part:
            with wrong_use(f"spend on {part.source}: "):
                worth = rates.convert(part.amount, part.currency, into, part.since)
            yield msgspec.structs.replace(part, amount=worth, currency=into)
