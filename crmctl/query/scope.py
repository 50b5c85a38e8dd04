"""Whose records an expression is asked of, and what its names mean there."""

from collections.abc import Callable, Iterable, Mapping
from typing import Any

import msgspec

from crmctl.errors import BadValue
from crmctl.model.choices import Choice, Choices
from crmctl.model.configuration import Configuration
from crmctl.model.field import Conventions, Field
from crmctl.model.records import RecordType, Value, is_empty
from crmctl.query.evaluate import Access, Getter, Reference, Row

Key = Any
"""What verdicts are kept by: a value, or an amount with its currency, a stage with its pipeline."""


class Scope(msgspec.Struct, frozen=True):
    """Records of one type, of one pipeline or (empty) of all.

    `archived` are pipeline and stage ids that records still hold and the configuration no longer has, `gone` such
    values by field.
    """

    configuration: Configuration
    kind: RecordType
    conventions: Conventions
    pipeline: str = ""
    archived: tuple[tuple[str, str], ...] = ()
    gone: Mapping[str, tuple[str, ...]] = {}

    @property
    def fields(self) -> dict[str, Field]:
        """The fields of its records by name."""
        return self.configuration.fields_of(self.kind, self.pipeline)

    def field(self, name: str) -> Field:
        """Return a field by its id, title or alias. Raises BadValue."""
        field = self.configuration.field(self.kind, name, self.pipeline)
        if field.to == "contact" and field.computed:
            raise BadValue(
                f'"{field.name}" is worked out from the contacts', hint="filter contacts by companies"
            )
        return field

    def with_archived(self, field: Field) -> Field:
        """Return the field with the stages, and other choices, that only records still know."""
        if field.name == "stage":
            gone = tuple(Choice(f"{stage} {pipeline}", "", (stage,)) for pipeline, stage in self.archived)
        else:
            gone = tuple(map(Choice, self.gone.get(field.name, ())))
        if field.choices is None or not gone:
            return field
        choices = Choices(field.choices.noun, field.choices.items + gone)
        return msgspec.structs.replace(field, choices=choices)

    def archived_names(self, field: Field) -> list[str]:
        """Return what a field's values are called that only records still know."""
        if field.name == "stage":
            return list(dict.fromkeys(stage for _, stage in self.archived))
        return list(self.gone.get(field.name, ()))

    def reference(self, name: str) -> Field:
        """Return the field that points to records of one type; also by that type's name. Raises BadValue."""
        # `company.industry` is also how a contact's `companies` are reached.
        pointing = [field for field in self.fields.values() if field.to == name]
        found = pointing[0] if name not in self.fields and len(pointing) == 1 else self.field(name)
        if not found.to:
            raise BadValue(f"{found.name} points to no records of one type")
        return found

    def beyond(self, via: Field, name: str) -> Field:
        """Return a field of the records that a reference points to. Raises BadValue."""
        return self.configuration.field(RecordType(via.to), name)


class Target(msgspec.Struct, frozen=True):
    """A field to be read, `via` the row's reference where another record has it."""

    field: Field
    via: Field | None = None

    @property
    def many(self) -> bool:
        """Whether it may have several values."""
        return self.field.multiple or (self.via is not None and self.via.multiple)

    @property
    def parts(self) -> tuple[str, ...]:
        """The stored fields that its whole value is made of."""
        return (self.field.name, self.field.paired) if self.field.paired else (self.field.name,)

    @property
    def columns(self) -> tuple[str, ...]:
        """The row's fields that are read."""
        return (self.via.name,) if self.via else self.parts

    @property
    def references(self) -> tuple[Reference, ...]:
        """What is read of other records."""
        return (Reference(self.via.name, RecordType(self.via.to), self.parts),) if self.via else ()

    def values(self, access: Access) -> Getter:
        """Return the function that reads the value that tells whether the field is empty."""
        return access.columns(self.field.name) if self.via is None else self._beyond(self.via, access)

    def keys(self, access: Access) -> Callable[[Row], Key]:
        """Return the function that reads the whole value as a key, or a list of keys."""
        if self.via is not None:
            return self._beyond(self.via, access)
        if not self.field.paired:
            return access.columns(self.field.name)
        return access.pair(self.field.name, self.field.paired)

    def _beyond(self, via: Field, access: Access) -> Callable[[Row], list[Any]]:
        pointer, reference, name = access.columns(via.name), access.lookups.reference, self.field.name
        return lambda row: _flat(reference(each, name) for each in _ids(pointer(row)))


def _ids(value: Value | None) -> list[str]:
    if value is None:
        return []
    return value if isinstance(value, list) else [str(value)]


def _flat(values: Iterable[Value | None]) -> list[Any]:
    found: list[Any] = []
    for value in values:
        if isinstance(value, list):
            found.extend(value)
        elif not is_empty(value):
            found.append(value)
    return found
