"""A field of a record type: what may stand in it, and how it is called."""

from collections.abc import Mapping, Sequence
from datetime import datetime
from functools import cached_property

import msgspec

from crmctl.errors import BadValue
from crmctl.model.choices import Choices
from crmctl.model.field_types import FieldType, field_type
from crmctl.model.field_types.base import LONGEST_TEXT, SEPARATOR
from crmctl.model.records import Scalar, Value
from crmctl.text import comma_separated, is_blank


class Conventions(msgspec.Struct, frozen=True):
    """How text typed in a workspace is read: whose zone, currency and region are meant, and what time it is."""

    now: datetime
    timezone: str = "UTC"
    currency: str = "USD"
    phone_region: str = ""
    me: str = ""
    decimal_mark: str | None = None
    date_format: str | None = None
    shorthand: bool = True
    longest: int = LONGEST_TEXT
    serial_dates: str = ""
    """The year from which bare numbers in fields of dates count days; nothing where they are no dates."""


class Field(msgspec.Struct, frozen=True, dict=True):
    """A standard or own field.

    `kind` names the field type; `paired` the field that holds the currency of an amount;
    `computed` fields are written by crmctl alone; `owned_by` is the pipeline whose records alone have it.
    """

    name: str
    kind: str
    title: str = ""
    help: str = ""
    example: str = ""
    default: str | list[str] | None = None
    pattern: str = ""
    min: str = ""
    max: str = ""
    multiple: bool = False
    unique: bool = False
    aliases: tuple[str, ...] = ()
    choices: Choices | None = None
    to: str = ""
    paired: str = ""
    computed: bool = False
    owned_by: str = ""

    @cached_property
    def type(self) -> FieldType:
        """The object that parses, shows and compares its values."""
        return field_type(self.kind)

    @property
    def label(self) -> str:
        """How messages name it: `waybill (ТТН)`."""
        return f"{self.name} ({self.title})" if self.title and self.title != self.name else self.name

    def parse(self, text: str | list[str], conventions: Conventions) -> Value | None:
        """Return the kept form of typed text, or nothing for blank text. Raises BadValue.

        A many-valued field takes several texts, or one with `;` between its values.
        """
        if self.multiple:
            return self._parse_many(self.parts(text), conventions)
        if isinstance(text, list):
            if len(text) != 1:
                raise BadValue(f"{self.label} takes one value, not {len(text)}")
            text = text[0]
        return None if is_blank(text) else self._parse_one(text, conventions)

    def parts(self, text: str | list[str]) -> list[str]:
        """Return the single texts that are given to a many-valued field, blank ones left out."""
        texts = [text] if isinstance(text, str) else text
        found = [part.strip() for whole in texts for part in whole.split(SEPARATOR) if not is_blank(part)]
        if self.kind != "user":
            return found
        return [name for part in found for name in self._people(part)]

    def _people(self, text: str) -> tuple[str, ...]:
        """Return the users that are named with commas between them; the name of one may have a comma."""
        return (text,) if self.choices and self.choices.get(text) else comma_separated(text)

    def assign(self, text: str | list[str], conventions: Conventions) -> dict[str, Value | None]:
        """Return what setting the field to typed text writes, by field name. Raises BadValue."""
        return self.type.assigned(self, text, conventions)

    def show(self, value: Value | None, conventions: Conventions) -> str:
        """Return a kept value as text that `parse` reads back."""
        if value is None:
            return ""
        if isinstance(value, list):
            return f"{SEPARATOR} ".join(self.type.show(one, self, conventions) for one in value)
        return self.type.show(value, self, conventions)

    def display(self, value: Value | None, conventions: Conventions) -> str:
        """Return a whole value, as `read` gives it, as people read it in a table."""
        if value is None:
            return ""
        values = value if isinstance(value, list) else [value]
        return ", ".join(self.type.display(one, self, conventions) for one in values)

    def dump(self, value: Value, conventions: Conventions) -> Value:
        """Return a kept value as JSON output shows it."""
        if isinstance(value, list):
            return self.type.dump_many(value, conventions)
        return self.type.dump(value, conventions)

    def equals(self, value: Value | None, texts: Sequence[str], conventions: Conventions) -> bool:
        """Tell whether a whole value, as `read` gives it, is what typed texts mean, as filters compare them.

        Of many values the order does not count. Raises BadValue for texts that no value has.
        """
        filled = [text for text in texts if not is_blank(text)]
        if value is None or not filled:
            return value is None and not filled
        if not isinstance(value, list):
            return len(filled) == 1 and self.type.comparison("=", filled[0], self, conventions)(value)
        wanted = self._parse_many(self.parts(filled), conventions)
        keys = [sorted(map(self.type.key, each)) for each in (value, wanted) if isinstance(each, list)]
        return len(keys) == 2 and keys[0] == keys[1]

    def read(self, values: Mapping[str, Value]) -> Value | None:
        """Return the field's whole value in a record: an amount together with its currency."""
        value = values.get(self.name)
        if self.paired and value is not None:
            return f"{value} {values.get(self.paired, '')}".rstrip()
        return value

    def _parse_one(self, text: str, conventions: Conventions) -> Scalar:
        kind = self.type
        value = kind.parse(kind.checked(text, conventions.longest), self, conventions)
        if self.min or self.max or self.pattern:
            kind.check(value, self, conventions)
        return value

    def _parse_many(self, parts: list[str], conventions: Conventions) -> Value | None:
        values = [self._parse_one(part, conventions) for part in parts]
        # Many values are kept as texts, whatever their type.
        texts = [one if isinstance(one, str) else self.type.show(one, self, conventions) for one in values]
        return list(dict.fromkeys(texts)) or None
