"""The ways of records through pipelines, out of history."""

from collections.abc import Mapping, Sequence
from functools import cached_property

from crmctl.model.change import Entry, before_all, standing
from crmctl.model.configuration import Configuration
from crmctl.model.records import Record, Value
from crmctl.reports.journey import Journey, Stay, stays, text_of
from crmctl.storage.interface import Reader, Row
from crmctl.workspace.reporting.amounts import Amount
from crmctl.workspace.reporting.forebears import Forebears
from crmctl.workspace.reporting.part import Part


class Ways:
    """The stays of records, by one reading of the history; what was undone did not happen, what was merged is one."""

    def __init__(self, reader: Reader, configuration: Configuration, forebears: Forebears) -> None:
        self._reader = reader
        self._forebears = forebears
        self._moves: dict[str, list[Entry]] = {}
        self._stays: dict[str, list[Stay]] = {}
        self._closed = {
            (pipeline.id, stage.id)
            for pipeline in configuration.pipelines
            for stage in pipeline.stages
            if not stage.open
        }
        for entry in standing(reader.changes_of(("stage", "pipeline"))):
            self._moves.setdefault(entry.id, []).append(entry)

    def of(self, row: Row) -> Sequence[Stay]:
        """Return the stays of a record in all pipelines, in order."""
        return self._united(row)[0] if row.f_merged_from else self._own(row)

    def _own(self, row: Row) -> Sequence[Stay]:
        """Return its stays by its own history."""
        if row.f_id not in self._moves:
            return (Stay(row.f_pipeline, row.f_stage, row.f_created_at or ""),)
        if row.f_id not in self._stays:
            self._stays[row.f_id] = stays(
                row.f_pipeline, row.f_stage, row.f_created_at or "", self._moves[row.f_id]
            )
        return self._stays[row.f_id]

    def _united(self, row: Row) -> tuple[Sequence[Stay], str]:
        """Return its stays with those of the records that went into it, and of which the first is."""
        return self._forebears.united(row, self._own(row), self.of_record)

    def of_record(self, record: Record) -> Sequence[Stay]:
        """Return the stays of a record by its own history, wherever it is: in the trash, too."""
        moves = self._moves.get(record.id, ())
        return stays(record.pipeline, record.stage, record.text("created_at"), moves)

    def known(self, row: Row) -> Sequence[Stay]:
        """Return the stays of which it is known when they began.

        A record that an import brought on a won or lost stage, without its way there, came to it at another time.
        """
        own = self._own(row)
        if self._came_closed(own, row.f_id):
            return own[1:]
        if not row.f_merged_from:
            return own
        found, first = self._united(row)
        return found[1:] if self._came_closed(found, first) else found

    def closed_first(self, row: Row) -> str:
        """Return when a record that may be open again was closed as it came to us; empty where that is not known."""
        if row.f_id in self._closings:
            return str(before_all(self._closings[row.f_id], "closed_at") or "")
        return row.f_closed_at or ""

    @cached_property
    def _closings(self) -> dict[str, list[Entry]]:
        found: dict[str, list[Entry]] = {}
        for entry in standing(self._reader.changes_of(("closed_at",))):
            found.setdefault(entry.id, []).append(entry)
        return found

    def _came_closed(self, found: Sequence[Stay], record_id: str) -> bool:
        return (found[0].pipeline, found[0].stage) in self._closed and record_id in self._imported

    @cached_property
    def _imported(self) -> set[str]:
        """The records that imports made: asked for only where one began on a won or lost stage."""
        return {entry.id for entry in self._reader.history() if entry.op == "create" and entry.run}


def journey_of(row: Row, part: Part, amounts: Mapping[str, Amount], ways: Ways | None) -> Journey:
    """Return a record's way through the pipeline of a part; `amounts` has those that count other than they stand."""
    if ways is None:
        return present_of(row, part, amounts, part.more(row))
    here = part.pipeline.id
    gone = row.f_pipeline != here
    known = ways.known(row)
    ends = (*(stay.entered for stay in known[1:]), "")
    stays = [(stay, end) for stay, end in zip(known, ends, strict=False) if stay.pipeline == here]
    stage = row.f_stage
    if gone:
        stage = next(stay.stage for stay in reversed(ways.of(row)) if stay.pipeline == here)
    amount, currency = amounts.get(row.f_id) or part.amount(row)
    return Journey(
        id=row.f_id,
        pipeline=here,
        stage=stage,
        amount=amount,
        currency=currency,
        reason=None if gone else text_of(part.reason(row)),
        group=text_of(part.group(row)) if part.group else None,
        stages=tuple(stay.stage for stay, _ in stays),
        entered=tuple(stay.entered for stay, _ in stays),
        created=row.f_created_at or "",
        closed=None if gone else row.f_closed_at,
        transferred=gone,
        over=row.f_closed_at,
        left=tuple(end for _, end in stays),
        values=part.more(row),
    )


def present_of(
    row: Row, part: Part, amounts: Mapping[str, Amount], values: Mapping[str, Value | None]
) -> Journey:
    """Return where a record is in its pipeline, without its way there."""
    amount, currency = amounts.get(row.f_id) or part.amount(row)
    return Journey(
        id=row.f_id,
        pipeline=row.f_pipeline,
        stage=row.f_stage,
        amount=amount,
        currency=currency,
        reason=text_of(part.reason(row)),
        group=text_of(part.group(row)) if part.group else None,
        created=row.f_created_at or "",
        closed=row.f_closed_at,
        values=values,
    )
