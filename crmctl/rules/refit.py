"""Values whose field, type or list entry is gone: where they go, and which have nowhere to go."""

from collections.abc import Callable, Iterable, Iterator

import msgspec

from crmctl.errors import BadValue
from crmctl.model.configuration import Configuration
from crmctl.model.field import Field
from crmctl.model.footprint import FieldPrint, Footprint, list_of, own_fields
from crmctl.model.records import Record, RecordType, Value, is_empty
from crmctl.model.standard_fields import REASONS
from crmctl.rules.assignment import STAGED
from crmctl.rules.context import Context
from crmctl.rules.difference import What
from crmctl.rules.mapping import Mapped
from crmctl.typed import typed_texts


class Refit(msgspec.Struct, frozen=True):
    """What becomes of one value: `writes` is nothing where it has nowhere to go, and `why` says so then.

    `mapping` is what `--map` would say of it, empty where that would not help.
    """

    what: What
    place: str
    name: str
    field: str
    old: str
    new: str = ""
    writes: dict[str, Value | None] | None = None
    why: str = ""
    mapping: str = ""


class _Watched(msgspec.Struct, frozen=True):
    """What of the records of a pipeline is looked at."""

    known: frozenset[str]
    listed: tuple[tuple[Field, frozenset[str], str], ...]
    retyped: tuple[tuple[Field, FieldPrint | None], ...]


