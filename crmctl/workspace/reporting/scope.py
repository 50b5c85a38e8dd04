"""What any report may be asked for besides itself: pipelines, records, a period, a currency."""

from collections.abc import Mapping, Sequence
from typing import Self

import msgspec

from crmctl.dates import Span, stored_moment
from crmctl.errors import BadValue, WrongUse, wrong_use
from crmctl.model.pipeline import Pipeline
from crmctl.model.records import RecordType
from crmctl.money import find_currency
from crmctl.periods import Calendar, read_period
from crmctl.reports.cohort import Cohort, Event
from crmctl.reports.shared_options import SHARED, AmountAt
from crmctl.text import comma_separated, did_you_mean
from crmctl.workspace.workspace import Workspace


class ReportScope(msgspec.Struct, frozen=True):
    """What was asked for, as typed; `currency` is that of `--in`.

    Without a pipeline every one is meant, without fields all. `ids` and `explain` tell more, and change nothing;
    `fail_if` is a condition on the rows.
    """

    pipelines: tuple[str, ...] = ()
    cohort: str = ""
    period: str = ""
    where: str = ""
    by: str = ""
    currency: str = ""
    amount: AmountAt = AmountAt.CLOSING
    fields: tuple[str, ...] = ()
    ids: bool = False
    explain: bool = False
    fail_if: str | None = None

    @classmethod
    def of(cls, texts: Mapping[str, str]) -> Self:
        """Return what the options of all reports ask for, by name, with commas between several pipelines."""
        given: dict[str, object] = {}
        for each in SHARED:
            if each.name in texts:
                text = texts[each.name]
                given[each.field] = comma_separated(text) if each.many else text
        return msgspec.convert(given, cls)

    def filters(self) -> dict[str, str]:
        """Return what narrows a report or changes its figures, by the name of the option."""
        shared = [(each, str(getattr(self, each.field))) for each in SHARED if not each.many]
        told = {each.name: text for each, text in shared if text != each.default}
        return told | ({"fields": ",".join(self.fields)} if self.fields else {})


def pipelines_of(
    workspace: Workspace, scope: ReportScope, kinds: Sequence[RecordType] = (RecordType.LEAD, RecordType.DEAL)
) -> Sequence[Pipeline]:
    """Return the pipelines that are named or else those of some types of records. Raises NotFound."""
    return named_pipelines(workspace, scope) or [
        pipeline
        for kind in kinds
        if kind is not RecordType.LEAD or workspace.configuration.mode != "deals"
        for pipeline in workspace.configuration.pipelines_of(kind)
    ]


def named_pipelines(workspace: Workspace, scope: ReportScope) -> Sequence[Pipeline]:
    """Return the pipelines that are named, each once. Raises NotFound."""
    named = {found.id: found for found in map(workspace.configuration.pipeline, scope.pipelines)}
    return list(named.values())


def currency_of(workspace: Workspace, scope: ReportScope) -> str:
    """Return the code of the currency that amounts are to be shown in, empty for their own. Raises WrongUse."""
    with wrong_use("--in: "):
        return find_currency(scope.currency, workspace.configuration.currency) if scope.currency else ""


def period_of(workspace: Workspace, scope: ReportScope) -> Span | None:
    """Return the period asked for, if one is. Raises WrongUse."""
    configuration = workspace.configuration
    calendar = Calendar(configuration.timezone, configuration.year_starts, configuration.week_starts)
    try:
        return read_period(scope.period, workspace.now, calendar) if scope.period else None
    except BadValue as error:
        raise WrongUse(f'--period "{scope.period}": {error.reason}', hint=error.hint) from None


def cohort_of(
    workspace: Workspace, scope: ReportScope, pipeline: Pipeline, usual: Event | None
) -> Cohort | None:
    """Return the cohort asked for among a pipeline's records, else the usual one; nothing where all are meant.

    All records were created at some time: they alone are the cohort of that event without a period. Raises WrongUse,
    and BadValue where the pipeline has no such stage to enter.
    """
    if not scope.cohort and (usual is None or (usual is Event.CREATED and not scope.period)):
        return None
    event, name = asked_event(scope) if scope.cohort else (usual or Event.CREATED, "")
    stage = pipeline.choices.find(name).id if name else ""
    # A report of what closed asks for the date where a cohort or a period does.
    return Cohort(event, stage, *window_of(workspace, scope), undated=not scope.cohort and not scope.period)


def window_of(workspace: Workspace, scope: ReportScope) -> tuple[str, str]:
    """Return where the period asked for begins and ends, in the kept form of moments; empty without one."""
    period = period_of(workspace, scope)
    return (stored_moment(period.start), stored_moment(period.end)) if period else ("", "")


def asked_event(scope: ReportScope) -> tuple[Event, str]:
    """Return what puts records into the cohort, and the stage as it was typed, if one is entered. Raises WrongUse."""
    word, colon, name = (part.strip() for part in scope.cohort.partition(":"))
    event = _event(word.lower() or Event.CREATED)
    if (event is Event.ENTERED) is not bool(name) or (colon and event is not Event.ENTERED):
        raise WrongUse(f'--cohort "{scope.cohort}" is not one', hint=_COHORTS)
    return event, name


_COHORTS = "cohorts: created, entered:STAGE, closed"


def _event(word: str) -> Event:
    try:
        return Event(word)
    except ValueError:
        hint = did_you_mean(word, list(Event)) or _COHORTS
        raise WrongUse(f'--cohort: unknown cohort "{word}"', hint=hint) from None
