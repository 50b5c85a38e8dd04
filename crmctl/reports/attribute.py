"""Fields by which records are told apart: their own, what came of them, and those of the records they refer to."""

from collections.abc import Mapping

import msgspec

from crmctl.model.field import Field
from crmctl.model.pipeline import Outcome
from crmctl.model.records import RecordType, Scalar, Value
from crmctl.reports.journey import Journey

OUTCOME = "outcome"
"""What the stage of a lead or deal means: the name of the field that no record keeps."""


class Attribute(msgspec.Struct, frozen=True):
    """A field of a type of records; `via` is the reference to the records that have it where they do not themselves.

    `beyond` has the values of those by id. `name` is how it was asked for, with the field's own name.
    """

    kind: RecordType
    field: Field
    via: Field | None = None
    beyond: Mapping[str, Value] = {}

    @property
    def name(self) -> str:
        """Its key in rows: `owner`, `contact.source`."""
        return f"{self.via.name}.{self.field.name}" if self.via else self.field.name

    @property
    def title(self) -> str:
        """What its column is called."""
        title = self.field.title or self.field.name
        return f"{self.via.title or self.via.name}: {title}" if self.via else title

    @property
    def many(self) -> bool:
        """Whether a record may have several values."""
        return self.field.multiple or bool(self.via and self.via.multiple)

    @property
    def reads(self) -> tuple[str, ...]:
        """The stored fields of a record that it is made of."""
        if self.field.name == OUTCOME and self.field.computed:
            return ()
        if self.via:
            return (self.via.name,)
        return (self.field.name, self.field.paired) if self.field.paired else (self.field.name,)

    def values(self, journey: Journey) -> list[Scalar]:
        """Return the values of a record, whole, none where it has none."""
        if self.via:
            pointed = _several(journey.values.get(self.via.name))
            return [one for each in pointed for one in _several(self.beyond.get(str(each)))]
        own = {name: value for name in self.reads if (value := journey.values.get(name)) is not None}
        return _several(self.field.read(own))


def outcome_of(kind: RecordType) -> Attribute:
    """Return the field that tells what came of a record."""
    return Attribute(kind, Field(OUTCOME, "text", "Outcome", computed=True))


OUTCOMES = tuple(outcome.value for outcome in Outcome)
"""Its values in their order."""


def _several(value: Value | None) -> list[Scalar]:
    if value is None or value == "":
        return []
    return list(value) if isinstance(value, list) else [value]
