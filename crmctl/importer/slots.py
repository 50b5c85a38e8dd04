"""What a target of a profile is read from: a column where it stands, or several that are put together."""

from __future__ import annotations

import re
from collections.abc import Iterator, Sequence

import msgspec

from crmctl.importer.layout import Made, Part
from crmctl.importer.targets import Target, Targets
from crmctl.model.import_profile import CLOSED_AS, PASSED

_BALANCED = r"[^()]*(?:\([^()]*\)[^()]*)*"


class Slot(msgspec.Struct, frozen=True):
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


def merged(slots: Sequence[Slot], targets: Targets) -> Iterator[Slot]:
    """Yield the slots, those of one field of one value as one: of their cells the first that is not blank counts."""
    together: dict[str, list[Slot]] = {}
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
            yield Slot(several[0].target, tuple(slot.whole for slot in several))


def named_stage(pattern: str) -> re.Pattern[str]:
    """Return what finds the stage, and perhaps the pipeline, in a column's name: brackets within either are closed."""
    escaped = re.escape(pattern).replace(r"\{stage\}", "(?P<stage>.+)")
    return re.compile(escaped.replace(r"\{pipeline\}", f"(?P<pipeline>{_BALANCED})"), re.IGNORECASE)