class Refitter:
    """Refits the values of records, by the footprint of the configuration that they were stored under, if known."""

    def __init__(
        self,
        context: Context,
        former: Footprint | None,
        mapped: Mapped,
        exists: Callable[[str], bool],
    ) -> None:
        self._context = context
        self._plain = msgspec.structs.replace(context.conventions, decimal_mark=".")
        self._former = former
        self._mapped = mapped
        self._exists = exists
        self._watched: dict[tuple[RecordType, str, str], _Watched] = {}

    def of(self, record: Record, kind: RecordType, pipeline: str) -> Iterator[Refit]:
        """Yield what becomes of the values that a record cannot keep as they are in a pipeline."""
        key = (kind, record.pipeline, pipeline)
        watched = self._watched.get(key) or self._watch(key)
        values = record.values
        for name in sorted(values.keys() - watched.known):
            yield self._moved(record, kind, name, pipeline)
        for field, before in watched.retyped:
            if field.name in values and (found := self._retyped(record, field, before)):
                yield found
        for field, entries, name in watched.listed:
            value = values.get(field.name)
            if value is not None and not (
                value in entries if isinstance(value, str) else entries >= {*_each(value)}
            ):
                yield from self._listed(record, field, entries, name)

    def _watch(self, key: tuple[RecordType, str, str]) -> _Watched:
        kind, former, pipeline = key
        configuration = self._context.configuration
        fields = configuration.fields_of(kind, pipeline)
        retyped = tuple(self._changed(own_fields(kind.value, fields.values()), kind, former))
        changed = {field.name for field, _ in retyped}
        listed = tuple(
            (field, frozenset(field.choices.places), _list_name(field, configuration, pipeline))
            for field in fields.values()
            if field.kind == "list" and field.choices and field.name not in (*STAGED, *changed)
        )
        self._watched[key] = _Watched(frozenset(fields), listed, retyped)
        return self._watched[key]

    def _changed(
        self, fields: Iterable[Field], kind: RecordType, pipeline: str
    ) -> Iterator[tuple[Field, FieldPrint | None]]:
        """Yield the fields that take something else now than they did, with what they took.

        Where nothing is known of before, they are those that not any text will do for.
        """
        for field in fields:
            if self._former is None:
                if not (field.type.searched or field.choices):
                    yield field, None
                continue
            before = self._former.field(kind, pipeline, field.name)
            present = (field.kind, field.multiple, field.to)
            if before and (before.kind, before.multiple, before.to) != present:
                yield field, before

    def _moved(self, record: Record, kind: RecordType, name: str, pipeline: str) -> Refit:
        """Return what becomes of the value of a field that is gone."""
        value = record.values[name]
        before = self._former_field(kind, record.pipeline, name)
        place, shown = self._owner(kind, record.pipeline, name), self._shown(value, before)
        target = self._mapped.fields.get((kind, name), "")
        field = self._context.configuration.fields_of(kind, pipeline).get(target)
        if field is None:
            return Refit(What.FIELD, place, name, name, shown, mapping=f"{name}=FIELD")
        try:
            written = self._assigned(field, value, before)
        except BadValue as error:
            return Refit(What.FIELD, place, name, name, shown, why=f"{field.name}: {error.reason}")
        held = {each: record.get(each) for each in written}
        if any(not is_empty(value) and value != written[each] for each, value in held.items()):
            return Refit(What.FIELD, place, name, name, shown, why=f"{field.name} is filled already")
        return Refit(What.FIELD, place, name, name, shown, target, {name: None, **written})

    def _retyped(self, record: Record, field: Field, before: FieldPrint | None) -> Refit | None:
        """Return what becomes of a value of a field that takes something else now."""
        value = record.values[field.name]
        former = _field(field.name, before) if before else field
        place, shown = self._owner(record.type, record.pipeline, field.name), self._shown(value, former)
        about = (What.TYPE, place, field.name, field.name, shown)
        try:
            written = self._assigned(field, value, former)
        except BadValue as error:
            return Refit(*about, why=error.reason, mapping=self._value_mapping(field, value, former))
        if before is None or all(record.get(name) == new for name, new in written.items()):
            return None
        return Refit(*about, self._shown(written[field.name], field), written)

    def _value_mapping(self, field: Field, value: Value, former: Field) -> str:
        """Return a mapping of the first value that the list a field chooses from now has not."""
        if field.kind != "list" or field.choices is None:
            return ""
        texts = (self._shown(one, former) for one in _each(value))
        return next((f"{field.name}:{text}=VALUE" for text in texts if not self._entry(field, text)), "")

    def _assigned(self, field: Field, value: Value, former: Field | None) -> dict[str, Value | None]:
        """Return what a value writes into another field, read anew. Raises BadValue."""
        shown = [self._shown(one, former) for one in _each(value)]
        texts = [self._mapped.values.get((field.name, text), text) for text in shown]
        if len(texts) > 1 and not field.multiple:
            raise BadValue(f"takes one value, not {len(texts)}")
        written = field.assign(texts if field.multiple else texts[0], self._plain)
        if field.kind == "reference":
            for one in _each(written.get(field.name) or []):
                if not self._exists(str(one)):
                    raise BadValue(f"{one} does not exist")
        return written

    def _listed(self, record: Record, field: Field, entries: frozenset[str], name: str) -> Iterator[Refit]:
        """Yield what becomes of values that the list no longer has; one it knows by another name is that."""
        values = _each(record.values[field.name])
        gone = [str(one) for one in values if one not in entries]
        into = {one: self._entry(field, one) for one in gone}
        present = list(dict.fromkeys(new for one in values if (new := into.get(str(one), str(one)))))
        for one in gone:
            if not into[one]:
                mapping = f"{field.name}:{one}=VALUE"
                yield Refit(What.VALUE, name, one, field.name, one, mapping=mapping)
                continue
            writes: dict[str, Value | None] = {field.name: present if field.multiple else into[one]}
            complete = writes if all(into.values()) else {}
            yield Refit(What.VALUE, name, one, field.name, one, into[one], complete)

    def _entry(self, field: Field, value: str) -> str:
        named = self._mapped.values.get((field.name, value), value)
        assert field.choices is not None
        found = field.choices.get(named)
        return found.id if found else ""

    def _owner(self, kind: RecordType, pipeline: str, name: str) -> str:
        """Return whose a field is: a pipeline's, or all records' of a type."""
        former = self._former.pipeline(kind, pipeline) if self._former else None
        present = self._context.configuration.fields_of(kind).get(name)
        if former and name in former.fields:
            return pipeline
        return (present.owned_by if present else "") or kind.value

    def _shown(self, value: Value | None, field: Field | None) -> str:
        """Return a value as its field shows it, or as somebody might have typed it where the field is not known."""
        return field.show(value, self._plain) if field else "; ".join(typed_texts(value))

    def _former_field(self, kind: RecordType, pipeline: str, name: str) -> Field | None:
        before = self._former.field(kind, pipeline, name) if self._former else None
        return _field(name, before) if before else None


def _field(name: str, before: FieldPrint) -> Field:
    return Field(name, before.kind, multiple=before.multiple, to=before.to)


def _list_name(field: Field, configuration: Configuration, pipeline: str) -> str:
    found = configuration.pipeline_by_id(pipeline)
    if field.name in REASONS and found and found.reasons in configuration.lists:
        return found.reasons
    return list_of(field, configuration.lists)


def _each(value: Value) -> list[str | int | float | bool]:
    return [*value] if isinstance(value, list) else [value]
