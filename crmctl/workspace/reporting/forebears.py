"""Merged records: where what went into one was before that was there itself, so that their histories are one."""

from collections.abc import Callable, Collection, Sequence
from functools import cached_property
from itertools import takewhile

import msgspec

from crmctl.model.change import Entry, before_all, standing
from crmctl.model.configuration import Configuration
from crmctl.model.merging import FROM
from crmctl.model.records import Record, Value
from crmctl.reports.journey import Stay
from crmctl.storage.interface import Reader, Row

_PLACE = ("stage", "pipeline")
Way = Callable[[Record], Sequence[Stay]]
"""Gives the stays of a record."""


class Forebears:
    """The records that went into others: `reader` is of the moment that is asked for, `present` returns today's."""

    def __init__(self, reader: Reader, configuration: Configuration, present: Callable[[], Reader]) -> None:
        self._reader = reader
        self._configuration = configuration
        self._read_present = present

    def united(self, row: Row, own: Sequence[Stay], way: Way) -> tuple[Sequence[Stay], str]:
        """Return the stays of a merged record, and of which record the first is.

        A merge dates the record that stays from the day on which the first of them came. Until it was there
        itself, it was where that one was. From then until the merge the two were one that is as far as either;
        from the merge on its own way counts.
        """
        return self._joined(row.f_id, _ids(row.f_merged_from), own, way)

    def _joined(
        self, record_id: str, others: Collection[str], own: Sequence[Stay], way: Way
    ) -> tuple[Sequence[Stay], str]:
        """Return the stays of a record with those of others that went into it, and of which the first is."""
        began, merged = self._began.get(record_id, ("", ""))
        first = self._first(others) if began > own[0].entered else None
        if first is None:
            return own, record_id
        # What had gone into that one is in its way as that one had it, and no otherwise.
        earlier = [each for each in _ids(first.get(FROM)) if each in others and each != first.id]
        known, begins = self._joined(first.id, earlier, way(first), way)
        before = [stay for stay in known if stay.entered < began]
        if not before:
            return own, record_id
        here = msgspec.structs.replace(own[0], entered=began)
        last, later = before[-1], self._caught_up([here, *own[1:]], before[-1], merged)
        stayed_on = (last.pipeline, last.stage) == (later[0].pipeline, later[0].stage)
        return [*before, *later[stayed_on:]], begins

    def _caught_up(self, own: Sequence[Stay], last: Stay, merged: str) -> Sequence[Stay]:
        """Return the stays from the first that is not further back than another, or from the merge on."""
        pipeline = self._configuration.pipeline_by_id(last.pipeline)
        places = [stage.id for stage in pipeline.stages if stage.open] if pipeline else []
        if last.stage not in places:
            return own
        further_back = places[: places.index(last.stage)]
        behind = takewhile(
            lambda stay: (
                stay.pipeline == last.pipeline and stay.stage in further_back and stay.entered <= merged
            ),
            own,
        )
        skipped = len(list(behind))
        if skipped < len(own) and own[skipped].entered <= merged:
            return own[skipped:]
        return [msgspec.structs.replace(own[skipped - 1], entered=merged), *own[skipped:]]

    @cached_property
    def _began(self) -> dict[str, tuple[str, str]]:
        """When each record that was merged into had come itself, and when it was merged."""
        dated: dict[str, list[Entry]] = {}
        for entry in standing(self._reader.changes_of(("created_at",))):
            dated.setdefault(entry.id, []).append(entry)
        return {
            name: (str(before_all(entries, "created_at") or ""), max(entry.at for entry in entries))
            for name, entries in dated.items()
        }

    @cached_property
    def _present(self) -> Reader:
        return self._read_present()

    def _first(self, ids: Collection[str]) -> Record | None:
        """Return the record that came first; nothing where none of them is known any more."""
        found = [self._present.get(each) or self._present.trashed(each) for each in ids]
        known = [each for each in found if each and each.text("created_at")]
        # What went into another of them is told of by that one, which has the date of the first of its own.
        within = {name for each in known for name in _ids(each.get(FROM)) if name != each.id}
        known = [each for each in known if each.id not in within]
        first = min(known, key=lambda each: each.text("created_at"), default=None)
        return first and self._as_it_was(first)

    def _as_it_was(self, record: Record) -> Record:
        """Return a record where it was at the moment that is asked for: one that came back may have moved since."""
        later = self._later.get(record.id, ())
        names = {name for entry in later for name in entry.changes if name in _PLACE}
        return record.having({name: before_all(later, name) for name in names})

    @cached_property
    def _later(self) -> dict[str, list[Entry]]:
        """What moved records after the moment that is asked for."""
        then = {(entry.id, entry.gen, entry.at) for entry in self._reader.changes_of(_PLACE)}
        found: dict[str, list[Entry]] = {}
        for entry in self._present.changes_of(_PLACE):
            if (entry.id, entry.gen, entry.at) not in then:
                found.setdefault(entry.id, []).append(entry)
        return found


def _ids(names: Value | None) -> Sequence[str]:
    """Return ids of which one may stand for itself."""
    if isinstance(names, str):
        return [names]
    return names if isinstance(names, list) else []
