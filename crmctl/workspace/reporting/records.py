"""Records without a pipeline, such as contacts and tasks, as a report is given them."""

from __future__ import annotations

from collections.abc import Callable, Sequence
from typing import TYPE_CHECKING

import msgspec

from crmctl.errors import WrongUse, wrong_use
from crmctl.model.field import Field
from crmctl.model.records import RecordType
from crmctl.reports.cohort import Cohort, Event
from crmctl.reports.division import Division
from crmctl.reports.facts import Records
from crmctl.reports.journey import Journey, text_of
from crmctl.storage.interface import Reader, Row, column
from crmctl.workspace.reporting.amounts import CountedAmounts, Money, reading
from crmctl.workspace.reporting.division import division_of_records
from crmctl.workspace.reporting.part import filter_of, stored_names, whole
from crmctl.workspace.reporting.scope import ReportScope, asked_event, window_of
from crmctl.workspace.workspace import Workspace

if TYPE_CHECKING:
    from crmctl.query.bound import Bound


class GatheredRecords(msgspec.Struct, frozen=True):
    """The records of one type that a report is about; `filtered` did not pass the filter, `outside` the cohort."""

    kind: RecordType
    journeys: Sequence[Journey]
    by: Division | None = None
    cohort: Cohort | None = None
    bound: Bound | None = None
    filtered: int = 0
    outside: int = 0

    @property
    def left_out(self) -> dict[str, int]:
        """How many records do not count, by why, those it left out none for not named."""
        passed_over = self.passed_over
        counts = {"filter": self.filtered - passed_over, "currency": passed_over, "cohort": self.outside}
        return {why: count for why, count in counts.items() if count}

    @property
    def passed_over(self) -> int:
        """How many records the filter could not judge: their amounts are in other currencies than it names."""
        return self.bound.passed_over if self.bound else 0

    @property
    def found(self) -> Records:
        """The records as the report is given them."""
        return Records(self.kind, self.journeys, self.by, self.cohort, self.left_out)


class WantedRecords(msgspec.Struct, frozen=True):
    """What a report wants of records without a pipeline, and by which event where no cohort is named.

    `money` are the fields of the amount that counts, if one does.
    """

    kind: RecordType
    event: Event | None = None
    fields: tuple[str, ...] = ()
    money: Money | None = None


def gather_records(
    workspace: Workspace, reader: Reader, scope: ReportScope, wanted: WantedRecords
) -> GatheredRecords:
    """Return the records of a type that pass the filter and are in the cohort. Raises WrongUse."""
    kind, configuration = wanted.kind, workspace.configuration
    configuration.check_kind(kind)
    if scope.pipelines:
        raise WrongUse(f"{kind.table} have no pipelines", hint="leave out the pipeline")
    cohort = _cohort(workspace, scope, wanted)
    with wrong_use("--by: "):
        by = configuration.field(kind, scope.by) if scope.by else None
    bound = filter_of(workspace, reader, scope, kind)
    rows = reader.scan(kind, _names(wanted, by, bound))
    where = workspace.filter(bound, reader)
    passing = where.narrowing(column)(rows) if where else rows
    made = _reading(wanted, by)
    journeys = [made(row) for row in passing]
    members = cohort.members(journeys) if cohort else journeys
    return GatheredRecords(
        kind,
        CountedAmounts(workspace, reader, scope).converted(members) if wanted.money else members,
        division_of_records(workspace, by),
        cohort,
        bound,
        len(rows) - len(passing),
        len(journeys) - len(members),
    )


def _cohort(workspace: Workspace, scope: ReportScope, wanted: WantedRecords) -> Cohort | None:
    if not scope.cohort and (wanted.event is None or not scope.period):
        return None
    event = asked_event(scope)[0] if scope.cohort else wanted.event
    if event is Event.ENTERED or (event is Event.CLOSED and wanted.kind is not RecordType.TASK):
        raise WrongUse(f"--cohort: {wanted.kind.table} are not {event.value}", hint="--cohort created")
    return Cohort(event or Event.CREATED, "", *window_of(workspace, scope))


def _names(wanted: WantedRecords, by: Field | None, bound: Bound | None) -> tuple[str, ...]:
    names = ["id", "created_at", *(["closed_at"] if wanted.kind is RecordType.TASK else []), *wanted.fields]
    names += filter(None, wanted.money or ())
    names += stored_names(by) if by else []
    names += bound.fields if bound else []
    return tuple(dict.fromkeys(names))


def _reading(wanted: WantedRecords, by: Field | None) -> Callable[[Row], Journey]:
    """Return what makes a journey of a row: one without stages."""
    getters = {name: column(name) for name in wanted.fields}
    worth = reading(wanted.money) if wanted.money else None
    closed = column("closed_at") if wanted.kind is RecordType.TASK else None
    group = whole(by) if by else None

    def made(row: Row) -> Journey:
        amount, currency = worth(row) if worth else (None, None)
        return Journey(
            row.f_id,
            "",
            "",
            amount,
            currency,
            group=text_of(group(row)) if group else None,
            created=row.f_created_at or "",
            closed=closed(row) if closed else None,
            values={name: get(row) for name, get in getters.items()},
        )

    return made
