"""A profile and a header to a layout."""

from __future__ import annotations

from collections.abc import Iterable, Iterator, Mapping, Sequence

import msgspec

from crmctl.errors import BadValue, NotConfigured
from crmctl.importer.cell_change import (
    CellChange,
    Step,
    called_by_id,
    dated,
    emptied,
    looked_up,
    multiplied,
    prefixed,
    stripped,
)
from crmctl.importer.cell_parts import named_in_json, split_at
from crmctl.importer.date_forms import date_reader
from crmctl.importer.layout import Layout, Made, Part, Words
from crmctl.importer.slots import Slot, merged, named_stage
from crmctl.importer.targets import ENTERED, ITEM, Target, Targets
from crmctl.model.field import Field
from crmctl.model.import_profile import CLOSED_AS, PASSED, ImportProfile, ProfileColumn
from crmctl.model.standard_fields import STANDARD_FIELDS
from crmctl.text import name_key

_PEOPLE = frozenset({"created_by", "updated_by"})
_LONGEST_NAME = 1000
"""Characters of a column's name in which a stage is looked for."""
_MOMENT = Field(ENTERED, "datetime")


def laid_out(
    profile: ImportProfile,
    header: Sequence[str],
    targets: Targets,
    pairs: Mapping[str, str],
    *,
    dates_declared: bool = False,
) -> Layout:
    """Return how a file with this header is read under a profile.

    What `pairs` map by hand the profile does not place. With `dates_declared` dates are left to a format that
    was declared by hand. Raises NotConfigured for a pattern of the profile that cannot be run.
    """
    return _Planner(profile, header, targets, pairs, dates_declared=dates_declared).layout()


