"""Drafting an import profile from a file: what its columns and values show, and what is left to decide."""

from __future__ import annotations

from collections.abc import Iterable, Iterator, Mapping, Sequence

import msgspec

from crmctl.errors import Refused
from crmctl.importer.mapping import read_pairs
from crmctl.importer.reading_evidence import date_formats, decimal_mark, is_amount, is_decided, is_local_date
from crmctl.importer.source import Source
from crmctl.importer.targets import ENTERED
from crmctl.model.import_profile import (
    CLOSED_AS,
    PASSED,
    Detect,
    ImportProfile,
    ItemColumns,
    JoinedColumns,
    ProfileColumn,
)
from crmctl.model.profile_draft import Doubt, ProfileDraft
from crmctl.model.records import RecordType
from crmctl.text import close_names, name_key, plural
from crmctl.workspace.import_reading import Reading
from crmctl.workspace.import_troubles import TWO_READINGS, UNKNOWN, Trouble, Troubles
from crmctl.workspace.profile_survey import (
    Asked,
    UnknownColumn,
    parsed,
    profile_name,
    read_leniently,
    record_meant,
)
from crmctl.workspace.workspace import Workspace

_DETECTED_BY, _PECULIAR = 5, 3
_MOST_CELLS = 100_000
_NUMBERS = frozenset({"money", "number", "integer"})


def suggest(workspace: Workspace, asked: Asked) -> ProfileDraft:
    """Return a profile for a file. Raises Refused and WrongUse for one that cannot be read."""
    with Source(asked.file) as source:
        asked = msgspec.structs.replace(asked, read=msgspec.structs.replace(asked.read, number_repeats=True))
        kind, guessed = record_meant(workspace, asked, source)
        reading, unknown = read_leniently(workspace, asked.request(workspace, kind), source)
        if not any(reading.table.header):
            raise Refused(f"{asked.file} has no columns to draft a profile of")
        found, shown = Troubles(reading), _Shown(reading)
        for row in parsed(reading, kind):
            found.take(row)
            shown.take(row.cells)
    return _Draft(asked, reading, kind, found.all(), unknown).draft(shown, guessed=guessed)


class _Shown:
    """The different cells of a file that show how its numbers and dates are written.

    Those of columns that are no field count, too, where nothing but amounts, or dates, stands in them.
    """

    def __init__(self, reading: Reading) -> None:
        fields = {each.column: each.field for each in reading.pairs()}
        kinds = {column: reading.targets.field(field) for column, field in fields.items()}
        header = reading.table.header
        self._places = [
            at
            for at, name in enumerate(header)
            if (field := kinds.get(name)) is not None and field.kind in _NUMBERS
        ]
        free = [] if reading.profile else [at for at, name in enumerate(header) if name not in fields]
        self._free: dict[int, set[str]] = {at: set() for at in free}
        self._left = _MOST_CELLS
        self.numbers: set[str] = set()

    def take(self, cells: Sequence[str]) -> None:
        """Look at a row."""
        if self._left > 0:
            found = {cells[at] for at in self._places if at < len(cells)} - self.numbers
            self.numbers |= found
            self._left -= len(found)
            for at, texts in self._free.items():
                if at < len(cells) and (text := cells[at].strip()) and text not in texts:
                    texts.add(text)
                    self._left -= 1

    def amounts(self) -> set[str]:
        """Return the cells of columns that are no field and hold amounts."""
        return {
            text for texts in self._free.values() if texts and all(map(is_amount, texts)) for text in texts
        }

    def dates(self) -> list[str]:
        """Return the cells of columns that are no field and hold dates that are not ISO."""
        columns = (texts for texts in self._free.values() if texts and all(map(is_local_date, texts)))
        return sorted(text for texts in columns for text in texts)


