"""Who refers to records that are to go: looked up once for all of them, whatever field it stands in."""

from collections.abc import Collection, Mapping
from functools import cache

from crmctl.model.configuration import Configuration
from crmctl.model.field import Field
from crmctl.model.records import Record, RecordType, Value, read_id
from crmctl.rules.united import points
from crmctl.storage.interface import Reader, Row, column


class Referrers:
    """The records of one state that refer to any of some records; those changed meanwhile are learnt."""

    def __init__(self, reader: Reader, configuration: Configuration, ids: Collection[str]) -> None:
        self._wanted = frozenset(ids)
        self._found: dict[str, dict[str, None]] = {}
        self.fields = cache(lambda kind: pointing(configuration, kind))
        for kind in RecordType:
            if fields := self.fields(kind):
                columns = [(field, column(name)) for name, field in fields.items()]

                def take(rows: list[Row], columns: list = columns) -> None:  # type: ignore[type-arg]
                    for row in rows:
                        for field, get in columns:
                            self._add(row.f_id, field, get(row))

                reader.scan_in_batches(kind, ("id", *fields), take)

    def of(self, record_id: str) -> list[str]:
        """Return the ids of the records that refer to one, or did."""
        return list(self._found.get(record_id, ()))

    def learn(self, record: Record) -> None:
        """Take down what a changed record refers to."""
        for name, field in self.fields(record.type).items():
            self._add(record.id, field, record.get(name))

    def named_by(self, record: Record) -> set[str]:
        """Return the ids that a record names."""
        return named_in(record.values, self.fields(record.type))

    def _add(self, record_id: str, field: Field, value: Value | None) -> None:
        for target in _targets(field, value):
            if target in self._wanted:
                self._found.setdefault(target, {})[record_id] = None


def pointing(configuration: Configuration, kind: RecordType) -> Mapping[str, Field]:
    """Return the fields of a type that name other records."""
    return {name: field for name, field in configuration.fields_of(kind).items() if points(field)}


def named_in(values: Mapping[str, Value | None], fields: Mapping[str, Field]) -> set[str]:
    """Return the ids that values of some fields name."""
    return {one for name, field in fields.items() for one in _targets(field, values.get(name))}


def _targets(field: Field, value: Value | None) -> list[str]:
    """Return the ids that a value names; one from when the field was of another type names none."""
    if value is None:
        return []
    texts = value if isinstance(value, list) else [str(value)]
    return [target for one in texts if read_id(target := field.type.refers(one)) == target]
