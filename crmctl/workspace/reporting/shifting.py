"""Records that were seen at two moments, as reports know them: with the amounts that count, and what came between."""

from collections.abc import Mapping, Sequence

import msgspec

from crmctl.model.change import Entry, taken_back
from crmctl.model.merging import is_end, is_merged_away
from crmctl.model.records import Record
from crmctl.reports.journey import Journey, text_of
from crmctl.reports.shift import Event, Shift
from crmctl.storage.interface import Reader, Row
from crmctl.storage.rows import rows_of
from crmctl.workspace.past import BIRTHS
from crmctl.workspace.reporting.amounts import CountedAmounts
from crmctl.workspace.reporting.part import Part
from crmctl.workspace.reporting.seen import Seen
from crmctl.workspace.workspace import Workspace


class Shifting:
    """Makes shifts of the records of one pipeline; `filtered` counts those that its filter left out."""

    def __init__(self, workspace: Workspace, reader: Reader, part: Part, amounts: CountedAmounts) -> None:
        self.filtered = 0
        self._part = part
        self._where = workspace.filter(part.bound, reader)
        self._amounts = amounts
        self._names = tuple(dict.fromkeys(part.fields("created_at", "close_date")))

    def of(self, seen: Sequence[Seen], start: str) -> list[Shift]:
        """Return a shift of each record that passes the filter as it is, or as it last was."""
        passing = {row.f_id for row in rows_of([each.last for each in seen], self._names, self._where)}
        self.filtered = len(seen) - len(passing)
        found = [self._shift(each, start) for each in seen if each.id in passing]
        counted = self._converted([each.counted for each in found])
        less = self._converted([each.less for each in found if each.less])
        return [
            msgspec.structs.replace(each, counted=counted[each.id], less=less.get(each.id)) for each in found
        ]

    def _converted(self, journeys: list[Journey]) -> Mapping[str, Journey]:
        return {journey.id: journey for journey in self._amounts.converted(journeys)}

    def _shift(self, seen: Seen, start: str) -> Shift:
        earlier = [entry for entry in seen.entries if entry.at <= start]
        before = self._journey(seen.before, earlier) if seen.before else None
        after = self._journey(seen.after, seen.entries) if seen.after else None
        once = self._journey(seen.once, earlier) if seen.once else None
        counted = after or before
        assert counted is not None
        if not after:
            # What is gone was worth what it was before, and is grouped as it is filtered: by what it last held.
            counted = msgspec.structs.replace(counted, group=self._journey(seen.last, seen.entries).group)
        end = next((entry for entry in reversed(seen.entries) if is_end(entry)), None)
        return Shift(
            id=seen.id,
            title=seen.last.title,
            before=before,
            after=after,
            counted=counted,
            less=before or once,
            events=[_event(entry) for entry in _stood(seen.entries[len(earlier) :])],
            once=once,
            into=end.into if end and is_merged_away(end) and not after else "",
        )

    def _journey(self, record: Record, entries: Sequence[Entry]) -> Journey:
        row: Row = rows_of([record], self._names, None)[0]
        part = self._part
        amount, currency = self._amounts.at_closing_of(row, entries) or (row.f_amount, row.f_currency)
        return Journey(
            id=row.f_id,
            pipeline=row.f_pipeline,
            stage=row.f_stage,
            amount=amount,
            currency=currency,
            group=text_of(part.group(row)) if part.group else None,
            created=row.f_created_at or "",
            closed=row.f_closed_at,
            values={"close_date": row.f_close_date},
        )


def _stood(entries: Sequence[Entry]) -> list[Entry]:
    """Return what was not undone within some entries of a record, nor undid any of them."""
    taken, here = taken_back(entries), {entry.gen for entry in entries}
    return [each for each in entries if (each.id, each.gen) not in taken and each.undoes not in here]


def _event(entry: Entry) -> Event:
    came_or_went = entry.op in BIRTHS or is_end(entry) or (entry.op == "undo" and not entry.changes)
    # What changed nothing else, such as a note, neither brought nor took the record.
    names = frozenset() if came_or_went else frozenset(entry.changes or (entry.op,))
    return Event(entry.at, entry.by, names)
