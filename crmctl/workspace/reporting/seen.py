"""Records at two moments, out of history: each is what `--as-of` shows of it, or what it held when it went."""

from collections.abc import Collection, Iterator, Sequence

import msgspec

from crmctl.model.change import Entry, by_date
from crmctl.model.merging import INTO
from crmctl.model.records import Record, RecordType, number_of, type_of
from crmctl.storage.interface import Reader
from crmctl.workspace.past import BIRTHS, as_it_was, as_last_held


class Seen(msgspec.Struct, frozen=True):
    """A record at the two moments, nothing where it was not there, with its entries up to the later one by date.

    `last` is what it is at the later moment, or held when it went; `once` is what it held when it went before the
    earlier one, nothing where it was there or had never been.
    """

    id: str
    before: Record | None
    after: Record | None
    last: Record
    once: Record | None
    entries: Sequence[Entry]

    def of(self, pipelines: Collection[str]) -> str:
        """Return which of some pipelines tells of the record: the one it is in, or else the one that it left."""
        here, was = self.last.pipeline, self.before.pipeline if self.before else ""
        return here if here in pipelines else was


def seen_at(reader: Reader, kinds: Collection[RecordType], start: str, end: str) -> list[Seen]:
    """Return the records to which anything happened after `start` and up to `end`, by number."""
    history = [entry for entry in reader.history() if type_of(entry.id) in kinds]
    touched = {entry.id for entry in history if start < entry.at <= end}
    entries: dict[str, list[Entry]] = {name: [] for name in touched}
    for entry in history:
        if entry.id in touched:
            entries[entry.id].append(entry)
    found = []
    for record in sorted(_latest(reader, touched, kinds), key=lambda each: (number_of(each.id), each.id)):
        own = entries[record.id]
        before, after = (as_it_was(record, own, moment) for moment in (start, end))
        if before or after:
            last = after or as_last_held(record, own, end)
            had_been = not before and any(each.op in BIRTHS and each.at <= start for each in own)
            once = as_last_held(record, own, start) if had_been else None
            until = [each for each in by_date(own) if each.at <= end]
            found.append(Seen(record.id, before, after, last, once, until))
    return found


def _latest(reader: Reader, names: set[str], kinds: Collection[RecordType]) -> Iterator[Record]:
    """Yield the latest known state of each record; one that was purged is gone from the past as well."""
    # What is few is looked up one by one.
    if len(names) * 20 < sum(map(reader.count, kinds)):
        yield from (record for name in names if (record := reader.get(name)))
    else:
        yield from (record for kind in kinds for record in reader.records(kind) if record.id in names)
    yield from (record.having({INTO: None}) for record in reader.trash() if record.id in names)
