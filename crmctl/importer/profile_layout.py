"""A profile and a header to a layout."""

from __future__ import annotations

import re
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
    prefixed,
    stripped,
)
from crmctl.importer.date_forms import date_reader
from crmctl.importer.layout import Layout, Made, Part
from crmctl.importer.targets import CLOSED_AS, ENTERED, ITEM, Target, Targets
from crmctl.model.field import Field
from crmctl.model.import_profile import PASSED, ImportProfile, ProfileColumn
from crmctl.model.standard_fields import STANDARD_FIELDS
from crmctl.text import name_key

_PEOPLE = frozenset({"created_by", "updated_by"})
_BALANCED = r"[^()]*(?:\([^()]*\)[^()]*)*"
_LONGEST_NAME = 1000
"""Characters of a column's name in which a stage is looked for."""
_MOMENT = Field(ENTERED, "datetime")


class _Slot(msgspec.Struct, frozen=True):
    """What a target is read from: one column where it stands, else several that are put together."""

    target: Target
    parts: tuple[Part | Made, ...]
    by: str = ""
    needs: tuple[int, ...] = ()
    in_place: bool = False

    @property
    def whole(self) -> Part | Made:
        """The slot as a part of another."""
        return self.parts[0] if self.in_place else Made("", self.parts, self.by, self.needs)

    @property
    def places(self) -> tuple[int, ...]:
        """Where its columns stand in the file."""
        return tuple(at for part in self.parts for at in part.places)


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
        self._places = {name_key(name): at for at, name in enumerate(header) if name}
        self._free = {key: at for key, at in self._places.items() if key not in self._pairs}
        self._dates_declared = dates_declared
        owner = targets.field("owner")
        self._people = owner.choices if owner else None
        self._standard = {field.name for field in STANDARD_FIELDS[profile.record]}

    def layout(self) -> Layout:
        slots = list(_merged([*self._columns(), *self._joined(), *self._lines()], self._targets))
        slots += self._entered({at for slot in slots for at in slot.places})
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
                found[each.name] = slot.target
        parts = {at for slot in slots if not slot.in_place for at in slot.places}
        aside = {self._header[at] for at in parts} - found.keys()
        found |= dict.fromkeys(aside, Target(PASSED))
        changes |= dict(self._others(found))
        return Layout(
            self._header,
            found,
            {at: each for at, each in changes.items() if each},
            tuple(made),
            frozenset(aside),
        )

    def _columns(self) -> Iterator[_Slot]:
        """Yield the columns that the profile names and the file has."""
        for column, places in self._profile.columns.items():
            at = self._free.get(name_key(column))
            if at is None:
                continue
            for number, place in enumerate(self._yielding(places)):
                target = self._target(place, self._header[at])
                part = Part(at, self._change(place, target.name, self._ends(places)))
                yield _Slot(target, (part,), in_place=number == 0)

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
        if field == PASSED and not self._profile.own:
            # Whoever gave a field of their own the name of a column that is passed over wants it read.
            named = self._targets.find(column) or PASSED
            field = PASSED if named in self._standard else named
        return Target(field, several=bool(place.split), lenient=place.missing == "warn")

    def _joined(self) -> Iterator[_Slot]:
        for each in self._profile.join:
            change = self._change(ProfileColumn(each.field), each.field)
            there = tuple(Part(at, change) for at in self._there(each.columns))
            if there:
                yield _Slot(Target(each.field), there, each.by, tuple(self._there(each.needs)))

    def _there(self, columns: Iterable[str]) -> list[int]:
        return [self._free[key] for key in map(name_key, columns) if key in self._free]

    def _lines(self) -> Iterator[_Slot]:
        """Yield the columns of a deal's line: those of the first set whose product the file has."""
        for each in self._profile.items:
            if name_key(each.product) not in self._free:
                continue
            for name in ("product", "price", "quantity"):
                at = self._free.get(name_key(getattr(each, name)))
                if at is not None:
                    target = f"{ITEM}.{name}"
                    part = Part(at, self._change(ProfileColumn(target), target))
                    yield _Slot(Target(target), (part,), in_place=True)
            return

    def _entered(self, taken: set[int]) -> list[_Slot]:
        """Return the columns that tell when a record came to a stage."""
        patterns = [_named_stage(pattern) for pattern in self._profile.history]
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
                found.append(_Slot(target, (Part(at, change),), in_place=True))
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
        return CellChange(self._steps(place, field, ends or {}), place.split)

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

    def _made_name(self, slot: _Slot, made: Sequence[Made]) -> str:
        """Return a name for a made column, by which messages call it and which no other has."""
        names = dict.fromkeys(self._header[at] for at in slot.places)
        name = (" + " if slot.by else " / ").join(names)
        taken = {name_key(each) for each in (*self._header, *(each.name for each in made))}
        return name if name_key(name) not in taken else f"{name} ({slot.target.name})"


def _merged(slots: Sequence[_Slot], targets: Targets) -> Iterator[_Slot]:
    """Yield the slots, those of one field of one value as one: of their cells the first that is not blank counts."""
    together: dict[str, list[_Slot]] = {}
    for slot in slots:
        named = targets.find(slot.target.name) or ""
        field = targets.field(named)
        alone = (
            slot.target.name == PASSED
            or (field is not None and field.multiple)
            or (not field and named != CLOSED_AS)
        )
        if alone:
            yield slot
        else:
            together.setdefault(named, []).append(slot)
    for several in together.values():
        if len(several) == 1:
            yield several[0]
        else:
            yield _Slot(several[0].target, tuple(slot.whole for slot in several))


def _named_stage(pattern: str) -> re.Pattern[str]:
    """Return what finds the stage, and perhaps the pipeline, in a column's name: brackets within either are closed."""
    escaped = re.escape(pattern).replace(r"\{stage\}", "(?P<stage>.+)")
    return re.compile(escaped.replace(r"\{pipeline\}", f"(?P<pipeline>{_BALANCED})"), re.IGNORECASE)
