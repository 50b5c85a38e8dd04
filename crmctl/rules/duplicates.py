"""When two records are one: the workspace's ordered match rules."""

from collections.abc import Callable, Iterable, Mapping, Sequence
from contextlib import suppress
from itertools import product

import msgspec

from crmctl.model.configuration import Configuration
from crmctl.model.keys import outside_key
from crmctl.model.records import RecordType, Scalar, Value

Key = tuple[int, tuple[str, ...]]
"""A rule's place in the order, and what its fields hold."""


class Match(msgspec.Struct, frozen=True):
    """What a search for a known record came to: one id, several, or none. `fields` are the rule's."""

    ids: tuple[str, ...] = ()
    fields: tuple[str, ...] = ()

    @property
    def ambiguous(self) -> bool:
        """Whether several records are meant, so that none is."""
        return len(self.ids) > 1


NO_MATCH = Match()


class Matcher:
    """Finds the records that match a new one, among those it was told of.

    `rules` are lists of fields, tried in order; the first that finds any record answers, and where
    it finds several the answer is ambiguous.
    """

    def __init__(
        self,
        kind: RecordType,
        configuration: Configuration,
        rules: tuple[tuple[str, ...], ...] | None = None,
    ) -> None:
        self.rules = configuration.match.rules.get(kind.value, ()) if rules is None else rules
        self.fields = tuple(dict.fromkeys(name for rule in self.rules for name in rule))
        self._types = {name: configuration.fields_of(kind)[name].type for name in self.fields}
        self._match_keys: dict[str, Callable[[Scalar], str | None]] = {
            name: outside_key if name == "external_id" else kind.match_key
            for name, kind in self._types.items()
        }
        self._ignored = {
            name: {self._types[name].key(value) for value in values}
            for name, values in configuration.match.ignored.items()
            if name in self._types
        }
        self._known: dict[Key, tuple[str, ...]] = {}

    def add(self, record_id: str, values: Mapping[str, Value | None]) -> None:
        """Learn of a record."""
        if values.keys().isdisjoint(self.fields):
            return
        for key in self._keys(values):
            known = self._known.get(key, ())
            if record_id not in known:
                self._known[key] = (*known, record_id)

    def find(self, values: Mapping[str, Value | None]) -> Match:
        """Return the known records that the values match."""
        found: dict[int, dict[str, None]] = {}
        for key in self._keys(values):
            for record_id in self._known.get(key, ()):
                found.setdefault(key[0], {})[record_id] = None
        if not found:
            return NO_MATCH
        first = min(found)
        return Match(tuple(found[first]), self.rules[first])

    def agree(
        self, fields: Iterable[str], one: Mapping[str, Value | None], other: Mapping[str, Value | None]
    ) -> bool:
        """Tell whether two records match in all of some fields of the rules."""
        return all(
            not set(self.parts(name, one.get(name))).isdisjoint(self.parts(name, other.get(name)))
            for name in fields
        )

    def alike(self, name: str, values: Iterable[Value | None]) -> Callable[[Value], bool]:
        """Return what tells at little cost whether a field's value may match any of these: no match is missed."""
        key, wanted = self._types[name].key, set()
        for one in (one for value in values for one in scalars(value)):
            with suppress(ValueError, ArithmeticError):  # such a value matches nothing
                wanted.add(key(one))

        def test(value: Value) -> bool:
            try:
                for one in value if isinstance(value, list) else (value,):
                    if key(one) in wanted:
                        return True
            except (ValueError, ArithmeticError):
                return True
            return False

        return test

    def _keys(self, values: Mapping[str, Value | None]) -> Iterable[Key]:
        if values.keys().isdisjoint(self.fields):
            return
        for at, rule in enumerate(self.rules):
            parts = [self.parts(name, values.get(name)) for name in rule]
            if all(parts):
                for key in product(*parts):
                    yield at, key

    def parts(self, name: str, value: Value | None) -> list[str]:
        """Return what each value of a field is matched by; values that must not match are left out."""
        return [key for one in scalars(value) if (key := self._part(name, one))]

    def _part(self, name: str, value: Scalar) -> str | None:
        kind, ignored = self._types[name], self._ignored.get(name, ())
        try:
            return None if kind.key(value) in ignored else self._match_keys[name](value)
        except (ValueError, ArithmeticError):
            # Kept before the field was given another type: it matches nothing.
            return None


def scalars(value: Value | None) -> Sequence[Scalar]:
    """Return the single values of a field."""
    if value is None:
        return ()
    return value if isinstance(value, list) else (value,)