class _Draft:
    def __init__(
        self,
        asked: Asked,
        reading: Reading,
        kind: RecordType,
        troubles: Sequence[Trouble],
        unknown: Iterable[UnknownColumn],
    ) -> None:
        self._asked = asked
        self._reading = reading
        self._targets = reading.targets
        self._base = reading.profile or ImportProfile("", kind, {})
        self._troubles = troubles
        self._close = {each.column: each.close for each in unknown}
        self._doubts: list[Doubt] = []

    def draft(self, shown: _Shown, *, guessed: bool) -> ProfileDraft:
        """Return the profile with what is to be said beside it; `guessed` tells that its type of records is."""
        if guessed:
            told = f"the columns do not show it; one of: {', '.join(each.value for each in RecordType)}"
            self._doubts.append(Doubt("record", told))
        base, table = self._base, self._reading.table
        columns, comments = self._columns()
        mark, format_said = self._reading.conventions.decimal_mark, self._asked.date_format
        said = (format_said,) if format_said and format_said not in base.date_format else ()
        name = profile_name(self._asked.file)
        profile = msgspec.structs.replace(
            base,
            name=f"{name}-own" if name == base.name else name,
            title="",
            columns=columns,
            detect=(Detect(all=self._telling(columns)),),
            encodings=self._encodings(),
            delimiter=table.delimiter if table.delimiter not in ("", ",") else "",
            decimal=(self._asked.decimal and mark) or base.decimal or self._decimal(shown),
            date_format=(*said, *base.date_format, *self._dates(shown.dates())),
            repeats="number" if self._repeats() else "",
            join=tuple(self._joins()),
            items=tuple(self._items()),
            set={name: text for name, text in base.set.items() if self._means_something(name, text)},
            users={**self._meant("owner", base.users), **self._words("user")},
            stages={**self._meant("stage", base.stages), **self._words("stage")},
            export=None,
            own=True,
        )
        return ProfileDraft(profile, comments, tuple(self._doubts))

    def _columns(self) -> tuple[dict[str, tuple[ProfileColumn, ...]], dict[str, str]]:
        """Return where each column goes, and the comments on those for which there is no field."""
        base = {name_key(name): places for name, places in self._base.columns.items()}
        elsewhere = {name_key(name) for name in self._made_of()} - base.keys()
        fields: dict[str, str] = {each.column: each.field for each in self._reading.pairs()}
        by_hand = set(map(name_key, read_pairs(self._asked.maps)))
        columns: dict[str, tuple[ProfileColumn, ...]] = {}
        comments: dict[str, str] = {}
        for name in filter(None, self._reading.table.header):
            places = None if name_key(name) in by_hand else base.get(name_key(name))
            if places is None and (name_key(name) in elsewhere or _is_history(fields.get(name, ""))):
                continue
            if places is None and name in fields:
                places = (ProfileColumn(fields[name]),)
            if places is None:
                close = self._close.get(name)
                comments[name] = f'no field; close is "{close}"' if close else "no field"
            known = tuple(self._settled(place) for place in places or () if self._is_known(place.field))
            if places and not known:
                comments[name] = f"there is no field {places[0].field} here"
            columns[name] = self._with_lookups(name, known or (ProfileColumn(PASSED),))
        return columns or {self._reading.table.header[0]: (ProfileColumn(PASSED),)}, comments

    def _settled(self, place: ProfileColumn) -> ProfileColumn:
        """Return a place without the words that mean nothing in this workspace."""
        return msgspec.structs.replace(place, lookup=self._meant(place.field, place.lookup))

    def _meant(self, target: str, words: Mapping[str, str]) -> dict[str, str]:
        return {word: text for word, text in words.items() if self._means_something(target, text)}

    def _means_something(self, target: str, text: str) -> bool:
        """Tell whether a field that is there, or what is no field, can hold a word."""
        if not self._is_known(target):
            return False
        field = self._targets.field(self._targets.find(target) or "")
        return not (text and field and field.choices) or field.choices.get(text) is not None

    def _is_known(self, target: str) -> bool:
        named = None if target == PASSED else self._targets.find(target)
        return target == PASSED or (named is not None and self._targets.is_known(named))

    def _with_lookups(self, name: str, places: tuple[ProfileColumn, ...]) -> tuple[ProfileColumn, ...]:
        """Return the places of a column with the words looked up that its list does not know."""
        unknown = {
            each.value: self._undecided(each)
            for each in self._troubles
            if each.kind == UNKNOWN
            and name in self._reading.origins(each.column)
            and self._type(each) == "other"
        }
        if not unknown:
            return places
        return tuple(
            msgspec.structs.replace(place, lookup={**place.lookup, **unknown})
            if place.field not in (PASSED, CLOSED_AS)
            else place
            for place in places
        )

    def _words(self, kind: str) -> dict[str, str]:
        """Return the users, or the stages, that are not known, each meaning nothing so far."""
        return {
            each.value: self._undecided(each)
            for each in self._troubles
            if each.kind == UNKNOWN and self._type(each) == kind
        }

    def _type(self, trouble: Trouble) -> str:
        field = self._targets.field(trouble.field)
        return field.kind if field and field.kind in ("user", "stage") else "other"

    def _undecided(self, trouble: Trouble) -> str:
        field = self._targets.field(trouble.field)
        names = (
            [name for choice in field.choices.items for name in choice.names[:2]]
            if field and field.choices
            else []
        )
        near = close_names(trouble.value, names, most=1)
        told = f'; close is "{near[0]}"' if near else ""
        doubt = Doubt(trouble.value, f"{plural(trouble.count, 'time')}{told}")
        if doubt not in self._doubts:
            self._doubts.append(doubt)
        return ""

    def _dates(self, others: Sequence[str]) -> list[str]:
        """Return the formats in which dates leave one reading; the others are to be decided."""
        failing = [each for each in self._troubles if self._is_date(each)]
        values = [*(each.value for each in failing), *others]
        known: list[str] = []
        for formats in date_formats(values):
            if is_decided(formats):
                known += formats
            else:
                like = next(each for each in values if formats in date_formats([each]))
                told = f'dates like "{like}" can be {" or ".join(formats)}: write the one that is meant'
                self._doubts.append(Doubt("date_format", told))
        return [each for each in dict.fromkeys(known) if each not in self._base.date_format]

    def _is_date(self, trouble: Trouble) -> bool:
        field = self._targets.field(trouble.field)
        return field is not None and field.kind in ("date", "datetime")

    def _decimal(self, shown: _Shown) -> str:
        open_ones = [each for each in self._troubles if each.kind == TWO_READINGS and not self._is_date(each)]
        others = shown.amounts()
        if not open_ones and not others:
            return ""
        mark = decimal_mark(shown.numbers | others)
        if open_ones and not mark:
            told = f'"{open_ones[0].value}" can be read in two ways: write the decimal mark, "." or ","'
            self._doubts.append(Doubt("decimal", told))
        return mark

    def _telling(self, columns: Mapping[str, tuple[ProfileColumn, ...]]) -> tuple[str, ...]:
        """Return the columns by which such files are recognised: names that only they have before those of fields."""
        plain = [name for name in columns if name.isprintable()]
        peculiar = [name for name in plain if self._targets.find(name) is None][:_PECULIAR]
        usual = [name for name in plain if name not in peculiar][: _DETECTED_BY - len(peculiar)]
        return tuple(name for name in plain if name in peculiar or name in usual)

    def _encodings(self) -> tuple[str, ...]:
        found = self._reading.table.encoding
        return self._base.encodings or (() if found.startswith("utf-") else ("utf-8-sig", found))

    def _repeats(self) -> bool:
        names = {name_key(name) for name in self._reading.table.header}
        return any(f"{name} 2" in names for name in names)

    def _joins(self) -> Iterator[JoinedColumns]:
        """Yield what is put together of columns that the file has."""
        for each in self._base.join:
            if self._is_known(each.field) and any(map(self._has, each.columns)):
                yield each

    def _items(self) -> Iterator[ItemColumns]:
        yield from (each for each in self._base.items if self._has(each.product))

    def _made_of(self) -> Iterator[str]:
        """Yield the columns that have their place in what is put together, and in lines."""
        for joined in self._joins():
            yield from joined.columns
        for line in self._items():
            yield from (line.product, line.price, line.quantity)

    def _has(self, column: str) -> bool:
        return name_key(column) in map(name_key, self._reading.table.header)


def _is_history(target: str) -> bool:
    """Tell whether a column says when a record came to a stage: a profile has patterns for such."""
    return target.partition(".")[0] == ENTERED
