"""One side of a table of records: which values of a field they are told apart by, and in what order these stand."""

from collections import Counter
from collections.abc import Callable, Iterable, Mapping, Sequence

import msgspec

from crmctl.model.pipeline import Pipeline
from crmctl.model.records import Value
from crmctl.model.table import NO_VALUE
from crmctl.reports.attribute import OUTCOME, OUTCOMES, Attribute
from crmctl.reports.facts import Facts
from crmctl.reports.journey import Journey, commonest
from crmctl.reports.months import month_of
from crmctl.text import name_key

Key = str
"""What values that are one have in common; empty for none."""


class Group(msgspec.Struct, frozen=True):
    """A value and what people read for it; nothing for records without one."""

    key: Key
    value: Value | None
    shown: str


class Axis:
    """The groups of some records by a field. Values that differ only in case, or in ё and е, are one."""

    def __init__(self, attribute: Attribute, facts: Facts, pipelines: Mapping[str, Pipeline]) -> None:
        self.attribute = attribute
        self._facts = facts
        self._pipelines = pipelines
        self._derived = attribute.name == OUTCOME and not attribute.reads
        self._keys: dict[str, Key] = {}
        self._spellings: dict[Key, Counter[Value]] = {}
        self._stage_of: dict[str, str] = {}

    def keys(self, journey: Journey) -> Sequence[Key]:
        """Return the groups that a record is in: each once, one at least."""
        if self._derived:
            outcome = self._pipelines[journey.pipeline].outcome_of(journey.stage).value
            return (self._known(outcome),)
        values = self.attribute.values(journey)
        if not values:
            return (self._known(None),)
        found = [self._known(self._told(value)) for value in values]
        return found if len(found) == 1 else list(dict.fromkeys(found))

    def groups(self, keys: Iterable[Key]) -> list[Group]:
        """Return groups in their order: months and stages in theirs, others the largest first."""
        wanted = dict.fromkeys([*self._always(), *keys])
        return [self._group(key) for key in sorted(wanted, key=self._order())]

    def _told(self, value: Value) -> Value:
        """Return what a value is called: a moment or a day by its month, a stage by its id."""
        if self.attribute.field.kind == "datetime":
            return _month(lambda text: month_of(self._facts.day(text)), str(value))
        if self.attribute.field.kind == "date":
            return _month(lambda text: text[:7], str(value))
        if self.attribute.field.kind == "stage":
            stage = str(value).partition(" ")[0]
            self._stage_of.setdefault(stage, str(value))
            return stage
        return value

    def _known(self, value: Value | None) -> Key:
        if value is None:
            key = ""
        else:
            text = str(value)
            key = self._keys.get(text) or self._keys.setdefault(text, name_key(text) or text)
        spellings = self._spellings.setdefault(key, Counter())
        if value is not None and not isinstance(value, list):
            spellings[value] += 1
        else:
            spellings[""] += 1
        return key

    def _group(self, key: Key) -> Group:
        if not key:
            return Group(key, None, NO_VALUE)
        counts = self._spellings.get(key)
        value = commonest(counts) if counts else key
        return Group(key, value, self._shown(value))

    def _shown(self, value: Value) -> str:
        field = self.attribute.field
        if self._derived or field.kind in ("date", "datetime"):
            return str(value)
        whole = self._stage_of.get(str(value), value) if field.kind == "stage" else value
        return self._facts.show(self.attribute.kind, field.name, whole)

    def _always(self) -> Sequence[Key]:
        """Return the groups that are there without any record: the outcomes, the stages of the pipelines."""
        if self._derived:
            return OUTCOMES
        return list(self._places) if self.attribute.field.kind == "stage" and not self.attribute.via else ()

    @property
    def _places(self) -> dict[Key, int]:
        places: dict[Key, int] = {}
        for pipeline in self._pipelines.values():
            for stage in pipeline.stages:
                self._stage_of.setdefault(stage.id, f"{stage.id} {pipeline.id}")
                places.setdefault(stage.id, len(places))
        return places

    def _order(self) -> Callable[[Key], tuple[object, ...]]:
        kind = self.attribute.field.kind
        if self._derived:
            return lambda key: (OUTCOMES.index(key),)
        if kind == "stage":
            places = self._places
            return lambda key: (places.get(key, len(places)), key)
        if kind in ("date", "datetime"):
            return lambda key: (not key, key)
        if self.attribute.field.type.numeric and kind != "money":
            return lambda key: (not key, _number(key), key)
        return lambda key: (-sum(self._spellings.get(key, Counter()).values()), key)


def _month(read: Callable[[str], str], text: str) -> str:
    """Return a month; what is neither a day nor a moment, from before the field held such, as it is."""
    try:
        return read(text)
    except ValueError:
        return text


def _number(text: str) -> float:
    try:
        return float(text)
    except ValueError:
        return 0.0
