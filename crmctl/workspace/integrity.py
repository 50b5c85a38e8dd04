"""What a record is held against in other records: its references must exist, its unique values be its own."""

from collections.abc import Collection, Iterator, Sequence
from typing import NamedTuple

from crmctl.errors import NotFound, Refused
from crmctl.model.change import Change
from crmctl.model.field import Field
from crmctl.model.records import Record, RecordType, Scalar, Value
from crmctl.rules.context import Context
from crmctl.storage.interface import Reader
from crmctl.workspace.find import whereabouts


class _Held(NamedTuple):
    """The fields of a record type whose values are held against other records, and the names of them all."""

    references: tuple[Field, ...]
    unique: tuple[Field, ...]
    names: frozenset[str]


class Integrity:
    """Checks the records of one state. Who holds a unique value is looked up once, and learned from then on."""

    def __init__(self, reader: Reader, context: Context) -> None:
        self._reader = reader
        self._context = context
        self._holders: dict[tuple[RecordType, str], dict[object, str]] = {}
        self._held: dict[tuple[Value, Value | None], _Held] = {}

    def check(self, change: Change, after: Record, coming: Collection[str] = ()) -> None:
        """Raise NotFound for a reference that leads nowhere, Refused for a value that another record has.

        `coming` are records that are made with this one, or are known to be there.
        """
        held = self._held_fields(after)
        if held.names.isdisjoint(after.values):
            return
        for field in held.references:
            value = after.get(field.name)
            if value is not None and (change.before is None or change.before.get(field.name) != value):
                # What it named before it may go on naming: it was there then.
                old = change.before.get(field.name) if change.before else None
                self._check_exist(value, old, field, coming)
        for field in held.unique:
            if change.before is None or change.before.get(field.name) != after.get(field.name):
                self._check_unique(after, field)

    def learn(self, record: Record, before: Record | None = None) -> None:
        """Take down the unique values that a record holds from now on, in the place of those it held."""
        if not self._holders:
            return  # whoever asks later reads all records, this one too
        if before is not None:
            self.forget(before)
        for field in self._held_fields(record).unique:
            known = self._holders_of(record.type, field)
            known.update(dict.fromkeys(map(field.type.key, _values(record, field)), record.id))

    def forget(self, record: Record) -> None:
        """Let others have the unique values of a record that is gone."""
        for field in self._held_fields(record).unique if self._holders else ():
            known = self._holders.get((record.type, field.name), {})
            for key in map(field.type.key, _values(record, field)):
                if known.get(key) == record.id:
                    del known[key]

    def _check_exist(self, value: Value, old: Value | None, field: Field, coming: Collection[str]) -> None:
        before = {field.type.refers(one) for one in _listed(old)}
        for record_id in dict.fromkeys(field.type.refers(one) for one in _listed(value)):
            if record_id not in before and record_id not in coming and self._reader.get(record_id) is None:
                raise self._gone(record_id, field)

    def _gone(self, record_id: str, field: Field) -> NotFound:
        """Return the error of a reference to a record that is not there, or only in the trash."""
        trashed = self._reader.trashed(record_id)
        if trashed is None:
            return NotFound(f"{field.label}: {record_id} does not exist", record=record_id).at(field.name)
        told, hint = whereabouts(self._reader, trashed)
        return NotFound(f"{field.label}: {record_id} {told}", record=record_id, hint=hint).at(field.name)

    def twins(self, record: Record) -> Iterator[Refused]:
        """Yield why a record may not have each of its values that another one has, in fields that are unique."""
        for field in self._held_fields(record).unique:
            yield from self._twins(record, field)

    def _check_unique(self, record: Record, field: Field) -> None:
        for refusal in self._twins(record, field):
            raise refusal

    def _twins(self, record: Record, field: Field) -> Iterator[Refused]:
        known = self._holders_of(record.type, field)
        for one in _values(record, field):
            holder = known.get(field.type.key(one), record.id)
            if holder != record.id:
                shown = field.show(one, self._context.conventions)
                told = f'{field.label}: "{shown}" is {holder}\'s already, and the field is unique'
                yield Refused(told, record=holder).at(field.name)

    def _holders_of(self, kind: RecordType, field: Field) -> dict[object, str]:
        """Return which record has which value of a unique field."""
        key = (kind, field.name)
        if key not in self._holders:
            found: dict[object, str] = {}
            for record in self._reader.records(kind):
                for one in _values(record, field):
                    found[field.type.key(one)] = record.id
            self._holders[key] = found
        return self._holders[key]

    def _held_fields(self, record: Record) -> _Held:
        # An import asks for every record it brings.
        key = (record.values["record"], record.values.get("pipeline"))
        held = self._held.get(key)
        if held is None:
            fields = self._context.configuration.fields_of(record.type, record.pipeline).values()
            references = tuple(field for field in fields if field.type.points and not field.computed)
            unique = tuple(field for field in fields if field.unique)
            names = frozenset(field.name for field in (*references, *unique))
            held = self._held[key] = _Held(references, unique, names)
        return held


def _listed(value: Value | None) -> list[str]:
    if isinstance(value, list):
        return value
    return [] if value is None else [str(value)]


def _values(record: Record, field: Field) -> Sequence[Scalar]:
    """Return what a record has in a field, one by one."""
    value = field.read(record.values)
    if value is None:
        return ()
    return value if isinstance(value, list) else (value,)