class _Planner:
    def __init__(
        self,
        profile: ImportProfile,
        header: Sequence[str],
        targets: Targets,
        pairs: Mapping[str, str],
        *,
        dates_declared: bool,
    ) -> None:
        self._profile = profile
        self._header = tuple(header)
        self._targets = targets
        self._pairs = {name_key(column): target for column, target in pairs.items()}
        self._by_hand = {targets.find(target) for target in pairs.values()}
        self._places = {name_key(name): at for at, name in enumerate(header) if name}
        self._free = {key: at for key, at in self._places.items() if key not in self._pairs}
        self._dates_declared = dates_declared
        owner = targets.field("owner")
        self._people = owner.choices if owner else None
        self._standard = {field.name for field in STANDARD_FIELDS[profile.record]}

    def layout(self) -> Layout:
        every = list(merged([*self._columns(), *self._joined(), *self._lines()], self._targets))
        slots = [slot for slot in every if not self._is_taken(slot.target)]
        left = {at for slot in every if slot not in slots for at in slot.places}
        slots += self._entered({at for slot in every for at in slot.places})
        found: dict[str, Target] = {}
        changes: dict[int, CellChange] = {}
        made: list[Made] = []
        for slot in slots:
            part = slot.parts[0]
            if slot.in_place and isinstance(part, Part):
                found[self._header[part.at]] = slot.target
                changes[part.at] = part.change
            else:
                each = Made(self._made_name(slot, made), slot.parts, slot.by, slot.needs)
                made.append(each)
                found[each.name] = msgspec.structs.replace(slot.target, made=True)
        parts = {at for slot in slots if not slot.in_place for at in slot.places}
        aside = {self._header[at] for at in parts} - found.keys()
        joined = {self._header[at] for each in self._profile.join for at in self._there(each.columns)}
        joined |= {self._header[at] for at in left}
        found |= dict.fromkeys(aside | (joined - found.keys()), Target(PASSED))
        only = tuple(self._words_at(self._profile.only))
        aside |= {self._header[at] for at, _ in only}
        changes |= dict(self._others(found))
        return Layout(
            self._header,
            found,
            {at: each for at, each in changes.items() if each},
            tuple(made),
            frozenset(aside),
            only,
        )

    def _is_taken(self, target: Target) -> bool:
        """Tell whether a field of one value has its column by hand."""
        named = self._targets.find(target.name) or ""
        field = self._targets.field(named)
        return field is not None and not field.multiple and named in self._by_hand

    def _columns(self) -> Iterator[Slot]:
        """Yield the columns that the profile names and the file has."""
        for column, places in self._profile.columns.items():
            at = self._free.get(name_key(column))
            if at is None:
                continue
            for number, place in enumerate(self._yielding(places)):
                target = self._target(place, self._header[at])
                unless = tuple(self._there(place.unless))
                when = tuple(self._words_at(place.when)) if place.when else None
                part = Part(at, self._change(place, target.name, self._ends(places)), unless, when)
                plain = not unless and when is None
                if (number == 0 or target.name != PASSED) and when != ():
                    yield Slot(target, (part,), in_place=number == 0 and plain)

    def _yielding(self, places: Sequence[ProfileColumn]) -> Iterator[ProfileColumn]:
        """Yield the places of a column; words for an end that are stages of the workspace are no more than that."""
        stage = self._targets.field("stage")
        staged = any(place.field == "stage" for place in places) and not self._profile.own
        for place in places:
            if place.field == CLOSED_AS and staged and stage and stage.choices:
                words = {word: end for word, end in place.lookup.items() if not stage.choices.get(word)}
                yield msgspec.structs.replace(place, lookup=words)
            else:
                yield place

    def _target(self, place: ProfileColumn, column: str) -> Target:
        field = place.field
        if not self._profile.own and (field == PASSED or self._targets.find(field) is None):
            # Whoever gave a field of their own the name of a column that is passed over wants it read. A field that
            # comes with crmctl means something else: a title in Salesforce is a position.
            named = self._targets.find(column) or PASSED
            field = PASSED if named in self._standard else named
        return Target(field, several=bool(place.split), lenient=place.missing == "warn")

    def _words_at(self, columns: Mapping[str, Sequence[str]]) -> Iterator[Words]:
        """Yield where those of the columns stand that the file has, each with its words."""
        for column, words in columns.items():
            if (at := self._places.get(name_key(column))) is not None:
                yield at, frozenset(words)

    def _joined(self) -> Iterator[Slot]:
        for each in self._profile.join:
            there, needs = self._there(each.columns), self._there(each.needs)
            if not there or (each.needs and not needs):
                continue
            target = self._target(ProfileColumn(each.field), self._header[there[0]])
            if target.name == PASSED:
                continue
            parts = tuple(Part(at, self._change(ProfileColumn(each.field), target.name)) for at in there)
            yield Slot(target, parts, each.by, tuple(needs))

    def _there(self, columns: Iterable[str]) -> list[int]:
        """Return where the columns stand that the file has."""
        return [self._free[key] for key in map(name_key, columns) if key in self._free]

    def _lines(self) -> Iterator[Slot]:
        """Yield the columns of a deal's line: those of the first set whose product the file has."""
        for each in self._profile.items:
            if name_key(each.product) not in self._free:
                continue
            for name in ("product", "price", "quantity"):
                at = self._free.get(name_key(getattr(each, name)))
                if at is not None:
                    target = f"{ITEM}.{name}"
                    part = Part(at, self._change(ProfileColumn(target), target))
                    yield Slot(Target(target), (part,), in_place=True)
            return

    def _entered(self, taken: set[int]) -> list[Slot]:
        """Return the columns that tell when a record came to a stage."""
        patterns = [named_stage(pattern) for pattern in self._profile.history]
        found = []
        for at in self._free.values():
            match = next(
                (m for p in patterns if at not in taken and (m := p.fullmatch(self._header[at]))), None
            )
            if match:
                named = match.groupdict()
                target = Target(
                    ENTERED, stage=named["stage"].strip(), pipeline=named.get("pipeline", "").strip()
                )
                change = self._change(ProfileColumn(ENTERED), ENTERED)
                found.append(Slot(target, (Part(at, change),), in_place=True))
        return found

    def _others(self, found: Mapping[str, Target]) -> Iterator[tuple[int, CellChange]]:
        """Yield what is done to columns that are mapped by hand or by their names."""
        for key, at in self._places.items():
            if self._header[at] not in found:
                named = self._targets.find(self._pairs.get(key, self._header[at]))
                if named:
                    yield at, self._change(ProfileColumn(named), named)

    def _change(self, place: ProfileColumn, target: str, ends: Mapping[str, str] | None = None) -> CellChange:
        """Return what is done to the cells of a target's column."""
        named = self._targets.find(target)
        field = _MOMENT if target == ENTERED else self._targets.field(named) if named else None
        apart = named_in_json(place.json) if place.json else split_at(place.split) if place.split else None
        return CellChange(self._steps(place, field, ends or {}), apart)

    def _steps(self, place: ProfileColumn, field: Field | None, ends: Mapping[str, str]) -> Iterator[Step]:
        profile = self._profile
        if place.strip:
            try:
                yield stripped(place.strip)
            except BadValue as error:
                raise NotConfigured(
                    f'profile {profile.name}: pattern "{place.strip}" is {error.reason}'
                ) from None
        if empty := (*profile.empty, *place.empty):
            yield emptied(empty)
        if place.factors:
            yield multiplied(place.factors)
        known = field.choices if field else None
        words = {**self._words(field), **place.lookup}
        if field and field.kind == "stage":
            # Words for the end of a record are no stages, unless the workspace has one of that name.
            words = {**{word: "" for word in ends if not (known and known.get(word))}, **words}
        if field and field.name in _PEOPLE and self._people:
            yield called_by_id(self._people)
        if words or place.otherwise is not None:
            yield looked_up(words, place.otherwise, None if profile.own else known)
        patterns = place.date_format or profile.date_format
        if field and field.kind in ("date", "datetime") and patterns and not self._dates_declared:
            yield dated(date_reader(patterns, day_only=field.kind == "date"))
        if place.prefix:
            yield prefixed(place.prefix)

    def _words(self, field: Field | None) -> Mapping[str, str]:
        """Return what the profile says of words of such fields wherever they stand."""
        if field is None:
            return {}
        if field.kind == "stage":
            return self._profile.stages
        return self._profile.users if field.kind == "user" or field.name in _PEOPLE else {}

    def _ends(self, places: Sequence[ProfileColumn]) -> Mapping[str, str]:
        """Return the words of a column that say how a record ended, where it is the column of the stage, too."""
        return next((place.lookup for place in places if place.field == CLOSED_AS), {})

    def _made_name(self, slot: Slot, made: Sequence[Made]) -> str:
        """Return a name for a made column, by which messages call it and which no other has."""
        names = dict.fromkeys(self._header[at] for at in slot.places)
        name = (" + " if slot.by else " / ").join(names)
        taken = {name_key(each) for each in (*self._header, *(each.name for each in made))}
        return name if name_key(name) not in taken else f"{name} ({slot.target.name})"
