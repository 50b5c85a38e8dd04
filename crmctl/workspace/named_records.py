"""Records by what others call them: the id that another system knows them by, else their title."""

from bisect import bisect_left
from collections.abc import Callable, Sequence

from crmctl.errors import WrongUse
from crmctl.model.keys import outside_key
from crmctl.model.records import Record, RecordType, read_id
from crmctl.storage.interface import Reader, Row
from crmctl.text import close_names, name_key
from crmctl.workspace.merged import merged_away
from crmctl.workspace.outside_ids import OutsideIds

MOST_TOLD = 10
"""Records of one name that messages list."""
_MOST_CLOSE = 100
"""Names that close ones are looked for: a file of wrong ones must not take for ever."""
_MOST_COMPARED = 500
"""Titles that are compared with such a name, those that begin as it does."""


class NamedRecords:
    """Finds records of one state, and of those learnt since. What is never asked for is never gone through.

    Several ids under one name stand with blanks between them: of a hundred thousand names nearly all have one.
    Hints name only records that are `shown` to who asks.
    """

    def __init__(self, reader: Reader, shown: Callable[[Record], bool] = bool) -> None:
        self._reader = reader
        self._shown = shown
        self.outside = OutsideIds(reader)
        self._outside: dict[RecordType, dict[str, str]] = {}
        self._titles: dict[RecordType, dict[str, str]] = {}
        self._sorted: dict[RecordType, list[str]] = {}
        self._closeness = _MOST_CLOSE

    def with_outside_id(self, kind: RecordType, text: str) -> list[str]:
        """Return the ids of the records of a type that another system knows by a text."""
        if kind not in self._outside:
            self._outside[kind] = self._gone_through(kind, "external_id")
        found = self._outside[kind].get(outside_key(text)) or self.outside.of(kind, text)
        return found.split()

    def with_title(self, kind: RecordType, text: str) -> list[str]:
        """Return the ids of the records of a type that have a title, however it is written."""
        if kind not in self._titles:
            self._titles[kind] = self._gone_through(kind, "title")
        return self._titles[kind].get(name_key(text), "").split()

    def find(self, text: str, kinds: Sequence[RecordType], what: str) -> str:
        """Return the id of the one record that a text means. Raises WrongUse for none, and for several.

        `what` is what messages call a record of these types.
        """
        found = self.one_of(text, kinds)
        if not found:
            raise self._unknown(text, kinds, what)
        return found

    def one_of(self, text: str, kinds: Sequence[RecordType]) -> str:
        """Return the id of the one record that a text means; empty for none. Raises WrongUse for several."""
        known = [record_id for kind in kinds for record_id in self.with_outside_id(kind, text)]
        return _one(text, known, "that") or self.one_titled(text, kinds)

    def one_titled(self, text: str, kinds: Sequence[RecordType]) -> str:
        """Return the id of the one record with a title; empty for none. Raises WrongUse for several."""
        known = [record_id for kind in kinds for record_id in self.with_title(kind, text)]
        return _one(text, known, "the title")

    def learn(self, record: Record) -> None:
        """Take down what a record is called that was made, or changed, meanwhile."""
        if not (self._outside or self._titles):
            return
        kind = record.type
        if (outside := record.text("external_id")) and kind in self._outside:
            _add(self._outside[kind], outside_key(outside), record.id)
        if record.title and kind in self._titles:
            _add(self._titles[kind], name_key(record.title), record.id)
            self._sorted.pop(kind, None)

    def _unknown(self, text: str, kinds: Sequence[RecordType], what: str) -> WrongUse:
        if named := read_id(text):
            return WrongUse(f"{named} is no {what}", hint=f"write an id like {kinds[0].prefix}-1")
        told = f'"{text}" is no id, and no {what} has it as external_id or title'
        close = [name for kind in kinds for name in self._close(kind, text)]
        return WrongUse(
            told, hint=f"close are: {', '.join(close)}" if close else f"write an id like {kinds[0].prefix}-1"
        )

    def _close(self, kind: RecordType, text: str) -> list[str]:
        """Return the records whose titles are near to a text, those alone that begin as it does."""
        self._closeness -= 1
        if self._closeness < 0:
            return []
        titles, key = self._titles[kind], name_key(text)
        if kind not in self._sorted:
            self._sorted[kind] = sorted(titles)
        names, head = self._sorted[kind], key[:2]
        at = bisect_left(names, head)
        alike = [name for name in names[at : at + _MOST_COMPARED] if name.startswith(head)]
        found = [titles[name].split()[0] for name in close_names(key, alike)]
        records = [record for each in found if (record := self._reader.get(each))]
        return [record.label for record in records if self._shown(record)]

    def _gone_through(self, kind: RecordType, field: str) -> dict[str, str]:
        found: dict[str, str] = {}

        def take(rows: list[Row]) -> None:
            if field == "external_id":
                for row in rows:
                    if row.f_external_id:
                        _add(found, outside_key(row.f_external_id), row.f_id)
            else:
                for row in rows:
                    if row.f_title:
                        _add(found, name_key(row.f_title), row.f_id)

        self._reader.scan_in_batches(kind, ("id", field), take)
        return self._formerly(kind, field) | found

    def _formerly(self, kind: RecordType, field: str) -> dict[str, str]:
        """Return what records were called that were merged into others: it means those, unless it means another."""
        found: dict[str, str] = {}
        for record_id, former in merged_away(self._reader, kind):
            if name := former.text(field):
                _add(found, (outside_key if field == "external_id" else name_key)(name), record_id)
        return found


def _one(text: str, known: Sequence[str], told: str) -> str:
    if len(known) > 1:
        raise WrongUse(
            f'"{text}" is {told} of {", ".join(known[:MOST_TOLD])}',
            hint="write the id of the one that is meant",
        )
    return known[0] if known else ""


def _add(names: dict[str, str], name: str, record_id: str) -> None:
    known = names.setdefault(name, record_id)
    # Many thousands may bear one title: beyond those that messages name, it is enough that they are several.
    if known != record_id and known.count(" ") < MOST_TOLD and record_id not in known.split():
        names[name] = f"{known} {record_id}"
