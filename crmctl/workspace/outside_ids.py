"""What other systems call records beside their own outside ids, as imports found it out.

A row that meant a known record may have an outside id that this cannot hold: it is known by another. The document is
`{"contact": {"P7": ["C-3", "R-2"]}}`: the record, and the run that found it out. Those of a run that is undone do not
count, and no more does one that another record has as its own.
"""

from collections import Counter
from collections.abc import Iterator, Mapping
from functools import cache

import msgspec

from crmctl.model.change import Run
from crmctl.model.keys import outside_key
from crmctl.model.records import Record, RecordType
from crmctl.storage.interface import Reader, Writer
from crmctl.text import plural
from crmctl.workspace.merged import present

DOCUMENT = "outside_ids"
RULE = ("external_id",)
"""The rule of matching that knows these ids, too."""

_Kept = dict[str, dict[str, tuple[str, str]]]


class OutsideIds:
    """The ids that stand, and those that an import finds out."""

    def __init__(self, reader: Reader) -> None:
        self._reader = reader
        self._kept = _kept(reader)
        self._undone = {run.id for run in _undone(reader.runs())} if self._kept else set()
        self._found: dict[tuple[RecordType, str], str] = {}
        # What rows meant that are not decided on: most mean nothing by such an id.
        self.waiting: list[tuple[RecordType, str, str]] = []

    def of(self, kind: RecordType, text: str) -> str:
        """Return the record that an id was found to mean, or that this went into; empty where none is there."""
        key = outside_key(text)
        record_id, run = self._kept.get(kind.value, {}).get(key, ("", ""))
        known = "" if run in self._undone else record_id
        found = self._found.get((kind, key)) or known
        return present(self._reader, found) if found else ""

    def all_of(self, kind: RecordType) -> Iterator[tuple[str, str]]:
        """Yield the ids of a type that stand, each with its record."""
        there = cache(lambda record_id: present(self._reader, record_id))
        for text, (record_id, run) in self._kept.get(kind.value, {}).items():
            if run not in self._undone and (found := there(record_id)):
                yield text, found

    @property
    def notes(self) -> list[str]:
        """What is told of those that were found out."""
        count = plural(len(self._found), "id of another system", "ids of other systems")
        return [f"{count} known from now on, beside the records' own"] if self._found else []

    def meant(self, record: Record, text: str) -> None:
        """Take down that a row meant a known record by an id, if the row is taken."""
        if outside_key(text) != outside_key(record.text("external_id")):
            self.waiting.append((record.type, outside_key(text), record.id))

    def settle(self, *, taken: bool) -> list[tuple[RecordType, str, str]]:
        """Keep what the last row meant, or let go of it; returns what is new, and no record's own now."""
        waiting, self.waiting = self.waiting, []
        new = [each for each in waiting if taken and not self.of(each[0], each[1]) and not self._is_own(each)]
        self._found |= {(kind, text): record_id for kind, text, record_id in new}
        return new

    def _is_own(self, found: tuple[RecordType, str, str]) -> bool:
        record = self._reader.get(found[2])
        return record is not None and outside_key(record.text("external_id")) == found[1]

    def write(self, writer: Writer, run: str) -> bool:
        """Write what was found out into the commit of a run; tells whether there was anything."""
        for (kind, text), record_id in self._found.items():
            self._kept.setdefault(kind.value, {})[text] = (record_id, run)
        if self._found:
            writer.put_document(DOCUMENT, msgspec.to_builtins(self._kept))
        return bool(self._found)


def found_by_runs(reader: Reader) -> Mapping[str, int]:
    """Return how many ids each run found out."""
    return Counter(run for ids in _kept(reader).values() for _, run in ids.values())


def _undone(runs: list[Run]) -> list[Run]:
    """Return the runs that are undone, and not done again by an undo of that undo."""
    by_generation = {run.gen: run for run in runs}

    def is_undone(run: Run) -> bool:
        undo = by_generation.get(run.undone) if run.undone else None
        return bool(run.undone) and not (undo and is_undone(undo))

    return [run for run in runs if is_undone(run)]


def _kept(reader: Reader) -> _Kept:
    try:
        return msgspec.convert(reader.document(DOCUMENT) or {}, _Kept)
    except msgspec.ValidationError:
        return {}  # a hand edit: what cannot be read is not known
